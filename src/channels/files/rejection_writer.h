#pragma once

// The rows that were refused, as a file to correct and send again.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/files/input_file.h"
#include "channels/files/row_problem.h"
#include "channels/text/messages.h"

namespace jaring {

/// Writes the columns of the input in their order and with its separator, then row, column, rule,
/// keterangan, explanation; nothing when no row was refused.
///
/// A value that a spreadsheet would take for a formula gets an apostrophe before it, which is taken
/// off again when the corrected file comes in; numbers with a sign stay as they are.
///
/// Thread: one caller at a time. `messages` must outlive it.
class RejectionWriter {
 public:
  RejectionWriter(std::unique_ptr<ByteSink> sink, const TableReader& input,
                  const Messages& messages);
  RejectionWriter(const RejectionWriter&) = delete;
  RejectionWriter& operator=(const RejectionWriter&) = delete;
  /// Errors: rejections.unwritable. Nothing more is written after one.
  Result<Done> Add(const TableRow& row, const RowProblem& problem);

  /// Puts the file in its place; nothing when no row was refused.
  ///
  /// Errors: rejections.unwritable.
  Result<Done> Finish();

  std::int64_t rows() const { return rows_; }

 private:
  Result<Done> Begin();
  Result<Done> WriteLine();
  void Append(std::string_view value);

  const Messages& messages_;
  std::unique_ptr<ByteSink> sink_;
  std::vector<std::string> header_;
  std::vector<bool>
      kept_;  // Columns of the input that are not left over from an earlier rejection.
  char separator_;
  std::string line_;
  bool is_begun_ = false;  // The line has a field.
  std::int64_t rows_ = 0;
};

}  // namespace jaring
