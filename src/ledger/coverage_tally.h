#pragma once

// Changes to the coverage counters, gathered over one transaction and then written once each.

#include <cstdint>
#include <map>
#include <utility>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// One row of coverage_counter, or a change to it. What each field counts: migration 0006.
struct CoverageCount {
  std::int64_t registered = 0;
  std::int64_t begun = 0;
  std::int64_t paid_through = 0;
  std::int64_t restarted = 0;
  std::int64_t closed = 0;
  std::int64_t months_bought = 0;
  std::int64_t received_rupiah = 0;

  friend bool operator==(const CoverageCount&, const CoverageCount&) = default;
};

class CoverageTally {
 public:
  CoverageCount& At(std::int64_t cohort_id, Month month) { return counts_[{cohort_id, month}]; }

  /// Adds everything gathered to the stored counters; empties the tally.
  Result<Done> Post(Tx& tx);

 private:
  std::map<std::pair<std::int64_t, Month>, CoverageCount> counts_;
};

}  // namespace jaring
