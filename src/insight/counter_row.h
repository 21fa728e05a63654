#pragma once

// One stored coverage counter with the cohort it belongs to.

#include <cstdint>
#include <functional>

#include "db/database.h"
#include "ledger/coverage_tally.h"

namespace jaring {

struct CounterRow {
  std::int64_t cohort_id = 0;
  Month month = Month::FromYearMonth(1900, 1);
  CoverageCount count;
  std::int64_t branch_id = 0;
  std::int64_t regency_code = 0;
  std::int64_t sector = 0;
  std::int64_t group_id = 0;
  std::int64_t door = 0;
};

/// Every counter, in no order.
Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row);

}  // namespace jaring
