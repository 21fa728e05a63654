#pragma once

// Where a person belongs, to tell whose scope reaches her.

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// True when `who` reaches this person; false also for a person there is not. Who reaches only
/// herself is compared and not looked up.
Result<bool> ReachesPerson(Tx& tx, const Principal& who, std::int64_t person_id);

/// The branch of her newest membership; 0 for a person there is not.
Result<std::int64_t> BranchOfPerson(Tx& tx, std::int64_t person_id);

/// Notes that a person came through an agent, who reaches her from then on.
Result<Done> NotePersonOfAgent(Tx& tx, std::int64_t person_id, std::int64_t user_id, Instant now);

}  // namespace jaring
