#pragma once

// Claims recomputed from what is only added: steps, lines, withdrawals, payouts.

#include <functional>
#include <map>
#include <string>

#include "db/database.h"
#include "ledger/journal.h"

namespace jaring {

struct ClaimRecount {
  std::int64_t claims = 0;
  std::map<Account, Money> accounts;  // What claims make of each, debit positive.
};

/// Goes through all claims, in the order of people. `on_broken` is told each invariant that does
/// not hold: "claim.newest_step", "claim.amounts", "claim.withdrawn", "claim.refunded",
/// "claim.payouts".
Result<ClaimRecount> RecountClaims(
    Tx& tx, const std::function<void(std::string invariant, std::string subject)>& on_broken);

}  // namespace jaring
