#pragma once

// What a claim comes to: the rules asked with the facts told and what the registers know. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "claims/claim_book.h"
#include "claims/claim_ground.h"

namespace jaring {

struct Withheld {
  std::string benefit;
  std::string rule;
};

struct ClaimWorking {
  std::vector<ClaimLine> lines;
  std::vector<Withheld> withheld;

  Money gross() const;  // Without the tax line.
  Money tax() const;    // As a positive amount.
};

/// Amounts by the rules; whether they are due at all the checks say (claim_check.h).
///
/// Errors: tariff.none_for_month (no bracket on the day), those of EntitleAccident, of
/// ClaimSavings, of EntitleMonthUnable and of ScholarshipYear; scholarship.no_right,
/// scholarship.one_child (not one child is told), claim.no_schedule (an instalment of none).
Result<ClaimWorking> WorkOutClaim(const Scheme& scheme, const ClaimFacts& facts,
                                  const ClaimGround& ground);

/// A paper a claim needs, and whether it was brought.
struct PaperNeed {
  const ClaimPaper* paper = nullptr;
  bool is_there = false;
};

/// The papers such a claim needs, in the scheme's order. `gross`: what it comes to so far.
std::vector<PaperNeed> PapersOf(const Scheme& scheme, const ClaimFacts& facts,
                                const std::vector<std::string>& brought, Money gross);

}  // namespace jaring
