#include "rules/savings_claim.h"

#include <algorithm>

#include "base/check.h"

namespace jaring {
namespace {

ClaimEvent EventOf(SavingsReason reason) {
  switch (reason) {
    case SavingsReason::kHousing:
      return ClaimEvent::kSavingsHousing;
    case SavingsReason::kOther:
      return ClaimEvent::kSavingsOther;
    case SavingsReason::kAge:
    case SavingsReason::kDeath:
    case SavingsReason::kTotalDisability:
    case SavingsReason::kStoppedWorking:
    case SavingsReason::kLeftEmployer:
    case SavingsReason::kLeftCountry:
      return ClaimEvent::kWholeSavings;
  }
  JARING_CHECK(false);
}

/// The day from which one who left an employer may claim.
Date EndOfWait(const Scheme& scheme, Date left_on) {
  const FigureRow* wait = FindFigure(scheme, "jht-wait-after-leaving", left_on);
  const int months = wait != nullptr ? static_cast<int>(wait->value) : 0;
  return DayOf(left_on.month() + months, left_on.day());
}

Result<Done> CheckReason(const Scheme& scheme, const SavingsFacts& facts) {
  if (facts.reason == SavingsReason::kAge) {
    const FigureRow* age = FindFigure(scheme, "jht-age", facts.on);
    if (age == nullptr || AgeOn(facts.birth, facts.on) < age->value) {
      return Invalid("savings.too_young");
    }
  }
  if (facts.reason == SavingsReason::kLeftEmployer) {
    if (!facts.left_on) {
      return Invalid("savings.left_on_missing");
    }
    if (facts.on < EndOfWait(scheme, *facts.left_on)) {
      return Invalid("savings.wait_not_over");
    }
  }
  const bool is_part = EventOf(facts.reason) != ClaimEvent::kWholeSavings;
  if (is_part && facts.part_taken) {
    return Invalid("savings.part_taken_before");
  }
  return Done{};
}

Worked TaxOn(const Scheme& scheme, Money gross, Date on) {
  const FigureRow* free = FindFigure(scheme, "jht-tax-free-rupiah", on);
  const FigureRow* rate = FindFigure(scheme, "jht-tax-above", on);
  if (free == nullptr || rate == nullptr) {
    return {};
  }
  const Money taxed = std::max(Money(), gross - Money::FromRupiah(free->value));
  return {Share(taxed, Rate::FromPpm(rate->value), Rounding::kDown),
          {{Term::kFree, free->value, &free->mark}, {Term::kShare, rate->value, &rate->mark}}};
}

}  // namespace

Result<SavingsClaim> ClaimSavings(const Scheme& scheme, const SavingsFacts& facts) {
  JARING_RETURN_IF_ERROR(CheckReason(scheme, facts));
  if (facts.balance <= Money()) {
    return Invalid("savings.empty");
  }
  const ClaimEvent event = EventOf(facts.reason);
  for (const Benefit& benefit : scheme.benefits) {
    const BenefitRow* row = benefit.events.Has(event) ? FindRow(benefit.rows, facts.on) : nullptr;
    if (row == nullptr || row->kind != BenefitKind::kAccountShare) {
      continue;
    }
    if (facts.contribution_months < row->needs_contribution_months) {
      return Invalid("savings.too_few_months");
    }
    // Of the whole there is no less to ask for.
    const bool is_part = event != ClaimEvent::kWholeSavings;
    Worked gross = ShareOfAccount(*row, facts.balance, is_part ? facts.asked : std::nullopt);
    Worked tax = TaxOn(scheme, gross.amount, facts.on);
    return SavingsClaim{&benefit, row, std::move(gross), std::move(tax)};
  }
  return Invalid("savings.none_on_day");
}

}  // namespace jaring
