#include "rules/savings_return.h"

#include <algorithm>
#include <string>

namespace jaring {
namespace {

constexpr int kMonths = 12;

std::int64_t DaysOf(int year) {
  return Date::FromYearMonthDay(year + 1, 1, 1).days() - Date::FromYearMonthDay(year, 1, 1).days();
}

}  // namespace

Result<ReturnTerms> FindReturnTerms(const Scheme& scheme, int year) {
  const auto declared =
      std::find_if(scheme.declared_returns.begin(), scheme.declared_returns.end(),
                   [year](const DeclaredReturn& row) { return row.year == year; });
  if (declared == scheme.declared_returns.end()) {
    return NotFound("interest.not_declared", std::to_string(year));
  }
  const DatedNumber* by_day =
      FindNumber(scheme.parameters.return_by_day, Month::FromYearMonth(year, 1));
  return ReturnTerms{
      .year = year, .rate = declared->rate, .by_day = by_day != nullptr && by_day->value != 0};
}

SavingsYear::SavingsYear(const ReturnTerms& terms)
    : terms_(terms), all_periods_(terms.by_day ? DaysOf(terms.year) : kMonths) {}

std::int64_t SavingsYear::Periods(Date on) const {
  if (on.year() != terms_.year) {
    return on.year() < terms_.year ? all_periods_ : 0;
  }
  return terms_.by_day ? terms_.end().days() - 1 - on.days() : kMonths - on.month_of_year();
}

void SavingsYear::Add(Date on, Money amount) {
  rupiah_periods_ += amount.rupiah() * Periods(on);
}

Money SavingsYear::Return() const {
  const std::int64_t held = std::max<std::int64_t>(rupiah_periods_, 0);
  // Divided first, as in Share: the whole product would pass 64 bits.
  const std::int64_t whole = all_periods_ * 1'000'000;
  return Money::FromRupiah(held / whole * terms_.rate.ppm() +
                           held % whole * terms_.rate.ppm() / whole);
}

}  // namespace jaring
