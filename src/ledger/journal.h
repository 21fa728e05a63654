#pragma once

// Double entry, one journal per partner and business day. Debit positive, credit negative.

#include <map>
#include <optional>
#include <tuple>

#include "base/calendar.h"
#include "base/money.h"
#include "db/database.h"

namespace jaring {

/// The chart of accounts. The number is stored, so it never changes.
enum class Account : std::int64_t {
  kPartnerClearing = 1100,    // Asset: money partners hold for us.
  kBank = 1200,               // Asset: the account claims are paid from.
  kPaidTwice = 1300,          // Asset: claims a bank paid a second time, to be asked back.
  kMemberSavings = 2300,      // Liability: JHT contributions belong to the member.
  kMemberCredit = 2400,       // Liability: money not yet spent on a month.
  kSuspense = 2500,           // Liability: money nobody could place.
  kClaimsPayable = 2600,      // Liability: decided and not yet paid.
  kTaxPayable = 2610,         // Liability: withheld from savings.
  kJkkContributions = 4100,   // Income.
  kJkmContributions = 4200,   // Income.
  kSavingsReturns = 5100,     // Expense: what members' savings earned.
  kJkkBenefits = 5200,        // Expense.
  kJkmBenefits = 5300,        // Expense.
  kLatenessPenalties = 5400,  // Expense: claims paid late.
};

/// Journal lines of one transaction, gathered and then posted. Only balanced journals can be
/// posted.
class JournalBook {
 public:
  void Add(Date business_day, std::int64_t partner_id, Account account, Money amount);

  /// Adds the lines to the day's journals, those of closed days to that of `open_from` (see
  /// BooksOpenFrom); empties the book. An unbalanced journal is a bug.
  Result<Done> Post(Tx& tx, const std::optional<Date>& open_from);

 private:
  void BookIn(const std::optional<Date>& open_from);

  std::map<std::tuple<Date, std::int64_t, Account>, Money> lines_;
};

}  // namespace jaring
