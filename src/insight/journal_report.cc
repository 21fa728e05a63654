#include "insight/journal_report.h"

#include "insight/insight_sql.h"

namespace jaring {

Result<std::vector<JournalLine>> ListJournal(Tx& tx, Month month) {
  std::vector<JournalLine> lines;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListJournalOfDays, {FirstDay(month).number(), LastDay(month).number()},
               [&](const Row& row) {
                 const auto day = Date::ParseNumber(row.Int(0));
                 JARING_CHECK(day.has_value());
                 lines.push_back({*day, std::string(row.Text(1)), static_cast<Account>(row.Int(2)),
                                  Money::FromRupiah(row.Int(3))});
               }));
  return lines;
}

std::string AccountText(Account account) {
  std::string number = std::to_string(static_cast<std::int64_t>(account));
  switch (account) {
    case Account::kPartnerClearing:
      return number + " partner clearing";
    case Account::kMemberSavings:
      return number + " JHT savings of members";
    case Account::kMemberCredit:
      return number + " credit of members";
    case Account::kSuspense:
      return number + " suspense";
    case Account::kJkkContributions:
      return number + " JKK contributions";
    case Account::kJkmContributions:
      return number + " JKM contributions";
    case Account::kSavingsReturns:
      return number + " returns on members' savings";
    case Account::kBank:
      return number + " bank";
    case Account::kPaidTwice:
      return number + " claims paid twice";
    case Account::kClaimsPayable:
      return number + " claims payable";
    case Account::kTaxPayable:
      return number + " tax payable";
    case Account::kJkkBenefits:
      return number + " JKK benefits";
    case Account::kJkmBenefits:
      return number + " JKM benefits";
    case Account::kLatenessPenalties:
      return number + " penalties for late claims";
  }
  return number;
}

}  // namespace jaring
