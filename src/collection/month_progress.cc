#include "collection/month_progress.h"

#include <algorithm>
#include <vector>

#include "collection/month_sql.h"
#include "ledger/sequence.h"

namespace jaring {

Result<std::optional<MonthRun>> FindMonthRun(Tx& tx, Month month) {
  std::optional<MonthRun> run;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindMonthRun, {month.number()}, [&](const Row& row) {
    run = MonthRun{.month = month,
                   .fingerprint = std::string(row.Blob(0)),
                   .started_at = Instant::FromMicros(row.Int(1)),
                   .attempt = row.Int(2),
                   .first_payment_id = row.Int(3),
                   .payment_count = row.Int(4),
                   .posted_payment_id = row.Int(5)};
    if (!row.IsNull(6)) {
      run->finished_at = Instant::FromMicros(row.Int(6));
    }
  }));
  if (run && !run->finished_at) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kListRenumbered, {run->first_payment_id},
                 [&](const Row& row) { run->renumbered[row.Int(0)] = row.Int(1); }));
  }
  return run;
}

Result<std::optional<Month>> FindUnfinishedMonth(Tx& tx) {
  std::optional<Month> month;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindUnfinishedMonth, {}, [&](const Row& row) {
    const auto stored = Month::ParseNumber(row.Int(0));
    JARING_CHECK(stored.has_value());
    month = *stored;
  }));
  return month;
}

Result<Done> CheckNoMonthIsPosted(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const auto unfinished, FindUnfinishedMonth(tx));
  return unfinished ? Conflict("month.being_posted", unfinished->ToString()) : Result<Done>(Done{});
}

Result<MonthRun> StartMonthRun(Tx& tx, Month month, std::string_view fingerprint,
                               std::int64_t payment_count, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto unfinished, FindUnfinishedMonth(tx));
  if (unfinished && *unfinished != month) {
    return Conflict("month.other_unfinished", unfinished->ToString());
  }
  JARING_ASSIGN_OR_RETURN(auto run, FindMonthRun(tx, month));
  if (run) {
    if (run->fingerprint != fingerprint || run->payment_count != payment_count) {
      return Conflict("month.other_files", month.ToString());
    }
    JARING_RETURN_IF_ERROR(tx.Run(sql::kStartMonthAgain, {month.number()}));
    ++run->attempt;
    return *run;
  }
  MonthRun begun{.month = month,
                 .fingerprint = std::string(fingerprint),
                 .started_at = now,
                 .payment_count = payment_count};
  JARING_ASSIGN_OR_RETURN(begun.first_payment_id, TakeNumbers(tx, "payment", payment_count));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertMonthRun, {month.number(), Bytes{begun.fingerprint}, now.micros(),
                                    begun.first_payment_id, payment_count}));
  return begun;
}

Result<std::vector<PaymentOutcome>> PostMonthStep(Tx& tx, const Agency& agency, const MonthRun& run,
                                                  std::span<const PaymentRequest> requests,
                                                  std::vector<PaymentReservation> reservations,
                                                  ReservedPayments* planned) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t next, TakeNumbers(tx, "payment", 0));
  OvertakenPayments overtaken;
  if (next != run.end_payment_id()) {  // Somebody paid by another way since the run began.
    JARING_ASSIGN_OR_RETURN(overtaken, RenumberOvertaken(tx, requests, reservations));
  }
  const auto post = [&](std::span<const PaymentRequest> some,
                        std::vector<PaymentReservation> theirs,
                        Instant known_at) -> Result<std::vector<PaymentOutcome>> {
    ReservedPayments payments(agency, some, std::move(theirs), known_at);
    JARING_RETURN_IF_ERROR(payments.Plan(tx));
    return payments.Write(tx);
  };
  if (overtaken.places.empty()) {
    return planned != nullptr ? planned->Write(tx) : post(requests, reservations, run.started_at);
  }
  std::vector<PaymentOutcome> outcomes(requests.size());
  std::vector<bool> is_overtaken(requests.size());
  for (const std::size_t i : overtaken.places) {
    is_overtaken[i] = true;
  }
  for (const bool late : {false, true}) {
    std::vector<std::size_t> places;
    std::vector<PaymentRequest> some;
    std::vector<PaymentReservation> theirs;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (is_overtaken[i] == late) {
        places.push_back(i);
        some.push_back(requests[i]);
        theirs.push_back(reservations[i]);
      }
    }
    const Instant known_at = late ? std::max(run.started_at, overtaken.known_at) : run.started_at;
    JARING_ASSIGN_OR_RETURN(const auto posted, post(some, std::move(theirs), known_at));
    for (std::size_t k = 0; k < places.size(); ++k) {
      outcomes[places[k]] = posted[k];
    }
  }
  return outcomes;
}

Result<Done> AdvanceMonthRun(Tx& tx, const MonthRun& run, std::int64_t posted_payment_id,
                             const std::map<std::int64_t, MonthCounts>& counts) {
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t rows,
      tx.Run(sql::kAdvanceMonthRun, {run.month.number(), run.attempt, posted_payment_id}));
  if (rows != 1) {
    return Conflict("month.taken_over", run.month.ToString());
  }
  ValueRows added(5);
  for (const auto& [file, count] : counts) {
    added.Add({run.month.number(), file, count.posted, count.suspended, count.late});
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddToMonthFile, added));
  return Done{};
}

Result<Done> FinishMonthRun(Tx& tx, const MonthRun& run, Instant now) {
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t rows,
      tx.Run(sql::kFinishMonthRun, {run.month.number(), run.attempt, now.micros()}));
  return rows == 1 ? Result<Done>(Done{}) : Conflict("month.taken_over", run.month.ToString());
}

Result<std::map<std::int64_t, MonthCounts>> ListMonthCounts(Tx& tx, Month month) {
  std::map<std::int64_t, MonthCounts> counts;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListMonthFiles, {month.number()}, [&](const Row& row) {
    counts[row.Int(0)] = {row.Int(1), row.Int(2), row.Int(3)};
  }));
  return counts;
}

}  // namespace jaring
