#pragma once

// The daily journals as finance reads them.

#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/money.h"
#include "db/database.h"
#include "ledger/journal.h"

namespace jaring {

struct JournalLine {
  Date business_day = Date::FromYearMonthDay(1900, 1, 1);
  std::string partner;  // Code.
  Account account = Account::kPartnerClearing;
  Money amount;  // Debit positive, credit negative.
};

/// Every journal line of a month, by day, partner and account.
Result<std::vector<JournalLine>> ListJournal(Tx& tx, Month month);

/// "1100 partner clearing".
std::string AccountText(Account account);

}  // namespace jaring
