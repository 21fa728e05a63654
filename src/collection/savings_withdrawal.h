#pragma once

// What is in somebody's old-age savings, and what is paid out of them.

#include <cstdint>

#include "base/calendar.h"
#include "base/money.h"
#include "db/database.h"
#include "ledger/journal.h"

namespace jaring {

/// Contributions and returns credited, less what was paid out: of a person and those merged into
/// her.
Result<Money> FindSavings(Tx& tx, std::int64_t person_id);

/// One payment out of savings, for a claim.
struct Withdrawal {
  std::int64_t person_id = 0;
  int claim_seq = 0;
  Money amount;  // Before tax.
};

/// Takes the amount out of her savings, then out of those of persons merged into her; the journal
/// takes the debit. It earns nothing from the day it is booked on.
///
/// Errors: savings.too_little, those of Tx.
Result<Done> WithdrawSavings(Tx& tx, const Withdrawal& withdrawal, Date booked_on,
                             JournalBook& journal);

}  // namespace jaring
