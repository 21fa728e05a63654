#pragma once

// What is paid out of old-age savings, and the tax on it.

#include <optional>
#include <string_view>

#include "rules/benefit_working.h"

namespace jaring {

/// Why savings are asked for.
enum class SavingsReason : std::uint8_t {
  kAge,
  kDeath,
  kTotalDisability,
  kStoppedWorking,  // Who worked for herself and stopped.
  kLeftEmployer,    // Resigned or dismissed, a wage earner.
  kLeftCountry,     // A foreigner, for good.
  kHousing,         // A part of it,
  kOther,           // or of it for something else.
};

struct SavingsFacts {
  Date on = Date::FromYearMonthDay(1900, 1, 1);  // The day of the claim.
  SavingsReason reason = SavingsReason::kAge;
  Date birth = Date::FromYearMonthDay(1900, 1, 1);
  Money balance;  // Contributions and returns in the account on that day.
  int contribution_months = 0;
  bool part_taken = false;      // A part was paid out before.
  std::optional<Date> left_on;  // Of kLeftEmployer.
  std::optional<Money> asked;   // Of a part: less than all that may be taken.
};

struct SavingsClaim {
  const Benefit* benefit = nullptr;
  const BenefitRow* row = nullptr;
  Worked gross;
  Worked tax;  // Final, withheld.

  Money net() const { return gross.amount - tax.amount; }
};

/// Lives as long as the scheme.
///
/// Errors: savings.none_on_day (the scheme has no such benefit that day), savings.too_young,
/// savings.wait_not_over, savings.left_on_missing, savings.too_few_months,
/// savings.part_taken_before, savings.empty.
/// Source: [pp46-2015:22], [permenaker4-2022:4-9]; tax [pp68-2009], from memory.
Result<SavingsClaim> ClaimSavings(const Scheme& scheme, const SavingsFacts& facts);

}  // namespace jaring
