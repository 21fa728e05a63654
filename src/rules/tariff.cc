#include "rules/tariff.h"

#include <algorithm>

namespace jaring {
namespace {

constexpr std::array<Payer, 3> kPayers = {Payer::kSelf, Payer::kGovernment, Payer::kEmployer};

/// The months a new member of the relief pays in full before it lowers anything.
bool WaitsForRelief(const Relief& relief, const Terms& terms, Month month) {
  if (!relief.existing_member_through) {
    return false;
  }
  // Without a spell the month asked about would be its first.
  const Month began = terms.spell_first_month.value_or(month);
  return began > *relief.existing_member_through && month - began < relief.full_months_for_new;
}

bool Applies(const Relief& relief, const Terms& terms, Month month, Date paid_on) {
  return relief.months.Has(month) && paid_on >= relief.known_from &&
         (relief.sectors >> terms.sector & 1U) != 0 &&
         !(relief.government_excluded && terms.payer == Payer::kGovernment) &&
         !WaitsForRelief(relief, terms, month);
}

/// What the employer pays for a wage earner; nothing when a programme of the terms has no rate for
/// the month or would cost nothing.
std::optional<ByProgramme> WagePrice(const Scheme& scheme, const Terms& terms, Month month) {
  ByProgramme due;
  for (const Programme programme : kProgrammes) {
    if (!terms.programmes.Has(programme)) {
      continue;
    }
    const WageRate* rate = FindWageRate(scheme, programme, month);
    if (rate == nullptr) {
      return std::nullopt;
    }
    const Money wage = std::min(terms.income, rate->wage_ceiling.value_or(terms.income));
    due[programme] = Share(wage, rate->rate, Rounding::kHalfUp);
    if (due[programme].is_zero()) {
      return std::nullopt;
    }
  }
  return due;
}

/// Before relief; nothing when a programme of the terms has no price for the month.
std::optional<ByProgramme> FullPrice(const Scheme& scheme, const Terms& terms, Month month) {
  const Bracket* bracket = FindBracket(scheme, terms.income, month);
  if (bracket == nullptr) {
    return std::nullopt;
  }
  ByProgramme full;
  full[Programme::kJkk] = bracket->jkk;
  full[Programme::kJht] = bracket->jht;
  ProgrammeSet flat;
  for (const FlatContribution& row : scheme.flat_contributions) {
    if (row.months.Has(month)) {
      full[row.programme] += row.amount;
      flat = flat.With(row.programme);
    }
  }
  if (terms.programmes.Has(Programme::kJkm) && !flat.Has(Programme::kJkm)) {
    return std::nullopt;
  }
  for (const Programme programme : kProgrammes) {
    if (!terms.programmes.Has(programme)) {
      full[programme] = Money();
    }
  }
  return full;
}

void Lower(MonthPrice& price, const Relief& relief) {
  for (const Programme programme : kProgrammes) {
    const Money full = price.full[programme];
    if (!relief.programmes.Has(programme) || full.is_zero()) {
      continue;
    }
    const Money due = Share(full, relief.pays, relief.rounding);
    if (due < price.due[programme]) {
      price.due[programme] = due;
      price.reliefs[static_cast<std::size_t>(programme)] = &relief;
    }
  }
}

}  // namespace

std::string_view PayerCode(Payer payer) {
  switch (payer) {
    case Payer::kSelf:
      return "self";
    case Payer::kGovernment:
      return "government";
    case Payer::kEmployer:
      return "employer";
  }
  JARING_CHECK(false);
}

std::optional<Payer> FindPayer(std::string_view code) {
  for (const Payer payer : kPayers) {
    if (code == PayerCode(payer)) {
      return payer;
    }
  }
  return std::nullopt;
}

Result<Done> CheckProgrammes(const Scheme& scheme, ProgrammeSet programmes) {
  const auto offered = ProgrammeSet::FromBits(scheme.compulsory.bits() | scheme.optional.bits());
  if (!programmes.Includes(scheme.compulsory)) {
    return Invalid("programmes.compulsory_missing");
  }
  if (!offered.Includes(programmes)) {
    return Invalid("programmes.not_offered");
  }
  return Done{};
}

std::optional<MonthPrice> FindMonthPrice(const Scheme& scheme, const Terms& terms, Month month,
                                         Date paid_on) {
  JARING_CHECK(terms.sector < 32);
  if (terms.income < Money()) {
    return std::nullopt;
  }
  const bool by_wage = terms.payer == Payer::kEmployer;
  const auto full = by_wage ? WagePrice(scheme, terms, month) : FullPrice(scheme, terms, month);
  if (!full) {
    return std::nullopt;
  }
  MonthPrice price{month, *full, *full, {}};
  if (by_wage) {
    return price;
  }
  for (const Relief& relief : scheme.reliefs) {
    if (Applies(relief, terms, month, paid_on)) {
      Lower(price, relief);
    }
  }
  return price;
}

Result<MonthPrice> PriceMonth(const Scheme& scheme, const Terms& terms, Month month, Date paid_on) {
  if (terms.income < Money()) {
    return Invalid("income.negative");
  }
  const auto price = FindMonthPrice(scheme, terms, month, paid_on);
  if (!price) {
    return Invalid("tariff.none_for_month", month.ToString());
  }
  return *price;
}

}  // namespace jaring
