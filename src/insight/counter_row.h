#pragma once

// The stored coverage counters, each with the cohort it belongs to.

#include <cstdint>
#include <functional>

#include "db/database.h"
#include "ledger/coverage_sums.h"

namespace jaring {

struct CounterRow {
  std::int64_t cohort_id = 0;
  std::int64_t month = kAllMonths;  // Its number.
  CoverageCount count;
  CohortPlace place;
};

struct ClosingRow {
  ClosingKey key;
  std::int64_t spells = 0;
  CohortPlace place;
};

/// The part of the agency a report is of; 0 is all.
struct CoverageFilter {
  std::int64_t region_code = 0;  // A province or a regency: figures are not kept for less.
  std::int64_t branch_id = 0;
  std::int64_t group_id = 0;

  friend bool operator==(const CoverageFilter&, const CoverageFilter&) = default;
};

/// The counters of the cohorts in the filter for all months together, and for each from `from` on;
/// in no order.
Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row,
                         const CoverageFilter& filter = {},
                         Month from = Month::FromYearMonth(1900, 1));
Result<Done> EachClosing(Tx& tx, const std::function<void(const ClosingRow&)>& on_row,
                         const CoverageFilter& filter = {});

}  // namespace jaring
