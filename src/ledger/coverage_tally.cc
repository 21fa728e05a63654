#include "ledger/coverage_tally.h"

#include <set>
#include <vector>

#include "ledger/coverage_sums.h"
#include "ledger/leaving_cause.h"
#include "ledger/ledger_sql.h"

namespace jaring {
namespace {

/// Where the cohorts of a tally are. A cohort never changes its place.
Result<CohortPlaces> PlacesOf(Tx& tx, const CoverageTally& tally) {
  std::set<std::int64_t> cohorts;
  for (const auto& [key, count] : tally.cohorts().counts) {
    cohorts.insert(key.first);
  }
  for (const auto& [key, count] : tally.leavings().counts) {
    cohorts.insert(LeavingUnit::OfNumber(key.first).cohort_id);
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

Result<Done> PostCohorts(Tx& tx, const CounterSet& cohorts) {
  ValueRows rows(8);
  for (const auto& [key, sum] : cohorts.WithAllMonths()) {
    const CoverageCount& count = sum.count;
    if (!(count == CoverageCount{})) {
      rows.Add({key.first, key.second, count.registered, count.begun, count.paid_through,
                count.restarted, count.months_bought, count.received_rupiah});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddCoverageCounter, rows));
  ValueRows closings(4);
  for (const auto& [key, spells] : cohorts.closings) {
    if (spells != 0) {
      closings.Add({key.unit, key.month.number(), key.paid_through ? key.paid_through->number() : 0,
                    spells});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddClosingCounter, closings));
  return Done{};
}

Result<Done> PostVillages(Tx& tx, const CounterSet& villages) {
  ValueRows rows(10);
  for (const auto& [key, sum] : villages.WithAllMonths()) {
    const CoverageCount& count = sum.count;
    rows.Add({key.first, key.second, count.registered, count.begun, count.paid_through,
              count.restarted, sum.ended, sum.closed, count.months_bought, count.received_rupiah});
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddVillageCounter, rows));
  ValueRows closings(4);
  for (const auto& [key, spells] : villages.closings) {
    if (spells != 0) {
      closings.Add({key.unit, key.paid_through->number(), key.month.number(), spells});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddVillageClosing, closings));
  return Done{};
}

LapseCause CauseOf(const CountedSpell& spell) {
  return LapseCause::Of(spell.payer, spell.paid_through - spell.first_month + 1);
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

SumCount& SumCount::operator+=(const SumCount& other) {
  count += other.count;
  ended += other.ended;
  closed += other.closed;
  return *this;
}

SumCount& SumCount::operator-=(const SumCount& other) {
  count -= other.count;
  ended -= other.ended;
  closed -= other.closed;
  return *this;
}

std::map<std::int64_t, SumCount> CounterSet::AllMonths() const {
  std::map<std::int64_t, SumCount> all;
  for (const auto& [key, sum] : counts) {
    SumCount states = sum;
    states.count.months_bought = 0;
    states.count.received_rupiah = 0;
    all[key.first] += states;
  }
  return all;
}

CounterSet::Numbered CounterSet::WithAllMonths() const {
  Numbered numbered;
  for (const auto& [unit, sum] : AllMonths()) {
    numbered[{unit, kAllMonths}] = sum;
  }
  for (const auto& [key, sum] : counts) {
    numbered[{key.first, key.second.number()}] = sum;
  }
  std::erase_if(numbered, [](const auto& entry) { return entry.second == SumCount{}; });
  return numbered;
}

void CoverageTally::Add(const CountedIn& in, Month month, const CoverageCount& change) {
  cohorts_.counts[{in.cohort_id, month}].count += change;
  villages_.counts[{in.village_code, month}].count += change;
}

void CoverageTally::AddRegistered(const CountedIn& in, Month month, int sign) {
  CoverageCount change;
  change.registered = sign;
  Add(in, month, change);
}

void CoverageTally::AddMoney(const CountedIn& in, Month month, int months, std::int64_t rupiah) {
  CoverageCount change;
  change.months_bought = months;
  change.received_rupiah = rupiah;
  Add(in, month, change);
}

void CoverageTally::AddSpell(const CountedSpell& spell, int sign) {
  CoverageCount begun;
  begun.begun = sign;
  Add(spell.in, spell.first_month, begun);
  CoverageCount paid;
  paid.paid_through = sign;
  Add(spell.in, spell.paid_through, paid);
  const LeavingUnit unit{spell.in.cohort_id, CauseOf(spell).number()};
  leavings_.counts[{unit.number(), spell.paid_through}].count.paid_through += sign;
}

void CoverageTally::AddRestarted(const CountedIn& in, Month month, int sign) {
  CoverageCount change;
  change.restarted = sign;
  Add(in, month, change);
}

void CoverageTally::AddEnded(const CountedIn& in, Month month, int ended, int closed) {
  for (SumCount* sum :
       {&cohorts_.counts[{in.cohort_id, month}], &villages_.counts[{in.village_code, month}]}) {
    sum->ended += ended;
    sum->closed += closed;
  }
}

void CoverageTally::AddClosing(const CountedSpell& spell, Month month, int sign) {
  AddEnded(spell.in, month, sign, sign);
  cohorts_.closings[{spell.in.cohort_id, month, spell.paid_through}] += sign;
  villages_.closings[{spell.in.village_code, month, spell.paid_through}] += sign;
  const LeavingUnit unit{spell.in.cohort_id, CauseOf(spell).number()};
  leavings_.closings[{unit.number(), month, spell.paid_through}] += sign;
}

void CoverageTally::AddRejoined(const CountedIn& in, Month month, int sign) {
  AddEnded(in, month, -sign, 0);
  cohorts_.closings[{in.cohort_id, month, std::nullopt}] -= sign;
}

void CoverageTally::AddEnd(const CountedIn& in, Month month, std::int64_t reason, int sign) {
  const LeavingUnit unit{in.cohort_id, kFirstEndCause + reason};
  leavings_.counts[{unit.number(), month}].ended += sign;
}

Result<Done> CoverageTally::Post(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const CohortPlaces places, PlacesOf(tx, *this));
  CoverageSums sums;
  JARING_RETURN_IF_ERROR(sums.AddCohorts(cohorts_, places));
  JARING_RETURN_IF_ERROR(sums.AddLeavings(leavings_, places));
  JARING_RETURN_IF_ERROR(sums.Post(tx));
  JARING_RETURN_IF_ERROR(PostCohorts(tx, cohorts_));
  JARING_RETURN_IF_ERROR(PostVillages(tx, villages_));
  *this = {};
  return Done{};
}

}  // namespace jaring
