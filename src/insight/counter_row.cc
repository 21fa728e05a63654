#include "insight/counter_row.h"

#include <limits>

#include "base/text.h"
#include "insight/insight_sql.h"
#include "registry/group.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

/// Cohorts of a filter, as ranges of regencies, branches, groups, sectors and doors.
std::vector<Value> CohortRange(const CoverageFilter& filter) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const auto last = [](std::int64_t number) { return number == 0 ? kMost : number; };
  const auto [first_regency, last_regency] = filter.regencies();
  return {first_regency,
          last_regency,
          filter.branch_id,
          last(filter.branch_id),
          filter.group_id,
          last(filter.group_id),
          filter.sector.value_or(0),
          filter.sector.value_or(kMost),
          filter.door,
          last(filter.door)};
}

CoverageCount ReadCount(const Row& row, int column) {
  return {.registered = row.Int(column),
          .begun = row.Int(column + 1),
          .paid_through = row.Int(column + 2),
          .restarted = row.Int(column + 3),
          .months_bought = row.Int(column + 4),
          .received_rupiah = row.Int(column + 5)};
}

/// Columns month and paid_through.
ClosingKey ReadClosing(std::int64_t unit, const Row& row, int column) {
  const auto month = Month::ParseNumber(row.Int(column));
  JARING_CHECK(month.has_value());
  std::optional<Month> paid_through;
  if (const auto through = Month::ParseNumber(row.Int(column + 1))) {
    paid_through = *through;
  }
  return {.unit = unit, .month = *month, .paid_through = paid_through};
}

VillageCounterRow ReadVillageCounter(const Row& row) {
  return {.village_code = row.Int(0), .month = row.Int(1), .sum = ReadSumCount(row, 2)};
}

}  // namespace

std::pair<std::int64_t, std::int64_t> CoverageFilter::regencies() const {
  if (region_code == 0) {
    return {0, kLastRegency};
  }
  return region_code <= kLastRegency ? RegenciesOf(region_code)
                                     : std::pair{region_code, region_code};
}

Result<std::int64_t> ParseRegion(Tx& tx, std::string_view text) {
  constexpr std::size_t kLongest = 10;
  const bool is_code = !text.empty() && text.size() <= kLongest && IsAllDigits(text);
  const std::int64_t code = is_code ? ParseInteger(text).value_or(0) : 0;
  JARING_ASSIGN_OR_RETURN(const bool known, HasRegion(tx, code));
  return known ? Result<std::int64_t>(code) : Invalid("region.unknown", std::string(text));
}

Result<Done> EachCounter(Tx& tx, const std::function<void(const CounterRow&)>& on_row,
                         const CoverageFilter& filter, Month from) {
  const std::pair<std::int64_t, std::int64_t> spans[] = {{kAllMonths, kAllMonths},
                                                         {from.number(), kLastMonth.number()}};
  std::vector<Value> values = CohortRange(filter);
  values.resize(values.size() + 2);
  for (const auto& [first, last] : spans) {
    values[values.size() - 2] = first;
    values[values.size() - 1] = last;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListCoverageCounters, values, [&](const Row& row) {
      on_row({.cohort_id = row.Int(0),
              .month = row.Int(1),
              .count = ReadCount(row, 2),
              .place = ReadPlace(row, 8)});
    }));
  }
  return Done{};
}

Result<Done> EachClosing(Tx& tx, const std::function<void(const ClosingRow&)>& on_row,
                         const CoverageFilter& filter) {
  return tx.Query(sql::kListClosingCounters, CohortRange(filter), [&](const Row& row) {
    on_row(
        {.key = ReadClosing(row.Int(0), row, 1), .spells = row.Int(3), .place = ReadPlace(row, 4)});
  });
}

Result<Done> EachVillageCounter(Tx& tx,
                                const std::function<void(const VillageCounterRow&)>& on_row) {
  // Millions of rows, and an engine may hand over an answer as a whole: province by province.
  constexpr std::int64_t kVillagesPerProvince = 100 * kVillagesPerRegency;
  for (std::int64_t province = 0; province < 100; ++province) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kScanVillageCounters,
                 {province * kVillagesPerProvince, (province + 1) * kVillagesPerProvince - 1},
                 [&](const Row& row) { on_row(ReadVillageCounter(row)); }));
  }
  return Done{};
}

Result<Done> EachVillageClosing(
    Tx& tx, const std::function<void(const ClosingKey& closing, std::int64_t spells)>& on_row) {
  return tx.Query(sql::kScanVillageClosings, {},
                  [&](const Row& row) { on_row(ReadClosing(row.Int(0), row, 1), row.Int(3)); });
}

Result<Done> EachVillageCounter(Tx& tx, const std::vector<std::int64_t>& villages, Month from,
                                const std::function<void(const VillageCounterRow&)>& on_row) {
  ValueRows keys(3);
  keys.Reserve(2 * villages.size());
  for (const std::int64_t village : villages) {
    keys.Add({village, kAllMonths, kAllMonths});
    keys.Add({village, from.number(), kLastMonth.number()});
  }
  return tx.QueryEach(sql::kListVillageCounters, keys,
                      [&](std::size_t, const Row& row) { on_row(ReadVillageCounter(row)); });
}

Result<Done> EachVillageClosing(
    Tx& tx, const std::vector<std::int64_t>& villages, Month from,
    const std::function<void(const ClosingKey& closing, std::int64_t spells)>& on_row) {
  ValueRows keys(2);
  keys.Reserve(villages.size());
  for (const std::int64_t village : villages) {
    keys.Add({village, from.number()});
  }
  return tx.QueryEach(sql::kListVillageClosings, keys, [&](std::size_t, const Row& row) {
    on_row(ReadClosing(row.Int(0), row, 1), row.Int(3));
  });
}

}  // namespace jaring
