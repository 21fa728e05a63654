#pragma once

// A person's old-age savings as the books tell of them: what a year's return is reckoned on.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "rules/savings_return.h"

namespace jaring {

/// Contributions of one person that went into her savings, taken-back ones and what was paid out as
/// negative, and what earlier years earned.
struct SavingsAccount {
  struct Change {
    Date on;
    Money amount;
  };
  struct Credited {
    int year = 0;
    Money amount;

    friend bool operator==(const Credited&, const Credited&) = default;
  };

  std::int64_t person_id = 0;
  std::vector<Change> changes;
  std::vector<Credited> returns;

  Money ReturnOf(const ReturnTerms& terms) const {
    SavingsYear savings(terms);
    for (const Change& change : changes) {
      savings.Add(change.on, change.amount);
    }
    for (const Credited& credited : returns) {
      savings.Add(Date::FromYearMonthDay(credited.year + 1, 1, 1).AddDays(-1), credited.amount);
    }
    return savings.Return();
  }
};

/// The day that a contribution changes the savings on: that its payment is booked on (of money
/// moved between persons found to be one, or two: the day it was moved); of one that was posted
/// later than its payment (taken back, or spent again), the day of that.
inline Date SavingsDay(Instant contribution_posted_at, Instant payment_posted_at,
                       Date payment_booked_on) {
  return contribution_posted_at == payment_posted_at
             ? payment_booked_on
             : std::max(payment_booked_on, contribution_posted_at.JakartaDate());
}

}  // namespace jaring
