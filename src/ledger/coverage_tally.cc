#include "ledger/coverage_tally.h"

#include "ledger/ledger_sql.h"

namespace jaring {

Result<Done> CoverageTally::Post(Tx& tx) {
  ValueRows rows(8);
  for (const auto& [key, count] : counts_) {
    if (count == CoverageCount{}) {
      continue;
    }
    rows.Add({key.first, key.second.number(), count.registered, count.begun, count.paid_through,
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
