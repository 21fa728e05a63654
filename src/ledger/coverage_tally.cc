#include "ledger/coverage_tally.h"

#include "ledger/ledger_sql.h"

namespace jaring {

Result<Done> CoverageTally::Post(Tx& tx) {
  ValueRows rows(9);
  for (const auto& [key, count] : counts_) {
    if (count == CoverageCount{}) {
      continue;
    }
    rows.Add({key.first, key.second.number(), count.registered, count.begun, count.paid_through,
              count.restarted, count.closed, count.months_bought, count.received_rupiah});
  }
  counts_.clear();
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddCoverageCounter, rows));
  return Done{};
}

}  // namespace jaring
