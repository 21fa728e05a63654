#pragma once

// `jaring interest`: credits what the old-age savings of everybody earned in a year that is closed.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "collection/savings_account.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

struct ReturnRun {
  ReturnTerms terms;
  Instant started_at = Instant::FromMicros(0);
  std::int64_t attempt = 1;
  std::int64_t done_person_id = 0;  // People up to this number have theirs.
  std::int64_t person_count = 0;    // Of them, those who earned.
  Money amount;
  std::optional<Instant> finished_at;
};

/// By year.
Result<std::vector<ReturnRun>> ListReturnRuns(Tx& tx);

struct ReturnOptions {
  int year = 0;
  Instant now = Instant::FromMicros(0);
  std::int64_t people_per_step = 50'000;  // In one transaction.
  /// Called within the transaction that finishes the run.
  std::function<Result<Done>(Tx&, const ReturnRun&)> note = {};
  /// Told after each step, with the people done and those there are; may be empty. An error stops
  /// the run.
  std::function<Result<Done>(std::int64_t done, std::int64_t total)> on_step = {};
};

/// Credits the return of a year. Each person's is reckoned on what the books held of hers in the
/// year, which no posting changes any more; one journal takes them all, as an expense. Broken off
/// anywhere, the next run goes on with the terms that this one began with. A year that is credited
/// is left alone: the run of then is returned.
///
/// Errors: interest.not_declared, interest.year_open (its December is not closed),
/// interest.year_before (the year before had savings and is not credited), interest.running,
/// interest.taken_over (it was started again meanwhile), those of Database.
Result<ReturnRun> CreditReturns(Database& db, const Agency& agency, const ReturnOptions& options);

}  // namespace jaring
