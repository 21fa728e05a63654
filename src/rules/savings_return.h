#pragma once

// What old-age savings earn: the return declared for a year, on what the account held in it.

#include <cstdint>

#include "base/calendar.h"
#include "base/money.h"
#include "rules/scheme.h"

namespace jaring {

/// How a year's return is reckoned; fixed when its crediting begins.
struct ReturnTerms {
  int year = 0;
  Rate rate = Rate::FromPpm(0);
  bool by_day = false;  // Else by month.

  /// The first day after the year: what is credited earns from here on.
  Date end() const { return Date::FromYearMonthDay(year + 1, 1, 1); }

  friend bool operator==(const ReturnTerms&, const ReturnTerms&) = default;
};

/// Source: [pp46-2015:22] for the return; by what it is reckoned is a parameter, see the scheme.
///
/// Errors: interest.not_declared.
Result<ReturnTerms> FindReturnTerms(const Scheme& scheme, int year);

/// One person's savings while a year's return is reckoned. Money that comes in or goes out counts
/// from the month, or day, after it.
class SavingsYear {
 public:
  explicit SavingsYear(const ReturnTerms& terms);

  /// What changes after the year is left out.
  void Add(Date on, Money amount);

  /// Rounded down to the rupiah; nothing when more went out than came in.
  Money Return() const;

 private:
  std::int64_t Periods(Date on) const;  // Whole ones that are left of the year after `on`.

  const ReturnTerms terms_;
  const std::int64_t all_periods_;
  std::int64_t rupiah_periods_ = 0;
};

}  // namespace jaring
