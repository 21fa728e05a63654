#include "collection/bill.h"

#include <algorithm>

#include "registry/kept_person.h"
#include "registry/membership.h"
#include "registry/registry_sql.h"
#include "rules/coverage.h"

namespace jaring {

Result<Bill> MakeBill(Tx& tx, const Agency& agency, const MemberNumber& asked, Date on,
                      int months) {
  JARING_ASSIGN_OR_RETURN(const MemberNumber member, KeptMemberOf(tx, asked));
  std::optional<Membership> newest;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindNewestMembership, {member.person_id},
               [&](const Row& row) { newest = ReadMembership(agency.scheme, row); }));
  if (!newest || member.membership_seq > newest->member.membership_seq) {
    return NotFound("member.unknown");
  }
  if (newest->ended_on) {
    return Conflict("payment.membership_ended");
  }
  Bill bill{.member = newest->member, .bill_code = BillCodeOf(newest->member)};
  JARING_ASSIGN_OR_RETURN(bill.months,
                          PriceNextMonths(agency.scheme, newest->terms, newest->spell, on, months));
  for (const MonthPrice& month : bill.months) {
    bill.total += month.due.total();
  }
  bill.credit = newest->credit;
  bill.to_pay = std::max(Money(), bill.total - bill.credit);
  bill.due = DueDate(agency.scheme, bill.months.front().month);
  return bill;
}

}  // namespace jaring
