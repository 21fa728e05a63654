#pragma once

// The legal clock of a claim: until when it may be made, by when it is paid, what being late costs.

#include <optional>

#include "rules/benefit_working.h"

namespace jaring {

/// Neither Saturday nor Sunday nor a holiday of the scheme.
bool IsWorkingDay(const Scheme& scheme, Date day);

/// True when the scheme lists holidays of that year: else only week-ends count as such.
bool KnowsHolidaysOf(const Scheme& scheme, int year);

/// The `count`th working day after `day`.
///
/// Limit: 0 to 1'000; 0 is `day` itself.
Date AddWorkingDays(const Scheme& scheme, Date day, int count);

/// The last day to pay a claim whose requirements were met on `complete_on`; nothing where the
/// scheme sets none.
///
/// Source: [pp44-2015:37(2)] JKK, [permenaker44-2015:19(3)] JKM, [infobank] JHT.
std::optional<Date> PayDeadline(const Scheme& scheme, Programme programme, Date complete_on);

/// What is added to `amount`, due on `due`, when it is paid on `paid_on`: the scheme's share for
/// each day after it, rounded down. Days of the calendar: the rule says days, not working days.
///
/// Limit: 3'650 days; what comes later adds nothing.
/// Source: [pp44-2015:37(3)], [permenaker44-2015:19(4)].
Worked LatenessPenalty(const Scheme& scheme, Programme programme, Money amount, Date due,
                       Date paid_on);

/// The last day to report an accident, counted from the accident itself (first stage) or from the
/// doctor's finding of how it ended (second stage); nothing: no such day. Hours count as days.
///
/// Source: [permenaker44-2015:15] 2 x 24 hours for both.
std::optional<Date> LastDayToReport(const Scheme& scheme, Date since);

/// The last day on which a claim for an accident may be made; nothing: no end.
///
/// Source: [pp82-2019], [tips] five years after the accident; that the anniversary itself is in
/// time is our reading.
std::optional<Date> LastDayToClaim(const Scheme& scheme, Date accident);

}  // namespace jaring
