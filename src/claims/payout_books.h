#pragma once

// What the books hold of the payouts of a claim. One definition: each change of a payout books the
// difference, and `jaring verify` adds it all up.

#include <vector>

#include "claims/payout.h"
#include "ledger/journal.h"

namespace jaring {

/// Of each payee the payout that counts: the first paid one, else the newest. By payee.
std::vector<Payout> OneOfEach(const std::vector<Payout>& payouts);

/// Balances that the payouts of a claim make, as debits and credits stand in the journal; the
/// amounts themselves became payable with the approval.
struct PayoutBooks {
  Money penalties;   // Debit.
  Money bank;        // Credit: negative.
  Money paid_twice;  // Debit.
  Money payable;     // Credit: negative; beyond what the approval booked.

  static PayoutBooks Of(const std::vector<Payout>& payouts);
  PayoutBooks& operator+=(const PayoutBooks& other);
  PayoutBooks operator-(const PayoutBooks& other) const;

  void AddTo(JournalBook& journal, Date day) const;
};

}  // namespace jaring
