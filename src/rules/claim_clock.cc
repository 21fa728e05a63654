#include "rules/claim_clock.h"

#include <algorithm>

#include "base/check.h"

namespace jaring {
namespace {

bool IsHoliday(const Scheme& scheme, Date day) {
  const auto found =
      std::lower_bound(scheme.holidays.begin(), scheme.holidays.end(), day,
                       [](const Holiday& holiday, Date wanted) { return holiday.on < wanted; });
  return found != scheme.holidays.end() && found->on == day;
}

/// A programme's own figure: "jkk-pay-working-days".
const FigureRow* FigureOf(const Scheme& scheme, Programme programme, std::string_view what,
                          Date on) {
  std::string id;
  for (const char c : ProgrammeCode(programme)) {
    id += static_cast<char>(c - 'A' + 'a');
  }
  return FindFigure(scheme, id.append("-").append(what), on);
}

}  // namespace

bool IsWorkingDay(const Scheme& scheme, Date day) {
  constexpr std::int64_t kThursday = 4;  // 1970-01-01, counted from Sunday.
  const std::int64_t weekday = ((day.days() + kThursday) % 7 + 7) % 7;
  return weekday != 0 && weekday != 6 && !IsHoliday(scheme, day);
}

bool KnowsHolidaysOf(const Scheme& scheme, int year) {
  return std::any_of(scheme.holidays.begin(), scheme.holidays.end(),
                     [year](const Holiday& holiday) { return holiday.on.year() == year; });
}

Date AddWorkingDays(const Scheme& scheme, Date day, int count) {
  JARING_CHECK(count >= 0);
  JARING_CHECK(count <= 1'000);
  while (count > 0) {
    day = day.AddDays(1);
    count -= IsWorkingDay(scheme, day) ? 1 : 0;
  }
  return day;
}

std::optional<Date> PayDeadline(const Scheme& scheme, Programme programme, Date complete_on) {
  const FigureRow* days = FigureOf(scheme, programme, "pay-working-days", complete_on);
  if (days == nullptr) {
    return std::nullopt;
  }
  return AddWorkingDays(scheme, complete_on,
                        static_cast<int>(std::min<std::int64_t>(days->value, 1'000)));
}

Worked LatenessPenalty(const Scheme& scheme, Programme programme, Money amount, Date due,
                       Date paid_on) {
  constexpr std::int64_t kMostDays = 3'650;
  const FigureRow* penalty = FigureOf(scheme, programme, "delay-penalty", due);
  if (penalty == nullptr || paid_on <= due) {
    return {};
  }
  const std::int64_t late = std::min(paid_on.days() - due.days(), kMostDays);
  const auto rate = Rate::FromPpm(std::min(penalty->value * late, Rate::kMaxPpm));
  return {Share(amount, rate, Rounding::kDown),
          {{Term::kShare, penalty->value, &penalty->mark}, {Term::kDaysLate, late, nullptr}}};
}

std::optional<Date> LastDayToReport(const Scheme& scheme, Date since) {
  constexpr std::int64_t kHoursOfDay = 24;
  const FigureRow* hours = FindFigure(scheme, "jkk-report-hours", since);
  return hours == nullptr
             ? std::nullopt
             : std::optional(since.AddDays(static_cast<int>(hours->value / kHoursOfDay)));
}

std::optional<Date> LastDayToClaim(const Scheme& scheme, Date accident) {
  const FigureRow* years = FindFigure(scheme, "jkk-claim-lapses-years", accident);
  if (years == nullptr) {
    return std::nullopt;
  }
  const auto month = Month::FromYearMonth(accident.year() + static_cast<int>(years->value),
                                          accident.month_of_year());
  return DayOf(month, accident.day());
}

}  // namespace jaring
