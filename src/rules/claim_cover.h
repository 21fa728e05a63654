#pragma once

// Whether a member was covered on the day of an event: by what is known now, and by what was known
// that day, for money may arrive, or be taken back, after it.

#include <span>
#include <string_view>
#include <vector>

#include "rules/coverage.h"

namespace jaring {

/// Months one payment bought.
struct PaidMonths {
  int membership_seq = 1;
  Month first_month = Month::FromYearMonth(1900, 1);
  int months = 1;
  Date paid_on = Date::FromYearMonthDay(1900, 1, 1);
};

enum class ClaimCoverVerdict : std::uint8_t {
  kCovered,         // On that day, as known then and now.
  kPaidAfterwards,  // The months were paid after the event, as the rules allow.
  kArrearsOpen,     // In the months of grace: pays once the arrears are paid.
  kNotCovered,
  kTakenBack,  // Covered as known then; the money was taken back since.
};

/// "covered", "paid_afterwards", "arrears_open", "not_covered", "taken_back".
std::string_view ClaimCoverVerdictCode(ClaimCoverVerdict verdict);

struct ClaimCover {
  ClaimCoverVerdict verdict = ClaimCoverVerdict::kNotCovered;
  CoverageState then = CoverageState::kNever;  // By what was paid until the day, itself included.
  CoverageState now = CoverageState::kNever;
};

/// `spells` as they stand now, in the order of membership_seq; `payments` all that bought months,
/// also those taken back since, in any order.
///
/// Source: [probisA:59] three months of grace; that an event in them is paid once the arrears are
/// is the figure claim-in-grace, from memory. [kontan-jkm] active at death.
ClaimCover CoverForClaim(const Scheme& scheme, std::span<const CoveredSpell> spells,
                         std::span<const PaidMonths> payments, Programme programme, Date on);

}  // namespace jaring
