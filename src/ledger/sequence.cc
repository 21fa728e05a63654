#include "ledger/sequence.h"

#include "ledger/ledger_sql.h"

namespace jaring {

Result<std::int64_t> TakeNumbers(Tx& tx, std::string_view name, std::int64_t count) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t rows, tx.Run(sql::kTakeSequence, {name, count}));
  JARING_CHECK(rows == 1);
  std::int64_t next = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kReadSequence, {name}, [&](const Row& row) { next = row.Int(0); }));
  return next - count;
}

}  // namespace jaring
