#pragma once

// How far a run of `jaring month` has come: kept in the transactions that post, so that a run that
// was broken off goes on where it was.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "collection/payment_reservation.h"
#include "db/database.h"

namespace jaring {

struct MonthRun {
  Month month = Month::FromYearMonth(1900, 1);
  std::string fingerprint;  // Keyed digest of the files'.
  Instant started_at = Instant::FromMicros(0);
  std::int64_t attempt = 1;
  std::int64_t first_payment_id = 0;
  std::int64_t payment_count = 0;
  std::int64_t posted_payment_id = 0;  // Payments up to this number are posted.
  std::optional<Instant> finished_at;
  std::map<std::int64_t, std::int64_t> renumbered;  // See RenumberOvertaken.

  std::int64_t end_payment_id() const { return first_payment_id + payment_count; }
};

/// What became of the rows of one file.
struct MonthCounts {
  std::int64_t posted = 0;
  std::int64_t suspended = 0;
  std::int64_t late = 0;  // Of those two: booked in the open month.
};

Result<std::optional<MonthRun>> FindMonthRun(Tx& tx, Month month);

/// A month whose run was begun and is not finished.
Result<std::optional<Month>> FindUnfinishedMonth(Tx& tx);

/// For what must not happen between reservation and posting of a payment: merges weigh all that a
/// person has paid.
///
/// Errors: month.being_posted.
Result<Done> CheckNoMonthIsPosted(Tx& tx);

/// Begins the run of a month and takes the numbers of its payments, or goes on with the one that
/// was broken off.
///
/// Errors: month.other_files (it was begun with others), month.other_unfinished (the run of another
/// month is), those of Tx.
Result<MonthRun> StartMonthRun(Tx& tx, Month month, std::string_view fingerprint,
                               std::int64_t payment_count, Instant now);

/// Posts reserved payments of a run; outcomes in their order. `planned`, which may be null: the
/// same payments planned ahead, known at the run's start, and nothing committed since that they
/// rest on.
Result<std::vector<PaymentOutcome>> PostMonthStep(Tx& tx, const Agency& agency, const MonthRun& run,
                                                  std::span<const PaymentRequest> requests,
                                                  std::vector<PaymentReservation> reservations,
                                                  ReservedPayments* planned);

/// Notes that payments up to a number are posted, and what became of those since the last time, by
/// the place of the file; in the transaction that posts them.
///
/// Errors: month.taken_over (the run was started again meanwhile), those of Tx.
Result<Done> AdvanceMonthRun(Tx& tx, const MonthRun& run, std::int64_t posted_payment_id,
                             const std::map<std::int64_t, MonthCounts>& counts);

/// Errors: month.taken_over, those of Tx.
Result<Done> FinishMonthRun(Tx& tx, const MonthRun& run, Instant now);

/// What became of the payments of each file so far, by the place of the file.
Result<std::map<std::int64_t, MonthCounts>> ListMonthCounts(Tx& tx, Month month);

}  // namespace jaring
