#pragma once

// A partner's payment file to postings.

#include "channels/files/file_run.h"

namespace jaring {

/// Posts the good rows of a payment file; the others go to its rejections. Rows are put in the
/// order of members first, which is the order the database keeps them in. Killed half-way, the same
/// file again posts the rest: what was posted is found by its reference.
///
/// Limit:  memory for about a million rows at a time (some 80 MB), whatever the file.
/// Errors: those of ScanPayments and CheckControlTotal (then nothing is done), of RejectionWriter,
/// of Tx.
Result<FileSummary> CollectFile(Database& db, const Agency& agency, std::int64_t partner_id,
                                const InputFile& file, const FileOptions& options,
                                const Messages& messages);

}  // namespace jaring
