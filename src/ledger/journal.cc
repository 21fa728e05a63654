#include "ledger/journal.h"

#include "ledger/ledger_sql.h"

namespace jaring {

void JournalBook::Add(Date business_day, std::int64_t partner_id, Account account, Money amount) {
  if (!amount.is_zero()) {
    lines_[{business_day, partner_id, account}] += amount;
  }
}

Result<Done> JournalBook::Post(Tx& tx, const std::optional<Date>& open_from) {
  BookIn(open_from);
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

void JournalBook::BookIn(const std::optional<Date>& open_from) {
  while (!lines_.empty() && open_from && std::get<Date>(lines_.begin()->first) < *open_from) {
    auto line = lines_.extract(lines_.begin());
    std::get<Date>(line.key()) = *open_from;
    const auto placed = lines_.insert(std::move(line));
    if (!placed.inserted) {
      placed.position->second += placed.node.mapped();
    }
  }
}

}  // namespace jaring
