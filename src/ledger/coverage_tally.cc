#include "ledger/coverage_tally.h"

#include <set>
#include <vector>

#include "ledger/coverage_sums.h"
#include "ledger/ledger_sql.h"

namespace jaring {
namespace {

/// Where the cohorts of a tally are. A cohort never changes its place.
Result<CohortPlaces> PlacesOf(Tx& tx, const CoverageTally::Numbered& counters,
                              const CoverageTally::Closings& closings) {
  std::set<std::int64_t> cohorts;
  for (const auto& [key, count] : counters) {
    cohorts.insert(key.first);
  }
  for (const auto& [key, spells] : closings) {
    cohorts.insert(key.cohort_id);
  }
  const std::vector<std::int64_t> ids(cohorts.begin(), cohorts.end());
  ValueRows keys(1);
  keys.Reserve(ids.size());
  for (const std::int64_t id : ids) {
    keys.Add({id});
  }
  CohortPlaces places;
  JARING_RETURN_IF_ERROR(
      tx.QueryEach(sql::kFindCohortPlace, keys,
                   [&](std::size_t i, const Row& row) { places[ids[i]] = ReadPlace(row, 0); }));
  return places;
}

}  // namespace

CoverageCount& CoverageCount::operator+=(const CoverageCount& other) {
  registered += other.registered;
  begun += other.begun;
  paid_through += other.paid_through;
  restarted += other.restarted;
  months_bought += other.months_bought;
  received_rupiah += other.received_rupiah;
  return *this;
}

CoverageCount& CoverageCount::operator-=(const CoverageCount& other) {
  registered -= other.registered;
  begun -= other.begun;
  paid_through -= other.paid_through;
  restarted -= other.restarted;
  months_bought -= other.months_bought;
  received_rupiah -= other.received_rupiah;
  return *this;
}

CoverageTally::Numbered CoverageTally::WithAllMonths() const {
  Numbered all;
  for (const auto& [key, count] : counts_) {
    if (count == CoverageCount{}) {
      continue;
    }
    all[{key.first, key.second.number()}] += count;
    CoverageCount states = count;
    states.months_bought = 0;
    states.received_rupiah = 0;
    all[{key.first, kAllMonths}] += states;
  }
  std::erase_if(all, [](const auto& entry) { return entry.second == CoverageCount{}; });
  return all;
}

Result<Done> CoverageTally::Post(Tx& tx) {
  const Numbered counters = WithAllMonths();
  JARING_ASSIGN_OR_RETURN(const CohortPlaces places, PlacesOf(tx, counters, closings_));
  JARING_ASSIGN_OR_RETURN(const CoverageSums sums, CoverageSums::Of(counters, closings_, places));
  JARING_RETURN_IF_ERROR(sums.Post(tx));
  ValueRows rows(8);
  for (const auto& [key, count] : counters) {
    rows.Add({key.first, key.second, count.registered, count.begun, count.paid_through,
              count.restarted, count.months_bought, count.received_rupiah});
  }
  counts_.clear();
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddCoverageCounter, rows));
  ValueRows closings(4);
  for (const auto& [key, spells] : closings_) {
    if (spells != 0) {
      closings.Add({key.cohort_id, key.month.number(),
                    key.paid_through ? key.paid_through->number() : 0, spells});
    }
  }
  closings_.clear();
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddClosingCounter, closings));
  return Done{};
}

}  // namespace jaring
