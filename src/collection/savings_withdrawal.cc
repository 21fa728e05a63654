#include "collection/savings_withdrawal.h"

#include <algorithm>

#include "collection/savings_sql.h"
#include "registry/kept_person.h"

namespace jaring {
namespace {

constexpr std::int64_t kNoPartner = 0;

/// Of one person of the register.
Result<Money> SavingsOfRecord(Tx& tx, std::int64_t person_id) {
  Money savings;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kSumSavings, {person_id}, [&](const Row& row) {
    savings = Money::FromRupiah(row.Int(0) + row.Int(1) - row.Int(2));
  }));
  return savings;
}

}  // namespace

Result<Money> FindSavings(Tx& tx, std::int64_t person_id) {
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, person_id));
  Money savings;
  for (const std::int64_t person : persons) {
    JARING_ASSIGN_OR_RETURN(const Money own, SavingsOfRecord(tx, person));
    savings += own;
  }
  return savings;
}

Result<Done> WithdrawSavings(Tx& tx, const Withdrawal& withdrawal, Date booked_on,
                             JournalBook& journal) {
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, withdrawal.person_id));
  Money left = withdrawal.amount;
  for (const std::int64_t person : persons) {
    JARING_ASSIGN_OR_RETURN(const Money own, SavingsOfRecord(tx, person));
    const Money part = std::min(own, left);
    if (part <= Money()) {
      continue;
    }
    JARING_RETURN_IF_ERROR(tx.Run(
        sql::kInsertWithdrawal,
        {person, withdrawal.person_id, withdrawal.claim_seq, booked_on.number(), part.rupiah()}));
    left -= part;
  }
  if (!left.is_zero()) {
    return Conflict("savings.too_little");
  }
  journal.Add(booked_on, kNoPartner, Account::kMemberSavings, withdrawal.amount);
  return Done{};
}

}  // namespace jaring
