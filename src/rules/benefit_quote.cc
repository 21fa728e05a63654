#include "rules/benefit_quote.h"

#include "base/check.h"
#include "rules/benefit_working.h"
#include "rules/savings_return.h"

namespace jaring {

std::vector<BenefitQuote> QuoteBenefits(const Scheme& scheme, Money base, Date on) {
  std::vector<BenefitQuote> quotes;
  for (const Benefit& benefit : scheme.benefits) {
    if (const BenefitRow* row = FindRow(benefit.rows, on)) {
      const auto worked = OfBaseWithFloor(scheme, *row, base, on);
      quotes.push_back({&benefit, row, worked ? std::optional(worked->amount) : std::nullopt});
    }
  }
  return quotes;
}

const ScholarshipTable* FindScholarship(const Scheme& scheme, Date on) {
  return FindRow(scheme.scholarships, on);
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
