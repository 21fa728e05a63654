// Suspense: money whose owner is found later.

#include "collection/collection_sql.h"
#include "collection/history.h"
#include "collection/merge_sql.h"
#include "collection/payment.h"
#include "collection/payment_reservation.h"
#include "collection/posting.h"
#include "ledger/sequence.h"
#include "registry/kept_person.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

struct Suspended {
  std::int64_t payment_id = 0;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  std::string channel;
  bool placed = false;
};

/// The suspended payment of a partner's reference.
///
/// Errors: suspense.unknown.
Result<Suspended> FindSuspended(Tx& tx, std::int64_t partner_id, std::string_view reference) {
  std::optional<Suspended> found;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindReference,
               {partner_id, reference, static_cast<std::int64_t>(PaymentKind::kPayment)},
               [&](const Row& row) {
                 if (row.Int(1) == 0) {
                   found = Suspended{.payment_id = row.Int(0)};
                 }
               }));
  if (!found) {
    return NotFound("suspense.unknown");
  }
  JARING_RETURN_IF_ERROR(CheckPosted(tx, 0, found->payment_id));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindSuspense, {found->payment_id}, [&](const Row& row) {
    found->paid_at = Instant::FromMicros(row.Int(0));
    found->amount = Money::FromRupiah(row.Int(1));
    found->placed = !row.IsNull(2);
    found->channel = row.Text(3);
  }));
  return *found;
}

/// Everything of a person that money may change.
///
/// Errors: member.unknown.
Result<PersonAccount> LoadAccount(Tx& tx, const Agency& agency, const MemberNumber& member) {
  PersonAccount account;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kListMembershipsOfPerson, {member.person_id},
      [&](const Row& row) { account.spells.push_back({ReadMembership(agency.scheme, row)}); }));
  if (account.spells.empty() ||
      static_cast<std::size_t>(member.membership_seq) > account.spells.size()) {
    return NotFound("member.unknown");
  }
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindPersonIdentity, {member.person_id}, [&](const Row& row) {
        const auto birth_date = Date::ParseNumber(row.Int(1));
        JARING_CHECK(birth_date.has_value());
        account.birth_date = *birth_date;
      }));
  return account;
}

}  // namespace

Result<std::optional<Money>> FindPaidAmount(Tx& tx, std::int64_t partner_id,
                                            std::string_view reference) {
  std::optional<Money> amount;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindReference,
               {partner_id, reference, static_cast<std::int64_t>(PaymentKind::kPayment)},
               [&](const Row& row) { amount = Money::FromRupiah(row.Int(2)); }));
  return amount;
}

Result<std::vector<SuspendedPayment>> ListSuspense(Tx& tx, std::int64_t limit) {
  std::vector<SuspendedPayment> all;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSuspense, {limit}, [&](const Row& row) {
    all.push_back({.payment_id = row.Int(0),
                   .partner_id = row.Int(1),
                   .reference = std::string(row.Text(2)),
                   .amount = Money::FromRupiah(row.Int(3)),
                   .paid_at = Instant::FromMicros(row.Int(4)),
                   .reason = std::string(row.Text(5)),
                   .code_as_sent = std::string(row.Text(6))});
  }));
  return all;
}

Result<PaymentOutcome> PlaceSuspended(Tx& tx, const Agency& agency, std::int64_t partner_id,
                                      std::string_view reference, const MemberNumber& asked,
                                      Instant now) {
  JARING_ASSIGN_OR_RETURN(const MemberNumber member, KeptMemberOf(tx, asked));
  JARING_ASSIGN_OR_RETURN(const Suspended suspended, FindSuspended(tx, partner_id, reference));
  if (suspended.placed) {
    return Conflict("suspense.already_placed");
  }
  JARING_ASSIGN_OR_RETURN(PersonAccount account, LoadAccount(tx, agency, member));
  if (account.newest().ended_on) {
    return Conflict("payment.membership_ended");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t payment_id, TakeNumbers(tx, "payment", 1));
  const PaymentRecord record{.person_id = member.person_id,
                             .payment_id = payment_id,
                             .partner_id = partner_id,
                             .reference = reference,
                             .kind = PaymentKind::kPlacement,
                             .amount = suspended.amount,
                             .paid_at = suspended.paid_at,
                             .channel = suspended.channel,
                             .of_payment_id = suspended.payment_id};
  PostingBatch batch(agency, now);
  batch.TallySpells(account, -1);
  batch.AddPayment(record);
  const Purchase purchase = batch.Spend(record, account);
  batch.TallySpells(account, +1);
  batch.SaveAccount(account);
  JARING_RETURN_IF_ERROR(batch.Write(tx));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertReference,
             {partner_id, reference, static_cast<std::int64_t>(PaymentKind::kPlacement), payment_id,
              member.person_id, suspended.amount.rupiah()}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kPlaceSuspense, {suspended.payment_id, payment_id}));
  if (asked.person_id != member.person_id) {
    JARING_RETURN_IF_ERROR(
        tx.Run(sql::kInsertRedirected, {member.person_id, payment_id, asked.person_id}));
  }
  return PaymentOutcome{.status = PaymentStatus::kPosted,
                        .payment_id = payment_id,
                        .member = account.paid().member,
                        .first_month = purchase.first_month,
                        .months = purchase.months,
                        .credit = purchase.leftover,
                        .booked_on = batch.LateBooking(record.paid_at)};
}

}  // namespace jaring
