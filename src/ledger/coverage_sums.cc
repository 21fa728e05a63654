#include "ledger/coverage_sums.h"

#include <string>

#include "ledger/ledger_sql.h"

namespace jaring {
namespace {

Month StoredMonth(std::int64_t number) {
  const auto month = Month::ParseNumber(number);
  JARING_CHECK(month.has_value());
  return *month;
}

/// The sums that members of a cohort are part of.
std::vector<SumKey> KeptSums(const CohortPlace& place) {
  const std::int64_t province = place.regency_code / 100;
  const KindOfWork kind{place.sector, place.door};
  std::vector<SumKey> keys = {{SumDimension::kPlace, place.regency_code, place.branch_id},
                              {SumDimension::kKind, place.sector, place.door},
                              {SumDimension::kProvinceKind, province, kind.number()}};
  if (place.group_id != 0) {
    keys.push_back({SumDimension::kGroup, place.group_id, 0});
  }
  return keys;
}

/// The places of one cohort after another.
class PlaceBook {
 public:
  explicit PlaceBook(const CohortPlaces& places) : places_(places) {}

  Result<const CohortPlace*> operator[](std::int64_t cohort_id) {
    if (cohort_id != cohort_id_) {
      const auto found = places_.find(cohort_id);
      if (found == places_.end()) {
        return Internal("counter.cohort_unknown", std::to_string(cohort_id));
      }
      cohort_id_ = cohort_id;
      place_ = &found->second;
    }
    return place_;
  }

 private:
  const CohortPlaces& places_;
  std::int64_t cohort_id_ = 0;
  const CohortPlace* place_ = nullptr;
};

Result<SumKey> LeavingKey(std::int64_t number, PlaceBook& places) {
  const LeavingUnit unit = LeavingUnit::OfNumber(number);
  JARING_ASSIGN_OR_RETURN(const auto place, places[unit.cohort_id]);
  return SumKey{SumDimension::kLeaving, place->regency_code,
                LeavingPlace{place->branch_id, unit.cause}.number()};
}

/// Asks for one month after another: a range of first values then lies together.
Result<ValueRows> MonthsOf(Tx& tx, std::string_view last_month, const SumRange& range, Month first,
                           Month last) {
  const auto dimension = static_cast<std::int64_t>(range.dimension);
  std::int64_t newest = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(last_month, {dimension}, [&](const Row& row) { newest = row.Int(0); }));
  ValueRows keys(4);
  for (Month month = first; month <= last && month.number() <= newest; month = month + 1) {
    keys.Add({dimension, month.number(), range.first, range.last});
  }
  return keys;
}

}  // namespace

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

Result<Done> CoverageSums::AddCohorts(const CounterSet& cohorts, const CohortPlaces& places) {
  PlaceBook book(places);
  const auto add = [&](std::int64_t cohort_id, std::int64_t month,
                       const SumCount& sum) -> Result<Done> {
    if (sum == SumCount{}) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(const auto place, book[cohort_id]);
    for (const SumKey& key : KeptSums(*place)) {
      counts[{key, month}] += sum;
    }
    return Done{};
  };
  for (const auto& [cohort_id, sum] : cohorts.AllMonths()) {
    JARING_RETURN_IF_ERROR(add(cohort_id, kAllMonths, sum));
  }
  for (const auto& [cohort_month, sum] : cohorts.counts) {
    JARING_RETURN_IF_ERROR(add(cohort_month.first, cohort_month.second.number(), sum));
  }
  for (const auto& [closing, spells] : cohorts.closings) {
    if (spells == 0 || !closing.paid_through) {
      continue;
    }
    JARING_ASSIGN_OR_RETURN(const auto place, book[closing.unit]);
    for (const SumKey& key : KeptSums(*place)) {
      closings[{key, *closing.paid_through, closing.month}] += spells;
    }
  }
  return Done{};
}

Result<Done> CoverageSums::AddLeavings(const CounterSet& leavings, const CohortPlaces& places) {
  PlaceBook book(places);
  for (const auto& [unit_month, sum] : leavings.counts) {
    if (!(sum == SumCount{})) {
      JARING_ASSIGN_OR_RETURN(const SumKey key, LeavingKey(unit_month.first, book));
      counts[{key, unit_month.second.number()}] += sum;
    }
  }
  for (const auto& [closing, spells] : leavings.closings) {
    if (spells != 0) {
      JARING_ASSIGN_OR_RETURN(const SumKey key, LeavingKey(closing.unit, book));
      closings[{key, *closing.paid_through, closing.month}] += spells;
    }
  }
  return Done{};
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

Result<Done> EachSum(Tx& tx, const SumRange& range, Month first, Month last,
                     const SumReader& on_row) {
  JARING_ASSIGN_OR_RETURN(const auto months,
                          MonthsOf(tx, sql::kFindLastSumMonth, range, first, last));
  return tx.QueryEach(sql::kListCoverageSums, months, [&](std::size_t, const Row& row) {
    on_row({range.dimension, row.Int(1), row.Int(2)}, row.Int(0), ReadSumCount(row, 3));
  });
}

Result<Done> EachSumOfAll(Tx& tx, const SumRange& range, const SumReader& on_row) {
  return tx.Query(
      sql::kListCoverageSums,
      {static_cast<std::int64_t>(range.dimension), kAllMonths, range.first, range.last},
      [&](const Row& row) {
        on_row({range.dimension, row.Int(1), row.Int(2)}, kAllMonths, ReadSumCount(row, 3));
      });
}

Result<Done> EachPaidThrough(Tx& tx, const SumRange& range, Month first, Month last,
                             const SumReader& on_row) {
  JARING_ASSIGN_OR_RETURN(const auto months,
                          MonthsOf(tx, sql::kFindLastSumMonth, range, first, last));
  SumCount sum;
  return tx.QueryEach(sql::kListPaidThroughSums, months, [&](std::size_t, const Row& row) {
    sum.count.paid_through = row.Int(3);
    on_row({range.dimension, row.Int(1), row.Int(2)}, row.Int(0), sum);
  });
}

Result<Done> EachClosingSum(
    Tx& tx, const SumRange& range, Month first, Month last,
    const std::function<void(const ClosingSumKey& closing, std::int64_t spells)>& on_row) {
  JARING_ASSIGN_OR_RETURN(const auto months,
                          MonthsOf(tx, sql::kFindLastClosingMonth, range, first, last));
  return tx.QueryEach(sql::kListClosingSums, months, [&](std::size_t, const Row& row) {
    on_row({{range.dimension, row.Int(1), row.Int(2)},
            StoredMonth(row.Int(0)),
            StoredMonth(row.Int(3))},
           row.Int(4));
  });
}

}  // namespace jaring
