#include "rules/coverage.h"

#include <algorithm>

namespace jaring {
namespace {

/// The day cover begins; nothing when no month was bought.
std::optional<Date> BeginOf(const CoveredSpell& spell) {
  if (!spell.first_month || !spell.paid_through) {
    return std::nullopt;
  }
  return spell.cover_from.value_or(FirstDay(*spell.first_month));
}

/// The last day paid for, or the day before the membership was closed when that is earlier.
Date UntilOf(const CoveredSpell& spell) {
  const Date paid_until = LastDay(*spell.paid_through);
  return spell.ended_on && *spell.ended_on <= paid_until ? spell.ended_on->AddDays(-1) : paid_until;
}

/// The spell that began last on or before `on` with the programme; nullptr when none did.
const CoveredSpell* DecidingSpell(std::span<const CoveredSpell> spells, Programme programme,
                                  Date on) {
  const CoveredSpell* deciding = nullptr;
  for (const CoveredSpell& spell : spells) {
    const auto begin = BeginOf(spell);
    if (!spell.programmes.Has(programme) || !begin || *begin > on) {
      continue;
    }
    if (deciding == nullptr || *begin >= *BeginOf(*deciding)) {
      deciding = &spell;
    }
  }
  return deciding;
}

std::vector<Month> MonthsPaid(std::span<const CoveredSpell> spells) {
  std::vector<Month> months;
  for (const CoveredSpell& spell : spells) {
    if (!BeginOf(spell)) {
      continue;
    }
    for (Month month = *spell.first_month; month <= *spell.paid_through; month = month + 1) {
      months.push_back(month);
    }
  }
  std::sort(months.begin(), months.end());
  // A closed membership and the one after it may both hold a month.
  months.erase(std::unique(months.begin(), months.end()), months.end());
  return months;
}

bool MayGoOn(CoverageState state) {
  return state == CoverageState::kActive || state == CoverageState::kGrace;
}

}  // namespace

std::optional<Date> DueDate(const Scheme& scheme, Month month) {
  const DatedNumber* day = FindNumber(scheme.parameters.due_day, month);
  const DatedNumber* after = FindNumber(scheme.parameters.due_months_after, month);
  if (day == nullptr || after == nullptr) {
    return std::nullopt;
  }
  return DayOf(month + static_cast<int>(after->value), static_cast<int>(day->value));
}

std::string_view CoverageStateCode(CoverageState state) {
  switch (state) {
    case CoverageState::kNever:
      return "never";
    case CoverageState::kActive:
      return "active";
    case CoverageState::kGrace:
      return "grace";
    case CoverageState::kLapsed:
      return "lapsed";
    case CoverageState::kEnded:
      return "ended";
  }
  JARING_CHECK(false);
}

CoverageState StateOfSpell(const Scheme& scheme, const CoveredSpell& spell, Date on) {
  const auto begin = BeginOf(spell);
  if (!begin || on < *begin) {
    return CoverageState::kNever;
  }
  if (spell.ended_on && *spell.ended_on <= on) {
    return CoverageState::kEnded;
  }
  const int unpaid = on.month() - *spell.paid_through;
  if (unpaid <= 0) {
    return CoverageState::kActive;
  }
  return unpaid <= GraceMonths(scheme, *spell.paid_through) ? CoverageState::kGrace
                                                            : CoverageState::kLapsed;
}

Coverage CoverageOn(const Scheme& scheme, std::span<const CoveredSpell> spells, Date on) {
  Coverage coverage;
  coverage.on = on;
  std::optional<Month> paid_through;
  for (const Programme programme : kProgrammes) {
    const CoveredSpell* spell = DecidingSpell(spells, programme, on);
    if (spell == nullptr) {
      continue;
    }
    ProgrammeCoverage& of = coverage.programmes[static_cast<std::size_t>(programme)];
    of.state = StateOfSpell(scheme, *spell, on);
    if (const Date begin = *BeginOf(*spell), until = UntilOf(*spell); begin <= until) {
      of.from = begin;
      of.until = until;
    }
    if (MayGoOn(of.state) && (!paid_through || *paid_through < *spell->paid_through)) {
      paid_through = spell->paid_through;
    }
  }
  coverage.months_paid = MonthsPaid(spells);
  if (paid_through) {
    coverage.next_due = DueDate(scheme, *paid_through + 1);
  }
  return coverage;
}

std::string_view RestorationKindCode(Restoration::Kind kind) {
  switch (kind) {
    case Restoration::Kind::kFirstPayment:
      return "first_payment";
    case Restoration::Kind::kContinue:
      return "continue";
    case Restoration::Kind::kArrears:
      return "arrears";
    case Restoration::Kind::kRestart:
      return "restart";
    case Restoration::Kind::kNotPossible:
      return "not_possible";
  }
  JARING_CHECK(false);
}

Restoration HowToRestore(const Scheme& scheme, const Terms& terms, const Spell& latest,
                         std::optional<Date> birth_date, Date on) {
  const NextMonth next = NextMonthOf(scheme, terms, latest, on);
  Restoration restoration;
  restoration.covered_from = on;
  restoration.covered_until = on;
  Month last = next.month;
  if (next.age != SpellAge::kOpen) {
    JARING_CHECK(birth_date.has_value());
    if (!MayBeginSpell(scheme, *birth_date, on)) {
      restoration.kind = Restoration::Kind::kNotPossible;
      return restoration;
    }
    restoration.kind = next.age == SpellAge::kLapsed ? Restoration::Kind::kRestart
                                                     : Restoration::Kind::kFirstPayment;
    restoration.covered_from = CoverFrom(latest, on);
  } else {
    restoration.kind =
        next.month > on.month() ? Restoration::Kind::kContinue : Restoration::Kind::kArrears;
    last = std::max(next.month, on.month());
    restoration.covered_from = FirstDay(next.month);
  }
  auto prices = PriceNextMonths(scheme, terms, latest, on, last - next.month + 1);
  if (!prices) {
    // Paid as far ahead as is sold: nothing to buy yet, and nothing lost.
    const bool paid_ahead = restoration.kind == Restoration::Kind::kContinue &&
                            prices.error().rule == "bill.months_out_of_range";
    restoration.kind = paid_ahead ? restoration.kind : Restoration::Kind::kNotPossible;
    restoration.covered_from = on;
    restoration.covered_until = paid_ahead ? LastDay(*latest.paid_through) : on;
    return restoration;
  }
  restoration.months = *std::move(prices);
  for (const MonthPrice& price : restoration.months) {
    restoration.total += price.due.total();
  }
  restoration.covered_until = LastDay(last);
  return restoration;
}

}  // namespace jaring
