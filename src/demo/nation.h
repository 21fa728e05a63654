#pragma once

// An invented nation in the shape of the published statistics: people, memberships and the year of
// books they open with, written in the order of the tables' keys.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "registry/agency.h"

namespace jaring {

struct NationOptions {
  std::int64_t people = 0;  // Limit: 0 to 75'000'000; see NationPeopleAt.
  std::uint64_t seed = 1;
  Date today = Date::FromYearMonthDay(2026, 1, 1);  // The books end before the month it is in.
  std::filesystem::path data_root;                  // The folder that has data/.
  unsigned threads = 0;                             // That make people; 0: one for each core.
  std::int64_t rows_at_once = 50'000;               // In one transaction; the rows are the same.
};

/// What is being written; in this order.
enum class NationStep : std::uint8_t { kPeople, kNiks, kLikenesses, kPhones, kReferences, kDone };

/// "people", "niks"…
std::string_view NationStepName(NationStep step);

struct NationProgress {
  NationStep step = NationStep::kPeople;
  std::int64_t done = 0;
  std::int64_t all = 0;
};

struct NationSummary {
  std::int64_t people = 0;
  std::int64_t active = 0;           // Paid for the last month or beyond.
  std::int64_t active_informal = 0;  // Of them.
  std::int64_t claimed = 0;          // In the last month; their memberships have ended.
  std::int64_t payments = 0;
  Month last_month = Month::FromYearMonth(1900, 1);
  std::int64_t resumed_at = 0;  // People that were there when this run began.
};

/// So many millionths of the registered people of the statistics.
///
/// Errors: demo.people_out_of_range, and those of the statistics' files.
Result<std::int64_t> NationPeopleAt(std::int64_t ppm, const Scheme& scheme,
                                    const std::filesystem::path& data_root);

/// Fills a demo agency that CreateAgency has made and that is empty. The same seed, people and
/// month give the same rows, whatever the threads, and whether it was interrupted or not: an
/// interrupted one goes on where it was when it is called again with the same options.
///
/// Memory: 24 bytes for each person, and some tens of megabytes.
/// Errors: demo.agency_is_real, demo.people_out_of_range, demo.today_out_of_range,
/// demo.already_made, demo.begun_otherwise, demo.regions_missing, demo.statistics_unreadable,
/// demo.names_unreadable, demo.other_scheme; those of Tx.
Result<NationSummary> MakeNation(Database& database, const Agency& agency,
                                 const NationOptions& options,
                                 const std::function<void(const NationProgress&)>& progress);

}  // namespace jaring
