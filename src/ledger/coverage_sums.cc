#include "ledger/coverage_sums.h"

#include <string>

#include "ledger/ledger_sql.h"

namespace jaring {
namespace {

constexpr Month kLastMonth = Month::FromYearMonth(2999, 12);

Month StoredMonth(std::int64_t number) {
  const auto month = Month::ParseNumber(number);
  JARING_CHECK(month.has_value());
  return *month;
}

/// The sums that members of a cohort are part of.
std::vector<SumKey> KeptSums(const CohortPlace& place) {
  std::vector<SumKey> keys = {{SumDimension::kPlace, place.regency_code, place.branch_id},
                              {SumDimension::kKind, place.sector, place.door}};
  if (place.group_id != 0) {
    keys.push_back({SumDimension::kGroup, place.group_id, 0});
  }
  return keys;
}

/// The sums of one cohort after another.
class KeysOfCohort {
 public:
  explicit KeysOfCohort(const CohortPlaces& places) : places_(places) {}

  Result<const std::vector<SumKey>*> operator[](std::int64_t cohort_id) {
    if (cohort_id != cohort_id_) {
      const auto place = places_.find(cohort_id);
      if (place == places_.end()) {
        return Internal("counter.cohort_unknown", std::to_string(cohort_id));
      }
      cohort_id_ = cohort_id;
      keys_ = KeptSums(place->second);
    }
    return &keys_;
  }

 private:
  const CohortPlaces& places_;
  std::int64_t cohort_id_ = 0;
  std::vector<SumKey> keys_;
};

}  // namespace

SumCount& SumCount::operator-=(const SumCount& other) {
  count -= other.count;
  ended -= other.ended;
  closed -= other.closed;
  return *this;
}

SumCount ReadSumCount(const Row& row, int column) {
  return {.count = {.registered = row.Int(column),
                    .begun = row.Int(column + 1),
                    .paid_through = row.Int(column + 2),
                    .restarted = row.Int(column + 3),
                    .months_bought = row.Int(column + 6),
                    .received_rupiah = row.Int(column + 7)},
          .ended = row.Int(column + 4),
          .closed = row.Int(column + 5)};
}

Result<CoverageSums> CoverageSums::Of(const CoverageTally::Numbered& counters,
                                      const CoverageTally::Closings& closings,
                                      const CohortPlaces& places) {
  CoverageSums sums;
  KeysOfCohort keys_of(places);
  for (const auto& [cohort_month, count] : counters) {
    JARING_ASSIGN_OR_RETURN(const auto keys, keys_of[cohort_month.first]);
    for (const SumKey& key : *keys) {
      sums.counts[{key, cohort_month.second}].count += count;
    }
  }
  for (const auto& [closing, spells] : closings) {
    if (spells == 0) {
      continue;
    }
    JARING_ASSIGN_OR_RETURN(const auto keys, keys_of[closing.cohort_id]);
    for (const SumKey& key : *keys) {
      for (const std::int64_t month : {closing.month.number(), kAllMonths}) {
        SumCount& sum = sums.counts[{key, month}];
        sum.ended += spells;
        sum.closed += closing.paid_through ? spells : 0;
      }
      if (closing.paid_through) {
        sums.closings[{key, *closing.paid_through, closing.month}] += spells;
      }
    }
  }
  return sums;
}

Result<Done> CoverageSums::Post(Tx& tx) const {
  ValueRows rows(12);
  for (const auto& [key_month, sum] : counts) {
    const auto& [key, month] = key_month;
    if (!(sum == SumCount{})) {
      rows.Add({static_cast<std::int64_t>(key.dimension), month, key.first, key.second,
                sum.count.registered, sum.count.begun, sum.count.paid_through, sum.count.restarted,
                sum.ended, sum.closed, sum.count.months_bought, sum.count.received_rupiah});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddCoverageSum, rows));
  ValueRows closing_rows(6);
  for (const auto& [closing, spells] : closings) {
    if (spells != 0) {
      closing_rows.Add({static_cast<std::int64_t>(closing.key.dimension),
                        closing.paid_through.number(), closing.key.first, closing.key.second,
                        closing.month.number(), spells});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddClosingSum, closing_rows));
  return Done{};
}

Result<Done> EachSum(Tx& tx, SumDimension dimension, Month from,
                     const std::function<void(const SumKey& key, std::int64_t month,
                                              const SumCount& count)>& on_row) {
  const std::pair<std::int64_t, std::int64_t> spans[] = {{kAllMonths, kAllMonths},
                                                         {from.number(), kLastMonth.number()}};
  for (const auto& [first, last] : spans) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kListCoverageSums, {static_cast<std::int64_t>(dimension), first, last},
                 [&](const Row& row) {
                   on_row({dimension, row.Int(1), row.Int(2)}, row.Int(0), ReadSumCount(row, 3));
                 }));
  }
  return Done{};
}

Result<Done> EachClosingSum(
    Tx& tx, SumDimension dimension, Month from,
    const std::function<void(const ClosingSumKey& closing, std::int64_t spells)>& on_row) {
  return tx.Query(
      sql::kListClosingSums, {static_cast<std::int64_t>(dimension), from.number()},
      [&](const Row& row) {
        on_row(
            {{dimension, row.Int(1), row.Int(2)}, StoredMonth(row.Int(0)), StoredMonth(row.Int(3))},
            row.Int(4));
      });
}

}  // namespace jaring
