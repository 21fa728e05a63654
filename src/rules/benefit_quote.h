#pragma once

// What the scheme promises for an event, as far as the base alone decides it: for people who ask
// what they would get before anything has happened. A claim is decided elsewhere, on its papers.

#include <optional>
#include <string_view>
#include <vector>

#include "rules/scheme.h"

namespace jaring {

/// One benefit as it holds on a day.
struct BenefitQuote {
  const Benefit* benefit = nullptr;
  const BenefitRow* row = nullptr;
  /// Absent where more than the base decides it: care in kind, receipts (row->cap is the most),
  /// the disability table, the member's own account. Of `kBaseMonthly` it is one month's.
  std::optional<Money> amount;
};

/// Every benefit that holds for an event on `on`, in the scheme's order.
///
/// Units: `base` is the base of the member's bracket, a month.
/// Source: [pp82-2019:annex1] for JKK, [pp82-2019] for JKM.
std::vector<BenefitQuote> QuoteBenefits(const Scheme& scheme, Money base, Date on);

/// The scholarship that holds on that day, or nullptr.
const ScholarshipTable* FindScholarship(const Scheme& scheme, Date on);

/// Savings at the end of one year, with the return of that year credited.
struct SavingsPoint {
  Money paid;     // What came in since the first month, without returns.
  Money balance;  // With returns.
};

/// What savings of `monthly` from `first` on come to, were every year's return `rate`: a
/// supposition, nobody knows the returns to come. Contributions are booked on the first of their
/// month. By month or by day as the scheme's last parameter says.
///
/// Limit: 1 to 60 years; the first ends with December of `first`'s year.
std::vector<SavingsPoint> ProjectSavings(const Scheme& scheme, Money monthly, Month first,
                                         int years, Rate rate);

}  // namespace jaring
