#include "ledger/month_close.h"

#include <algorithm>

#include "ledger/ledger_sql.h"

namespace jaring {
namespace {

Month StoredMonth(std::int64_t number) {
  const auto month = Month::ParseNumber(number);
  JARING_CHECK(month.has_value());
  return *month;
}

}  // namespace

Result<std::optional<Date>> BooksOpenFrom(Tx& tx) {
  std::optional<Date> open_from;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindLastClosedMonth, {}, [&](const Row& row) {
    open_from = FirstDay(StoredMonth(row.Int(0)) + 1);
  }));
  return open_from;
}

Result<ClosedMonth> CloseMonth(Tx& tx, Month month, Instant now) {
  const Date after = FirstDay(month + 1);
  if (now.JakartaDate() < after) {
    return Conflict("month.not_over", month.ToString());
  }
  JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx));
  if (open_from && after <= *open_from) {
    return Conflict("month.closed", month.ToString());
  }
  ClosedMonth closed{.month = month, .closed_at = now};
  ValueRows balances(4);
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListBalancesBefore, {after.number()}, [&](const Row& row) {
    balances.Add({month.number(), row.Int(0), row.Int(1), row.Int(2)});
    closed.debit += Money::FromRupiah(std::max<std::int64_t>(row.Int(2), 0));
  }));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertClosedMonth, {month.number(), now.micros()}));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertClosedBalance, balances));
  return closed;
}

Result<std::vector<ClosedMonth>> ListClosedMonths(Tx& tx) {
  std::vector<ClosedMonth> all;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListClosedMonths, {}, [&](const Row& row) {
    all.push_back({.month = StoredMonth(row.Int(0)),
                   .closed_at = Instant::FromMicros(row.Int(1)),
                   .debit = Money::FromRupiah(row.Int(2))});
  }));
  return all;
}

}  // namespace jaring
