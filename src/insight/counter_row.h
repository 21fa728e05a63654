#pragma once

// The stored coverage counters, each with the cohort it belongs to.

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "db/database.h"
#include "ledger/coverage_sums.h"

namespace jaring {

struct CounterRow {
  std::int64_t cohort_id = 0;
  std::int64_t month = kAllMonths;  // Its number.
  CoverageCount count;
  CohortPlace place;
};

struct VillageCounterRow {
  std::int64_t village_code = 0;
  std::int64_t month = kAllMonths;  // Its number.
  SumCount sum;
};

struct ClosingRow {
  ClosingKey key;
  std::int64_t spells = 0;
  CohortPlace place;
};

/// A region's code as somebody wrote it. Errors: region.unknown.
Result<std::int64_t> ParseRegion(Tx& tx, std::string_view text);

/// The part of the agency a report is of; 0 is all.
struct CoverageFilter {
  std::int64_t region_code = 0;  // A province, a regency, a district or a village.
  std::int64_t branch_id = 0;
  std::int64_t group_id = 0;
  std::optional<std::int64_t> sector;  // Its place among the scheme's.
  std::int64_t door = 0;

  /// The first and the last code of the regencies in it; of less than a regency none.
  std::pair<std::int64_t, std::int64_t> regencies() const;

  /// Of one sector or one door only.
  bool has_kind() const { return sector.has_value() || door != 0; }
  /// Everybody in its region, whatever else she is of.
  bool is_of_everybody() const { return branch_id == 0 && group_id == 0 && !has_kind(); }

  friend bool operator==(const CoverageFilter&, const CoverageFilter&) = default;
};

/// The counters of the cohorts in the filter for all months together, and for each from `from` on;
/// in no order.
Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row,
                         const CoverageFilter& filter = {},
                         Month from = Month::FromYearMonth(1900, 1));
Result<Done> EachClosing(Tx& tx, const std::function<void(const ClosingRow&)>& on_row,
                         const CoverageFilter& filter = {});

/// All there is of every village; closings name the village as their unit.
Result<Done> EachVillageCounter(Tx& tx,
                                const std::function<void(const VillageCounterRow&)>& on_row);
Result<Done> EachVillageClosing(
    Tx& tx, const std::function<void(const ClosingKey& closing, std::int64_t spells)>& on_row);

/// The same of some villages: counters of all months together, and of each from `from` on; closings
/// of who was paid through `from` or later.
Result<Done> EachVillageCounter(Tx& tx, const std::vector<std::int64_t>& villages, Month from,
                                const std::function<void(const VillageCounterRow&)>& on_row);
Result<Done> EachVillageClosing(
    Tx& tx, const std::vector<std::int64_t>& villages, Month from,
    const std::function<void(const ClosingKey& closing, std::int64_t spells)>& on_row);

}  // namespace jaring
