#pragma once

// What a claims desk has to do: the claims of a state, the nearest legal deadline first.

#include <vector>

#include "claims/claim.h"
#include "db/database.h"

namespace jaring {

/// Where in a list to go on: the claim that was given last; empty to begin.
struct WorklistPlace {
  std::optional<Date> due_on;
  ClaimNumber number;
};

/// Which claims: of a state, and of a branch (0: of all).
struct WorklistPart {
  ClaimState state = ClaimState::kReported;
  std::int64_t branch_id = 0;
};

/// At most `limit` claims after a place; those with a deadline first.
Result<std::vector<Claim>> ListClaims(Tx& tx, const WorklistPart& part, const WorklistPlace& after,
                                      std::int64_t limit);

}  // namespace jaring
