#include "claims/payout_books.h"

#include <algorithm>

namespace jaring {

std::vector<Payout> OneOfEach(const std::vector<Payout>& payouts) {
  std::vector<Payout> counting;
  for (const Payout& payout : payouts) {
    const auto same = std::find_if(counting.begin(), counting.end(), [&](const Payout& other) {
      return other.payee_no == payout.payee_no;
    });
    if (same == counting.end()) {
      counting.push_back(payout);
    } else if (same->state != PayoutState::kPaid) {
      *same = payout;
    }
  }
  return counting;
}

PayoutBooks PayoutBooks::Of(const std::vector<Payout>& payouts) {
  PayoutBooks books;
  for (const Payout& payout : payouts) {
    if (payout.state == PayoutState::kPaid) {
      books.bank -= payout.sum();
    }
  }
  Money settled;
  for (const Payout& payout : OneOfEach(payouts)) {
    books.penalties += payout.penalty;
    books.payable -= payout.penalty;
    settled += payout.state == PayoutState::kPaid ? payout.sum() : Money();
  }
  books.payable += settled;
  books.paid_twice = -books.bank - settled;
  return books;
}

PayoutBooks& PayoutBooks::operator+=(const PayoutBooks& other) {
  penalties += other.penalties;
  bank += other.bank;
  paid_twice += other.paid_twice;
  payable += other.payable;
  return *this;
}

PayoutBooks PayoutBooks::operator-(const PayoutBooks& other) const {
  return {.penalties = penalties - other.penalties,
          .bank = bank - other.bank,
          .paid_twice = paid_twice - other.paid_twice,
          .payable = payable - other.payable};
}

void PayoutBooks::AddTo(JournalBook& journal, Date day) const {
  constexpr std::int64_t kNoPartner = 0;
  const std::pair<Account, Money> lines[] = {{Account::kLatenessPenalties, penalties},
                                             {Account::kBank, bank},
                                             {Account::kPaidTwice, paid_twice},
                                             {Account::kClaimsPayable, payable}};
  for (const auto& [account, amount] : lines) {
    if (!amount.is_zero()) {
      journal.Add(day, kNoPartner, account, amount);
    }
  }
}

}  // namespace jaring
