#pragma once

// The counters of cohorts added up over the nation, so that a question over everybody reads few
// rows. Kept with each posting (CoverageTally) and recomputed by `jaring verify`.

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/coverage_tally.h"
#include "ledger/leaving_cause.h"

namespace jaring {

/// What the agency reports by.
struct CohortPlace {
  std::int64_t branch_id = 0;
  std::int64_t regency_code = 0;
  std::int64_t sector = 0;
  std::int64_t group_id = 0;
  std::int64_t door = 0;
};

/// Columns branch_id to door of cohort, in this order.
inline CohortPlace ReadPlace(const Row& row, int column) {
  return {.branch_id = row.Int(column),
          .regency_code = row.Int(column + 1),
          .sector = row.Int(column + 2),
          .group_id = row.Int(column + 3),
          .door = row.Int(column + 4)};
}

/// Places of cohorts by number.
using CohortPlaces = std::map<std::int64_t, CohortPlace>;

/// What the nation is split by. Stored, so the numbers never change.
enum class SumDimension : std::int64_t {
  kPlace = 1,         // Regency and branch.
  kKind = 2,          // Sector and door.
  kGroup = 3,         // Group and 0; people without a group are in none of its sums.
  kLeaving = 4,       // Regency, and branch and cause (LeavingPlace); no month 0, only who leaves.
  kProvinceKind = 5,  // Province, and sector and door (KindOfWork).
};

/// One part of one split: the drivers who came through the counter.
struct SumKey {
  SumDimension dimension = SumDimension::kKind;
  std::int64_t first = 0;
  std::int64_t second = 0;

  friend auto operator<=>(const SumKey&, const SumKey&) = default;
};

/// Second value of kLeaving.
struct LeavingPlace {
  std::int64_t branch_id = 0;
  std::int64_t cause = 0;  // LapseCause, or kFirstEndCause and an EndReason.

  static LeavingPlace OfNumber(std::int64_t number) { return {number / kCauses, number % kCauses}; }
  std::int64_t number() const { return branch_id * kCauses + cause; }
};

/// Second value of kProvinceKind.
struct KindOfWork {
  std::int64_t sector = 0;
  std::int64_t door = 0;

  static KindOfWork OfNumber(std::int64_t number) { return {number / 100, number % 100}; }
  std::int64_t number() const { return sector * 100 + door; }
};

/// Spells of one part that were closed, by the last month they had bought and that of closing.
struct ClosingSumKey {
  SumKey key;
  Month paid_through = Month::FromYearMonth(1900, 1);
  Month month = Month::FromYearMonth(1900, 1);

  friend auto operator<=>(const ClosingSumKey&, const ClosingSumKey&) = default;
};

/// No month comes after it.
inline constexpr Month kLastMonth = Month::FromYearMonth(2999, 12);

struct CoverageSums {
  std::map<std::pair<SumKey, std::int64_t>, SumCount>
      counts;  // And by month's number, or kAllMonths.
  std::map<ClosingSumKey, std::int64_t> closings;

  /// Adds up what is counted by cohort. Errors: counter.cohort_unknown.
  Result<Done> AddCohorts(const CounterSet& cohorts, const CohortPlaces& places);
  /// Adds up what is counted by LeavingUnit. Errors: counter.cohort_unknown.
  Result<Done> AddLeavings(const CounterSet& leavings, const CohortPlaces& places);

  /// Adds to the stored sums.
  Result<Done> Post(Tx& tx) const;
};

/// Columns registered to received_rupiah of coverage_sum and village_counter, in their order.
SumCount ReadSumCount(const Row& row, int column);

using SumReader = std::function<void(const SumKey& key, std::int64_t month, const SumCount& count)>;

/// The sums of a dimension whose first values lie in a range, both ends in it.
struct SumRange {
  SumDimension dimension = SumDimension::kKind;
  std::int64_t first = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

/// The sums of a range for each month from `first` to `last`; in a month by their keys.
Result<Done> EachSum(Tx& tx, const SumRange& range, Month first, Month last,
                     const SumReader& on_row);

/// The same; only paid_through is read.
Result<Done> EachPaidThrough(Tx& tx, const SumRange& range, Month first, Month last,
                             const SumReader& on_row);

/// The sums of a range for all months (kAllMonths).
Result<Done> EachSumOfAll(Tx& tx, const SumRange& range, const SumReader& on_row);

/// Spells closed that were paid through a month from `first` to `last`.
Result<Done> EachClosingSum(
    Tx& tx, const SumRange& range, Month first, Month last,
    const std::function<void(const ClosingSumKey& closing, std::int64_t spells)>& on_row);

}  // namespace jaring
