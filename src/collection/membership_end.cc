#include "collection/membership_end.h"

#include <algorithm>
#include <vector>

#include "collection/history.h"
#include "collection/life.h"
#include "registry/kept_person.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

/// `merged`: the spells of persons merged into this one.
void TallyAll(CoverageTally& tally, const std::vector<Membership>& spells,
              const std::vector<Membership>& merged, int sign) {
  if (!merged.empty()) {
    std::vector<Membership> life = spells;
    life.insert(life.end(), merged.begin(), merged.end());
    TallyLife(tally, life, sign);
    return;
  }
  const Membership* next = nullptr;
  for (auto spell = spells.rbegin(); spell != spells.rend(); ++spell) {
    TallySpell(tally, *spell, next, sign);
    next = spell->spell.first_month ? &*spell : next;
  }
}

Result<Done> CheckEnd(const MembershipEnd& end, const std::vector<Membership>& spells, Date today) {
  const int seq = end.member.membership_seq;
  if (seq < 1 || static_cast<std::size_t>(seq) > spells.size()) {
    return NotFound("member.unknown");
  }
  if (spells.back().ended_on) {
    return Conflict("membership.already_ended");
  }
  if (end.ended_on > today) {
    return Invalid("membership.end_in_future");
  }
  if (end.ended_on < spells.back().spell.acquired_on) {
    return Invalid("membership.end_before_joining");
  }
  return Done{};
}

}  // namespace

Result<Done> EndMembership(Tx& tx, const Agency& agency, const MembershipEnd& asked, Instant now) {
  MembershipEnd end = asked;
  JARING_ASSIGN_OR_RETURN(end.member, KeptMemberOf(tx, asked.member));
  const std::int64_t person_id = end.member.person_id;
  std::vector<Membership> spells;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListMembershipsOfPerson, {person_id}, [&](const Row& row) {
    spells.push_back(ReadMembership(agency.scheme, row));
  }));
  JARING_RETURN_IF_ERROR(CheckEnd(end, spells, now.JakartaDate()));
  JARING_ASSIGN_OR_RETURN(const MoneyHistory history, LoadHistory(tx, person_id));
  std::int64_t refund_id = 0;  // What was paid before it was weighed by the claim.
  for (const StoredPayment& payment : history.payments) {
    refund_id = payment.kind == PaymentKind::kRefund ? payment.payment_id : refund_id;
  }
  for (const StoredPayment& payment : history.payments) {
    const bool moved = payment.kind == PaymentKind::kMove;  // Not paid on that day.
    if (!moved && payment.payment_id > refund_id && !payment.reversed &&
        payment.paid_at.JakartaDate() >= end.ended_on) {
      return Conflict("membership.paid_after_end", payment.reference);
    }
  }
  JARING_ASSIGN_OR_RETURN(auto others, PersonsOf(tx, person_id));
  others.erase(others.begin());
  JARING_ASSIGN_OR_RETURN(const auto merged, LoadLife(tx, agency.scheme, others));
  CoverageTally tally;
  TallyAll(tally, spells, merged, -1);
  // All that are not closed yet: should a payment be taken back, an earlier one is the last again.
  for (Membership& spell : spells) {
    spell.ended_on = spell.ended_on.value_or(end.ended_on);
  }
  TallyAll(tally, spells, merged, +1);
  const auto reason = static_cast<std::int64_t>(end.reason);
  tally.AddEnd(CountedWith(spells.back()), end.ended_on.month(), reason, +1);
  JARING_RETURN_IF_ERROR(tx.Run(sql::kEndMemberships, {person_id, end.ended_on.number()}));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertMembershipEnd, {person_id, spells.back().member.membership_seq,
                                         end.ended_on.number(), reason, now.micros()}));
  return tally.Post(tx);
}

}  // namespace jaring
