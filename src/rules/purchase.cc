#include "rules/purchase.h"

#include <algorithm>

namespace jaring {
namespace {

constexpr int kMaxMonths = 600;

std::int64_t NumberFor(const std::vector<DatedNumber>& rows, Month month, std::int64_t otherwise) {
  const DatedNumber* row = FindNumber(rows, month);
  return row == nullptr ? otherwise : row->value;
}

/// The last month that is sold on a day; payments cannot reach further ahead. Kept within the
/// calendar, so that a payment dated in the far future is refused and does not stop the program.
Month LastMonthSold(const Scheme& scheme, Date on) {
  constexpr Month kLast = Month::FromYearMonth(2999, 6);
  const std::int64_t ahead = NumberFor(scheme.parameters.prepayment_months, on.month(), 0);
  return ahead < kLast - on.month() ? on.month() + static_cast<int>(ahead) : kLast;
}

/// Buys month after month from `month` on; fills `plan` but for what begins a spell.
void BuyMonths(const Scheme& scheme, const Terms& terms, Month month, Date paid_on,
               Purchase& plan) {
  const Month last = LastMonthSold(scheme, paid_on);
  while (plan.leftover > Money()) {
    if (month > last || plan.months == kMaxMonths) {
      plan.stop = PurchaseStop::kPrepaymentLimit;
      return;
    }
    const auto price = FindMonthPrice(scheme, terms, month, paid_on);
    if (!price) {
      plan.stop = PurchaseStop::kNoTariff;
      return;
    }
    const Money due = price->due.total();
    if (due > plan.leftover) {
      return;
    }
    plan.leftover -= due;
    plan.parts += price->due;
    if (plan.months++ == 0) {
      plan.first_month = month;
    }
    month = month + 1;
  }
}

}  // namespace

int GraceMonths(const Scheme& scheme, Month paid_through) {
  return static_cast<int>(NumberFor(scheme.parameters.grace_months, paid_through + 1, 0));
}

SpellAge AgeOfSpell(const Scheme& scheme, const Spell& spell, Date on) {
  JARING_CHECK(spell.first_month.has_value() == spell.paid_through.has_value());
  if (!spell.paid_through) {
    return SpellAge::kNotStarted;
  }
  const Month paid_through = *spell.paid_through;
  return on.month() - paid_through <= GraceMonths(scheme, paid_through) ? SpellAge::kOpen
                                                                        : SpellAge::kLapsed;
}

bool MayBeginSpell(const Scheme& scheme, Date birth, Date on) {
  const DatedNumber* limit = FindNumber(scheme.parameters.joining_age_below, on.month());
  return limit == nullptr || AgeOn(birth, on) < limit->value;
}

NextMonth NextMonthOf(const Scheme& scheme, const Terms& terms, const Spell& spell, Date on) {
  NextMonth next{AgeOfSpell(scheme, spell, on), on.month(), terms};
  if (next.age == SpellAge::kOpen) {
    next.month = *spell.paid_through + 1;
    next.terms.spell_first_month = spell.first_month;
  } else {
    next.terms.spell_first_month = next.month;
  }
  return next;
}

Date CoverFrom(const Spell& spell, Date paid_on) {
  const bool from_acquisition = spell.start_rule == StartRule::kAcquisition &&
                                spell.acquired_on.month() == paid_on.month() &&
                                spell.acquired_on <= paid_on;
  return from_acquisition ? spell.acquired_on : paid_on;
}

Purchase PlanPurchase(const Scheme& scheme, const Terms& terms, const Spell& spell,
                      std::optional<Date> birth_date, Money available, Date paid_on) {
  const NextMonth next = NextMonthOf(scheme, terms, spell, paid_on);
  const bool begins = next.age != SpellAge::kOpen;
  Purchase plan;
  plan.leftover = available;
  if (begins) {
    JARING_CHECK(birth_date.has_value());
    if (!MayBeginSpell(scheme, *birth_date, paid_on)) {
      plan.stop = PurchaseStop::kOverJoiningAge;
      return plan;
    }
  }
  BuyMonths(scheme, next.terms, next.month, paid_on, plan);
  if (begins && plan.months > 0) {
    plan.restarts = next.age == SpellAge::kLapsed;
    plan.cover_from = CoverFrom(spell, paid_on);
  }
  return plan;
}

Result<std::vector<MonthPrice>> PriceNextMonths(const Scheme& scheme, const Terms& terms,
                                                const Spell& spell, Date on, int months) {
  const NextMonth next = NextMonthOf(scheme, terms, spell, on);
  const int sold = LastMonthSold(scheme, on) - next.month + 1;
  if (months < 1 || months > std::min(sold, kMaxMonths)) {
    return Invalid("bill.months_out_of_range");
  }
  std::vector<MonthPrice> prices;
  prices.reserve(static_cast<std::size_t>(months));
  for (int i = 0; i < months; ++i) {
    JARING_ASSIGN_OR_RETURN(const MonthPrice price,
                            PriceMonth(scheme, next.terms, next.month + i, on));
    prices.push_back(price);
  }
  return prices;
}

}  // namespace jaring
