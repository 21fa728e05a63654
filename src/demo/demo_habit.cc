#include "demo/demo_habit.h"

#include <algorithm>
#include <array>

namespace jaring {
namespace {

constexpr int kLastPayDay = 28;
constexpr int kSponsorDay = 10;
constexpr std::array<int, 2> kSponsorMonths = {2, 7};  // The budget, and the changed budget.

Date SponsorDayOf(int year, int month) {
  return Date::FromYearMonthDay(year, month, kSponsorDay);
}

/// The next time a sponsor decides on these people: early in the next year.
Date NextSponsorDay(Date on) {
  return SponsorDayOf(on.year() + 1, kSponsorMonths[0]);
}

/// A day of the month after `on`'s, near the usual one.
Date NextMonthsDay(DemoDice& dice, const DemoPayer& payer, Date on) {
  const int day = payer.pay_day + dice.Between(-3, 3);
  return DayOf(on.month() + 1, std::clamp(day, 1, kLastPayDay));
}

/// Three rice harvests a year on the plain of Solo: March, July, November.
Date NextHarvest(DemoDice& dice, Date on) {
  Month month = on.month() + 2;
  while (month.month() % 4 != 3) {
    month = month + 1;
  }
  return DayOf(month, dice.Between(5, kLastPayDay));
}

/// Months that bring somebody up to `ahead` months past the month of `on`.
int MonthsToCatchUp(const DemoPayer& payer, Month first_open, Date on) {
  return std::max(0, on.month() + payer.ahead - first_open + 1);
}

DemoVisit VisitMonthly(DemoDice& dice, const DemoPayer& payer, Month first_open, Date on) {
  DemoVisit visit;
  if (!dice.Permille(50)) {
    visit.months = MonthsToCatchUp(payer, first_open, on);
  }
  if (!dice.Permille(24)) {
    visit.next = NextMonthsDay(dice, payer, on);
  }
  return visit;
}

DemoVisit VisitSeasonal(DemoDice& dice, Date on) {
  DemoVisit visit{.months = dice.Between(3, 6), .next = {}};
  if (!dice.Permille(80)) {
    visit.next = NextHarvest(dice, on);
  }
  return visit;
}

DemoVisit VisitIrregular(DemoDice& dice, Date on) {
  DemoVisit visit{.months = dice.Between(1, 3), .next = {}};
  if (!dice.Permille(40)) {
    visit.next = on.AddDays(dice.Permille(180) ? dice.Between(140, 260) : dice.Between(25, 100));
  }
  return visit;
}

DemoVisit VisitReturning(DemoDice& dice, DemoPayer& payer, Month first_open, Date on) {
  DemoVisit visit{.months = MonthsToCatchUp(payer, first_open, on), .next = {}};
  if (--payer.left > 0) {
    visit.next = NextMonthsDay(dice, payer, on);
  } else if (!dice.Permille(200)) {
    payer.left = dice.Between(3, 8);
    visit.next = on.AddDays(dice.Between(150, 270));
  }
  return visit;
}

DemoVisit VisitSponsored(DemoDice& dice, DemoPayer& payer, Month first_open, Date on) {
  // The list is cleaned once a year; the first time everybody on it is paid for.
  if (payer.left > 0 && dice.Permille(300)) {
    payer.habit = dice.Permille(250) ? DemoHabit::kMonthly : DemoHabit::kNever;
    return payer.habit == DemoHabit::kMonthly ? DemoVisit{0, NextMonthsDay(dice, payer, on)}
                                              : DemoVisit{};
  }
  ++payer.left;
  const Month december = Month::FromYearMonth(on.year(), 12);
  return {.months = std::max(0, december - first_open + 1), .next = NextSponsorDay(on)};
}

}  // namespace

bool IsSponsorDay(Date on) {
  return on.day() == kSponsorDay && std::find(kSponsorMonths.begin(), kSponsorMonths.end(),
                                              on.month_of_year()) != kSponsorMonths.end();
}

DemoPayer DrawPayer(DemoDice& dice, DemoTemper temper) {
  // In the order of DemoHabit. With these about half of the registered are active at any time
  // after the first year, about one in ten is in grace, and the rest has lapsed.
  constexpr std::array<std::array<int, 7>, 4> kWeights = {{
      {36, 4, 27, 15, 10, 0, 8},  // kWalkIn
      {52, 5, 18, 12, 8, 0, 5},   // kGathered
      {8, 60, 17, 7, 4, 0, 4},    // kFarmers
      {0, 0, 0, 0, 0, 1, 0},      // kSponsored
  }};
  DemoPayer payer;
  payer.habit = static_cast<DemoHabit>(dice.Pick(kWeights[static_cast<std::size_t>(temper)]));
  payer.pay_day = dice.Permille(550) ? dice.Between(1, 10) : dice.Between(11, kLastPayDay);
  // Who pays late in the month mostly pays for the next.
  payer.ahead = dice.Permille(payer.pay_day > 10 ? 950 : 600) ? 1 : 0;
  if (payer.habit == DemoHabit::kReturning) {
    payer.left = dice.Between(3, 8);
  } else if (payer.habit == DemoHabit::kStopped) {
    payer.left = dice.Between(1, 2);
    payer.ahead = 0;
  }
  return payer;
}

std::optional<Date> FirstVisit(DemoDice& dice, const DemoPayer& payer, Date joined) {
  if (payer.habit == DemoHabit::kNever) {
    return std::nullopt;
  }
  if (payer.habit == DemoHabit::kSponsored) {
    return IsSponsorDay(joined) ? joined : NextSponsorDay(joined);
  }
  return dice.Permille(600) ? joined : joined.AddDays(dice.Between(1, 25));
}

DemoVisit VisitOn(DemoDice& dice, DemoPayer& payer, Month first_open, Date on) {
  switch (payer.habit) {
    case DemoHabit::kMonthly:
      return VisitMonthly(dice, payer, first_open, on);
    case DemoHabit::kSeasonal:
      return VisitSeasonal(dice, on);
    case DemoHabit::kStopped: {
      const bool again = --payer.left > 0;
      return {.months = 1,
              .next = again ? std::optional(NextMonthsDay(dice, payer, on)) : std::nullopt};
    }
    case DemoHabit::kIrregular:
      return VisitIrregular(dice, on);
    case DemoHabit::kReturning:
      return VisitReturning(dice, payer, first_open, on);
    case DemoHabit::kSponsored:
      return VisitSponsored(dice, payer, first_open, on);
    case DemoHabit::kNever:
      return {};
  }
  return {};
}

}  // namespace jaring
