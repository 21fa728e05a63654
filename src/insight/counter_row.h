#pragma once

// The stored coverage counters, each with the cohort it belongs to.

#include <cstdint>
#include <functional>

#include "db/database.h"
#include "ledger/coverage_tally.h"

namespace jaring {

/// What the agency reports by.
struct CohortPlace {
  std::int64_t branch_id = 0;
  std::int64_t regency_code = 0;
  std::int64_t sector = 0;
  std::int64_t group_id = 0;
  std::int64_t door = 0;
};

struct CounterRow {
  std::int64_t cohort_id = 0;
  Month month = Month::FromYearMonth(1900, 1);
  CoverageCount count;
  CohortPlace place;
};

struct ClosingRow {
  ClosingKey key;
  std::int64_t spells = 0;
  CohortPlace place;
};

/// Every counter, in no order.
Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row);
Result<Done> EachClosing(Tx& tx, const std::function<void(const ClosingRow&)>& on_row);

}  // namespace jaring
