#pragma once

// How people pay: when somebody comes next, and for how many months.

#include <cstdint>
#include <optional>

#include "demo/demo_branch.h"
#include "demo/demo_dice.h"
#include "rules/purchase.h"

namespace jaring {

enum class DemoHabit : std::uint8_t {
  kMonthly,    // Every month, now and then a month late; one day no more.
  kSeasonal,   // Three to six months after each harvest.
  kStopped,    // One or two months, then never again.
  kIrregular,  // When there is money; sometimes too late, then it begins anew.
  kReturning,  // Some months, a long pause, and again.
  kSponsored,  // A sponsor pays to the end of the year, for all on one day.
  kNever,      // Registered, and that was all.
};

struct DemoPayer {
  DemoHabit habit = DemoHabit::kNever;
  int pay_day = 1;  // Of the month, 1 to 28.
  int ahead = 0;    // Months paid beyond the current one.
  int left = 0;     // Payments before the pause (kReturning) or the end (kStopped).
};

/// Months to pay now (0: comes away without paying) and the day of the next visit.
struct DemoVisit {
  int months = 0;
  std::optional<Date> next;
};

DemoPayer DrawPayer(DemoDice& dice, DemoTemper temper);

/// The first visit of somebody who joined on a day; absent: never comes.
std::optional<Date> FirstVisit(DemoDice& dice, const DemoPayer& payer, Date joined);

/// What happens on the day of a visit. `first_open` is the first month that money would buy.
/// May change the habit: who loses the sponsor may go on alone.
DemoVisit VisitOn(DemoDice& dice, DemoPayer& payer, Month first_open, Date on);

/// Sponsors bring their lists and pay for them on these days only.
bool IsSponsorDay(Date on);

}  // namespace jaring
