#pragma once

// Schedules recomputed from the claims there are.

#include <functional>
#include <string>

#include "registry/agency.h"

namespace jaring {

/// Goes through all schedules, in the order of people. `on_broken` is told each invariant that does
/// not hold, and the claim that gave the right, or the instalment that has none:
/// "schedule.next_day" (its day and whether it goes on), "schedule.instalments" (one claim each,
/// numbered without a hole), "schedule.sums" (a child's and all children's years within the table).
Result<Done> RecountSchedules(
    Tx& tx, const Agency& agency,
    const std::function<void(std::string invariant, std::string subject)>& on_broken);

}  // namespace jaring
