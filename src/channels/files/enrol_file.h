#pragma once

// A list of workers, CSV or XLSX, to members.

#include <functional>
#include <string>

#include "channels/files/file_run.h"
#include "registry/enrolment.h"

namespace jaring {

/// Told of every row that is a member now (also of repeated ones), in the order of the file.
using MemberFunction = std::function<void(std::int64_t row, const MemberNumber& member)>;

/// What else is done with the rows; each may be empty.
struct EnrolHooks {
  MemberFunction on_member;
  /// Within the transaction of a step; an error undoes the step and ends the file.
  std::function<Result<Done>(Tx&, std::span<const EnrolmentOutcome>)> in_step;
};

/// Enrols the good rows of a file; the others go to its rejections. Memory does not grow with
/// the file. The same file again changes nothing.
///
/// Errors: those of TableReader and ColumnMap (then nothing is done), of RejectionWriter, of Tx.
Result<FileSummary> EnrolFile(Database& db, const Agency& agency, const EnrolmentSource& source,
                              const InputFile& file, const FileOptions& options,
                              const Messages& messages, const EnrolHooks& hooks = {});

/// One row of a list, read field by field. `problem` gets column, masked value and rule of the
/// first field that is wrong.
std::optional<Enrolment> ParseEnrolmentRow(const class ColumnMap& columns,
                                           const struct TableRow& row, const Agency& agency,
                                           RowProblem& problem);

}  // namespace jaring
