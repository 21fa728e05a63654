#pragma once

// Changes to the coverage counters, gathered over one transaction and then written once each.

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// One row of coverage_counter, or a change to it. What each field counts: migrations 0006, 0007.
struct CoverageCount {
  std::int64_t registered = 0;
  std::int64_t begun = 0;
  std::int64_t paid_through = 0;
  std::int64_t restarted = 0;
  std::int64_t months_bought = 0;
  std::int64_t received_rupiah = 0;

  CoverageCount& operator+=(const CoverageCount& other);
  CoverageCount& operator-=(const CoverageCount& other);
  friend bool operator==(const CoverageCount&, const CoverageCount&) = default;
};

/// In place of a month's number: all months together. Of them money is not counted.
inline constexpr std::int64_t kAllMonths = 0;

/// Spells of a cohort that are ended from a month on, by the last month they had bought: by it they
/// leave the states of unclosed spells. Without that month only `ended` is counted: a closed spell
/// that another follows is ended no more.
struct ClosingKey {
  std::int64_t cohort_id = 0;
  Month month = Month::FromYearMonth(1900, 1);
  std::optional<Month> paid_through;

  friend auto operator<=>(const ClosingKey&, const ClosingKey&) = default;
};

class CoverageTally {
 public:
  using Counts = std::map<std::pair<std::int64_t, Month>, CoverageCount>;
  using Closings = std::map<ClosingKey, std::int64_t>;
  using Numbered = std::map<std::pair<std::int64_t, std::int64_t>, CoverageCount>;

  CoverageCount& At(std::int64_t cohort_id, Month month) { return counts_[{cohort_id, month}]; }
  std::int64_t& Closed(const ClosingKey& key) { return closings_[key]; }

  const Counts& counts() const { return counts_; }
  const Closings& closings() const { return closings_; }

  /// What is not nothing, by cohort and number of the month, with what all months together make.
  Numbered WithAllMonths() const;

  /// Adds everything gathered to the stored counters and their sums; empties the tally.
  ///
  /// Errors: counter.cohort_unknown, those of Tx.
  Result<Done> Post(Tx& tx);

 private:
  Counts counts_;
  Closings closings_;
};

}  // namespace jaring
