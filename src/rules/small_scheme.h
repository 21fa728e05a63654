#pragma once

// A scheme of a few rows for the unit tests of the rules. Its figures are easy to add in the head;
// the law's own figures are tested by tests/rules.

#include "rules/scheme.h"

namespace jaring {

inline Money Rp(std::int64_t rupiah) {
  return Money::FromRupiah(rupiah);
}
inline Month M(int yyyymm) {
  return *Month::ParseNumber(yyyymm);
}
inline Date D(int yyyymmdd) {
  return *Date::ParseNumber(yyyymmdd);
}

inline constexpr auto kBasic = ProgrammeSet().With(Programme::kJkk).With(Programme::kJkm);
inline constexpr auto kWithSavings = kBasic.With(Programme::kJht);

/// Prices from 2020-01: income below 2,000: JKK 100, JHT 200; from 2,000: JKK 300, JHT 600; JKM 50.
/// Relief of one half on JKK and JKM for sector 0 in 2026, known from 2025-12-22, not for public
/// budgets. Of a wage: JKK 2.5 %, JKM 1.2345 %, JHT 10 %. Grace 3 months, joining age below 65, 12
/// months ahead, due on the 15th of the next month.
inline Scheme SmallScheme() {
  const Mark mark{"test", Confidence::kMemory};
  const MonthSpan always{M(202001), std::nullopt};
  Scheme scheme;
  scheme.code = "small";
  scheme.sectors.resize(2);
  scheme.compulsory = kBasic;
  scheme.optional = ProgrammeSet().With(Programme::kJht);
  BracketTable table;
  table.months = always;
  table.brackets.resize(2);
  table.brackets[0].jkk = Rp(100);
  table.brackets[0].jht = Rp(200);
  table.brackets[1].income_from = Rp(2'000);
  table.brackets[1].jkk = Rp(300);
  table.brackets[1].jht = Rp(600);
  scheme.bracket_tables = {table};
  scheme.flat_contributions = {{Programme::kJkm, always, Rp(50), mark}};
  scheme.wage_rates = {{Programme::kJkk, always, Rate::FromPpm(25'000), {}, "very-low", mark},
                       {Programme::kJkm, always, Rate::FromPpm(12'345), {}, "", mark},
                       {Programme::kJht, always, Rate::FromPpm(100'000), {}, "", mark}};
  Relief half;
  half.id = "half";
  half.programmes = kBasic;
  half.pays = Rate::FromPpm(500'000);
  half.months = {M(202601), M(202612)};
  half.sectors = 1;
  half.government_excluded = true;
  half.known_from = D(20251222);
  scheme.reliefs = {half};
  const auto number = [&](std::int64_t value) {
    return std::vector<DatedNumber>{{always, value, mark}};
  };
  scheme.parameters.grace_months = number(3);
  scheme.parameters.joining_age_below = number(65);
  scheme.parameters.prepayment_months = number(12);
  scheme.parameters.due_day = number(15);
  scheme.parameters.due_months_after = number(1);
  scheme.parameters.group_starts_at_acquisition = number(1);
  scheme.parameters.return_by_day = number(0);
  return scheme;
}

}  // namespace jaring
