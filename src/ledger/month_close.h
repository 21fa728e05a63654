#pragma once

// Closing a month: its journals stay as they are, and what is told of it late is booked in the
// month that is open.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/calendar.h"
#include "base/money.h"
#include "db/database.h"

namespace jaring {

/// The first day that journals take lines for; nothing when no month was ever closed.
Result<std::optional<Date>> BooksOpenFrom(Tx& tx);

/// The day that something of `day` is booked on.
inline Date BookingDay(const std::optional<Date>& open_from, Date day) {
  return open_from && day < *open_from ? *open_from : day;
}

struct ClosedMonth {
  Month month = Month::FromYearMonth(1900, 1);
  Instant closed_at = Instant::FromMicros(0);
  Money debit;  // Sum of the debit balances at the end of the month; the credit ones are as much.
};

/// Closes a month and every one before it: keeps the balances of all accounts at its end.
///
/// Errors: month.not_over, month.closed (this one or a later one is), those of Tx.
Result<ClosedMonth> CloseMonth(Tx& tx, Month month, Instant now);

/// Newest first.
Result<std::vector<ClosedMonth>> ListClosedMonths(Tx& tx);

}  // namespace jaring
