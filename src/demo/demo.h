#pragma once

// The demo: an invented branch like the one of Surakarta, with two years of months behind it. It
// goes through the same services as real lists and payments, day after day.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "demo/demo_mark.h"
#include "registry/agency.h"

namespace jaring {

struct DemoOptions {
  std::int64_t people = 60'000;  // Limit: 0 to 1'000'000.
  std::uint64_t seed = 1;
  Date today = Date::FromYearMonthDay(2026, 1, 1);  // History ends on the evening before.
  std::filesystem::path data_root;                  // The folder that has data/.
};

struct DemoProgress {
  Date day = Date::FromYearMonthDay(1900, 1, 1);  // Done up to its evening.
  std::int64_t days_done = 0;
  std::int64_t days = 0;
  std::int64_t people = 0;
  std::int64_t payments = 0;
};

struct DemoSummary {
  Date first_day = Date::FromYearMonthDay(1900, 1, 1);
  Date last_day = Date::FromYearMonthDay(1900, 1, 1);
  std::int64_t groups = 0;
  std::int64_t partners = 0;
  std::int64_t people = 0;
  std::int64_t payments = 0;   // Money that came in, what is in suspense included.
  std::int64_t months = 0;     // Bought; what reversals took back is not taken off.
  std::int64_t restarts = 0;   // Spells begun after a lapse.
  std::int64_t suspended = 0;  // Payments that went to suspense,
  std::int64_t placed = 0;     // and those of them that found their owner later.
  std::int64_t reversed = 0;
  std::int64_t ended = 0;  // Memberships closed.
};

/// Fills a demo agency that CreateAgency has made. The same options give the same rows. People and
/// payments are committed some thousands at a time; `progress` (may be empty) is called after each.
/// Interrupted half-way it leaves a sound database that FindDemo calls unfinished.
///
/// Errors: demo.agency_is_real, demo.people_out_of_range, demo.today_out_of_range,
/// demo.already_made, demo.branch_missing, demo.names_unreadable, demo.regions_missing,
/// demo.other_scheme, demo.row_refused; those of the services and of Tx.
Result<DemoSummary> MakeDemo(Database& database, const Agency& agency, const DemoOptions& options,
                             const std::function<void(const DemoProgress&)>& progress);

}  // namespace jaring
