#pragma once

// A live agency moved to another database, of either engine; its books are verified there before
// they may be used.

#include "backup/backup.h"
#include "db/move_database.h"

namespace jaring {

/// Moves the agency at `parts.address` to `request.to`; of `request` the places and the id are
/// read. `steps.verify` may ask for more than the books and may be empty; `steps.check` is not
/// asked.
///
/// Errors: agency.*, move.books_do_not_balance, and those of MoveDatabase.
Result<MoveReport> MoveAgency(const BackupParts& parts, MoveRequest request, MoveSteps steps);

}  // namespace jaring
