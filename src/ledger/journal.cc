#include "ledger/journal.h"

#include "ledger/ledger_sql.h"

namespace jaring {

void JournalBook::Add(Date business_day, std::int64_t partner_id, Account account, Money amount) {
  if (!amount.is_zero()) {
    lines_[{business_day, partner_id, account}] += amount;
  }
}

Result<Done> JournalBook::Post(Tx& tx) {
  std::map<std::pair<Date, std::int64_t>, Money> sums;
  ValueRows rows(4);
  for (const auto& [key, amount] : lines_) {
    const auto& [business_day, partner_id, account] = key;
    sums[{business_day, partner_id}] += amount;
    rows.Add(
        {business_day.number(), partner_id, static_cast<std::int64_t>(account), amount.rupiah()});
  }
  for (const auto& [journal, sum] : sums) {
    JARING_CHECK(sum.is_zero());
  }
  lines_.clear();
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kAddJournalLine, rows));
  return Done{};
}

}  // namespace jaring
