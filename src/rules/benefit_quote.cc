#include "rules/benefit_quote.h"

#include <algorithm>

#include "base/check.h"
#include "rules/savings_return.h"

namespace jaring {
namespace {

const BenefitRow* FindRow(const Benefit& benefit, Date on) {
  for (const BenefitRow& row : benefit.rows) {
    if (row.days.Has(on)) {
      return &row;
    }
  }
  return nullptr;
}

/// What one row pays by itself, without looking at another benefit.
std::optional<Money> OwnAmount(const BenefitRow& row, Money base) {
  switch (row.kind) {
    case BenefitKind::kFixed:
      return row.amount;
    case BenefitKind::kBaseMonthly:
      return Share(base, row.share, Rounding::kHalfUp);
    case BenefitKind::kBaseMultiple:
      return Share(Money::FromRupiah(base.rupiah() * row.multiple), row.share, Rounding::kHalfUp);
    case BenefitKind::kService:
    case BenefitKind::kReceipts:
    case BenefitKind::kTableMultiple:
    case BenefitKind::kLossTableMultiple:
    case BenefitKind::kPricePlus:
    case BenefitKind::kAccountShare:
      return std::nullopt;
  }
  JARING_CHECK(false);
}

std::optional<Money> AmountOf(const Scheme& scheme, const BenefitRow& row, Money base, Date on) {
  std::optional<Money> amount = OwnAmount(row, base);
  if (!amount || row.at_least.empty()) {
    return amount;
  }
  for (const Benefit& other : scheme.benefits) {
    const BenefitRow* floor = other.id == row.at_least ? FindRow(other, on) : nullptr;
    if (floor != nullptr) {
      // One step only: a floor has no floor of its own.
      amount = std::max(*amount, OwnAmount(*floor, base).value_or(*amount));
    }
  }
  return amount;
}

}  // namespace

std::vector<BenefitQuote> QuoteBenefits(const Scheme& scheme, Money base, Date on) {
  std::vector<BenefitQuote> quotes;
  for (const Benefit& benefit : scheme.benefits) {
    if (const BenefitRow* row = FindRow(benefit, on)) {
      quotes.push_back({&benefit, row, AmountOf(scheme, *row, base, on)});
    }
  }
  return quotes;
}

const ScholarshipTable* FindScholarship(const Scheme& scheme, Date on) {
  for (const ScholarshipTable& table : scheme.scholarships) {
    if (table.days.Has(on)) {
      return &table;
    }
  }
  return nullptr;
}

std::vector<SavingsPoint> ProjectSavings(const Scheme& scheme, Money monthly, Month first,
                                         int years, Rate rate) {
  constexpr int kMostYears = 60;
  JARING_CHECK(years >= 1);
  JARING_CHECK(years <= kMostYears);
  const auto& by_day = scheme.parameters.return_by_day;
  std::vector<SavingsPoint> points;
  SavingsPoint at;
  for (int year = first.year(); year < first.year() + years; ++year) {
    SavingsYear savings(
        {.year = year, .rate = rate, .by_day = !by_day.empty() && by_day.back().value != 0});
    savings.Add(Date::FromYearMonthDay(year - 1, 12, 31), at.balance);
    for (int month = year == first.year() ? first.month() : 1; month <= 12; ++month) {
      savings.Add(Date::FromYearMonthDay(year, month, 1), monthly);
      at.paid += monthly;
      at.balance += monthly;
    }
    at.balance += savings.Return();
    points.push_back(at);
  }
  return points;
}

}  // namespace jaring
