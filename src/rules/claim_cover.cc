#include "rules/claim_cover.h"

#include <algorithm>

namespace jaring {
namespace {

/// The spell by the payments made until a day.
CoveredSpell AsKnownOn(const CoveredSpell& spell, std::span<const PaidMonths> payments, Date day) {
  CoveredSpell known = spell;
  known.first_month.reset();
  known.paid_through.reset();
  for (const PaidMonths& paid : payments) {
    if (paid.membership_seq != spell.membership_seq || paid.paid_on > day || paid.months < 1) {
      continue;
    }
    const Month last = paid.first_month + (paid.months - 1);
    known.first_month = std::min(known.first_month.value_or(paid.first_month), paid.first_month);
    known.paid_through = std::max(known.paid_through.value_or(last), last);
  }
  return known;
}

bool PaysInGrace(const Scheme& scheme, Date on) {
  const FigureRow* row = FindFigure(scheme, "claim-in-grace", on);
  return row != nullptr && row->value != 0;
}

ClaimCoverVerdict Judge(const Scheme& scheme, CoverageState then, CoverageState now, Date on) {
  if (now == CoverageState::kActive) {
    if (then == CoverageState::kActive) {
      return ClaimCoverVerdict::kCovered;
    }
    // Arrears paid since; or a group that is covered from its acquisition on and paid later.
    return then != CoverageState::kGrace || PaysInGrace(scheme, on)
               ? ClaimCoverVerdict::kPaidAfterwards
               : ClaimCoverVerdict::kNotCovered;
  }
  if (then == CoverageState::kActive && now != CoverageState::kEnded) {
    return ClaimCoverVerdict::kTakenBack;
  }
  return now == CoverageState::kGrace && PaysInGrace(scheme, on) ? ClaimCoverVerdict::kArrearsOpen
                                                                 : ClaimCoverVerdict::kNotCovered;
}

}  // namespace

std::string_view ClaimCoverVerdictCode(ClaimCoverVerdict verdict) {
  constexpr std::string_view kCodes[] = {"covered", "paid_afterwards", "arrears_open",
                                         "not_covered", "taken_back"};
  return kCodes[static_cast<std::size_t>(verdict)];
}

ClaimCover CoverForClaim(const Scheme& scheme, std::span<const CoveredSpell> spells,
                         std::span<const PaidMonths> payments, Programme programme, Date on) {
  std::vector<CoveredSpell> known;
  known.reserve(spells.size());
  for (const CoveredSpell& spell : spells) {
    known.push_back(AsKnownOn(spell, payments, on));
  }
  ClaimCover cover;
  cover.then = CoverageOn(scheme, known, on)[programme].state;
  cover.now = CoverageOn(scheme, spells, on)[programme].state;
  cover.verdict = Judge(scheme, cover.then, cover.now, on);
  return cover;
}

}  // namespace jaring
