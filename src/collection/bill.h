#pragma once

// What to pay: computed when asked for, never stored.

#include <optional>
#include <string>
#include <vector>

#include "registry/agency.h"
#include "rules/identity.h"
#include "rules/purchase.h"

namespace jaring {

struct Bill {
  MemberNumber member;
  std::string bill_code;
  std::vector<MonthPrice> months;  // Oldest open month first.
  Money total;                     // Of the months.
  Money credit;                    // Already with us.
  Money to_pay;                    // total less credit, never below zero.
  std::optional<Date> due;         // Of the first month.
};

/// The bill for the next `months` months of a member, as it stands on `on`.
///
/// Errors: member.unknown, payment.membership_ended, and those of PriceNextMonths.
Result<Bill> MakeBill(Tx& tx, const Agency& agency, const MemberNumber& member, Date on,
                      int months);

}  // namespace jaring
