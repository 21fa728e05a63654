#include "collection/reversal.h"

#include <algorithm>

#include "collection/collection_sql.h"
#include "collection/history.h"
#include "collection/payment_reservation.h"
#include "collection/person_merge.h"
#include "collection/posting.h"
#include "ledger/sequence.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

struct Reference {
  std::int64_t payment_id = 0;
  std::int64_t person_id = 0;
  Money amount;
};

Result<std::optional<Reference>> FindReference(Tx& tx, const PaymentRequest& request,
                                               PaymentKind kind) {
  std::optional<Reference> found;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kFindReference, {request.partner_id, request.reference, static_cast<std::int64_t>(kind)},
      [&](const Row& row) {
        found = Reference{row.Int(0), row.Int(1), Money::FromRupiah(row.Int(2))};
      }));
  return found;
}

/// Empty when it can be taken back.
Result<std::string_view> WhyNotTakenBack(Tx& tx, const Reference& target) {
  if (const auto posted = CheckPosted(tx, target.person_id, target.payment_id); !posted) {
    if (posted.error().code != ErrorCode::kConflict) {
      return posted.error();
    }
    return std::string_view("payment.being_posted");
  }
  return target.person_id == 0 ? Result<std::string_view>(std::string_view())
                               : WhyNotReversible(tx, target.person_id, target.payment_id);
}

/// Unwinds a person's months from a payment on, then spends the later money again.
class Unwinding {
 public:
  Unwinding(Tx& tx, const Agency& agency, std::int64_t person_id, Instant now)
      : tx_(tx), agency_(agency), person_id_(person_id), batch_(agency, now) {}

  /// `reversal` is the row to add; it names the payment it takes back.
  Result<PersonAccount> Run(const PaymentRecord& reversal) {
    JARING_RETURN_IF_ERROR(Load());
    batch_.TallySpells(account_, -1);
    batch_.AddPayment(reversal);
    const std::int64_t from = *reversal.of_payment_id;
    ReverseContributions(from, reversal);
    RestoreStateBefore(from);
    SpendAgain(from, reversal);
    SettleCredit(reversal);
    batch_.TallySpells(account_, +1);
    for (PersonAccount::Row& row : account_.spells) {
      row.changed = true;
    }
    batch_.SaveAccount(account_);
    JARING_RETURN_IF_ERROR(batch_.Write(tx_));
    return account_;
  }

  /// Once it has run.
  std::optional<Date> LateBooking(Instant paid_at) const { return batch_.LateBooking(paid_at); }

 private:
  Result<Done> Load() {
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kListMembershipsOfPerson, {person_id_}, [this](const Row& row) {
          account_.spells.push_back({ReadMembership(agency_.scheme, row)});
          credit_before_ += account_.spells.back().membership.credit;
        }));
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kFindPersonIdentity, {person_id_}, [this](const Row& row) {
          const auto birth_date = Date::ParseNumber(row.Int(1));
          JARING_CHECK(birth_date.has_value());
          account_.birth_date = *birth_date;
        }));
    JARING_ASSIGN_OR_RETURN(history_, LoadHistory(tx_, person_id_));
    JARING_CHECK(!account_.spells.empty());
    return Done{};
  }

  const StoredPayment& PaymentOf(std::int64_t payment_id) const {
    const auto at =
        std::find_if(history_.payments.begin(), history_.payments.end(),
                     [&](const StoredPayment& p) { return p.payment_id == payment_id; });
    JARING_CHECK(at != history_.payments.end());
    return *at;
  }

  CountedIn CountedInOf(int membership_seq) const {
    return CountedWith(account_.spells[static_cast<std::size_t>(membership_seq) - 1].membership);
  }

  void ReverseContributions(std::int64_t from, const PaymentRecord& reversal) {
    for (const StoredContribution& c : history_.contributions) {
      if (c.payment_id < from) {
        continue;
      }
      batch_.AddContribution({.member = {person_id_, c.membership_seq},
                              .payment_id = c.payment_id,
                              .first_month = c.first_month,
                              .months = -c.months,
                              .parts = -c.parts,
                              .reverses_id = c.contribution_id},
                             CountedInOf(c.membership_seq), reversal.partner_id,
                             PaymentOf(c.payment_id).paid_at.JakartaDate(),
                             reversal.paid_at.JakartaDate());
    }
  }

  /// The account as it was just before payment `from`: months and credit.
  void RestoreStateBefore(std::int64_t from) {
    MoneyHistory before = history_;
    std::erase_if(before.payments, [&](const StoredPayment& p) { return p.payment_id >= from; });
    std::erase_if(before.contributions,
                  [&](const StoredContribution& c) { return c.payment_id >= from; });
    ApplyContributions(before.contributions, account_.spells);
    for (PersonAccount::Row& row : account_.spells) {
      row.membership.credit = Money();
    }
    account_.spells.back().membership.credit = before.credit();
  }

  void SpendAgain(std::int64_t from, const PaymentRecord& reversal) {
    for (const StoredPayment& p : history_.payments) {
      if (p.payment_id <= from || p.reversed) {
        continue;
      }
      batch_.SpendAgain({.person_id = person_id_,
                         .payment_id = p.payment_id,
                         .partner_id = p.partner_id,
                         .reference = p.reference,
                         .kind = p.kind,
                         .amount = p.amount,
                         .paid_at = p.paid_at,
                         .of_payment_id = {}},
                        account_, reversal);
    }
  }

  /// The reversal's own journal takes the difference in credit.
  void SettleCredit(const PaymentRecord& reversal) {
    batch_.journal().Add(reversal.paid_at.JakartaDate(), reversal.partner_id,
                         Account::kMemberCredit, credit_before_ - account_.newest().credit);
  }

  Tx& tx_;
  const Agency& agency_;
  const std::int64_t person_id_;
  PostingBatch batch_;
  PersonAccount account_;
  MoneyHistory history_;
  Money credit_before_;
};

}  // namespace

Result<PaymentOutcome> ReversePayment(Tx& tx, const Agency& agency, const PaymentRequest& request,
                                      Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto done, FindReference(tx, request, PaymentKind::kReversal));
  JARING_ASSIGN_OR_RETURN(const auto original, FindReference(tx, request, PaymentKind::kPayment));
  PaymentOutcome outcome;
  if (!original) {
    outcome.rule = "reversal.unknown_reference";
    outcome.column = "reference";
    return outcome;
  }
  if (original->amount != -request.amount) {
    outcome.rule = "reversal.amount_differs";
    outcome.column = "amount";
    return outcome;
  }
  if (done) {
    outcome.status = PaymentStatus::kRepeated;
    outcome.payment_id = done->payment_id;
    outcome.member.person_id = done->person_id;
    return outcome;
  }
  JARING_ASSIGN_OR_RETURN(const auto placed, FindReference(tx, request, PaymentKind::kPlacement));
  const Reference& target = placed ? *placed : *original;
  JARING_ASSIGN_OR_RETURN(outcome.rule, WhyNotTakenBack(tx, target));
  if (!outcome.rule.empty()) {
    outcome.column = "reference";
    return outcome;
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t payment_id, TakeNumbers(tx, "payment", 1));
  // The journal of the day it was told of: what was closed before stays as it was.
  const PaymentRecord reversal{.person_id = target.person_id,
                               .payment_id = payment_id,
                               .partner_id = request.partner_id,
                               .reference = request.reference,
                               .kind = PaymentKind::kReversal,
                               .amount = request.amount,
                               .paid_at = request.paid_at,
                               .channel = request.channel,
                               .of_payment_id = target.payment_id};
  if (target.person_id == 0) {
    PostingBatch batch(agency, now);
    batch.AddPayment(reversal);
    batch.journal().Add(reversal.paid_at.JakartaDate(), reversal.partner_id, Account::kSuspense,
                        -reversal.amount);
    JARING_RETURN_IF_ERROR(batch.Write(tx));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kPlaceSuspense, {target.payment_id, payment_id}));
    outcome.booked_on = batch.LateBooking(reversal.paid_at);
  } else {
    Unwinding unwinding(tx, agency, target.person_id, now);
    JARING_ASSIGN_OR_RETURN(const PersonAccount account, unwinding.Run(reversal));
    outcome.booked_on = unwinding.LateBooking(reversal.paid_at);
    outcome.member = account.newest().member;
    outcome.credit = account.newest().credit;
  }
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertReference,
      {request.partner_id, request.reference, static_cast<std::int64_t>(PaymentKind::kReversal),
       payment_id, target.person_id, request.amount.rupiah()}));
  outcome.status = PaymentStatus::kPosted;
  outcome.payment_id = payment_id;
  return outcome;
}

Result<std::int64_t> FindOwnerOf(Tx& tx, std::int64_t partner_id, std::string_view reference) {
  const PaymentRequest request{.partner_id = partner_id, .reference = reference};
  JARING_ASSIGN_OR_RETURN(const auto original, FindReference(tx, request, PaymentKind::kPayment));
  if (!original) {
    return NotFound("reversal.unknown_reference");
  }
  JARING_ASSIGN_OR_RETURN(const auto placed, FindReference(tx, request, PaymentKind::kPlacement));
  const Reference& target = placed ? *placed : *original;
  JARING_RETURN_IF_ERROR(CheckPosted(tx, target.person_id, target.payment_id));
  return target.person_id;
}

Result<Reversible> FindReversible(Tx& tx, std::int64_t partner_id, std::string_view reference) {
  const PaymentRequest request{.partner_id = partner_id, .reference = reference};
  JARING_ASSIGN_OR_RETURN(const auto original, FindReference(tx, request, PaymentKind::kPayment));
  if (!original) {
    return NotFound("reversal.unknown_reference");
  }
  JARING_ASSIGN_OR_RETURN(const auto done, FindReference(tx, request, PaymentKind::kReversal));
  if (done) {
    return Conflict("reversal.done_already");
  }
  JARING_ASSIGN_OR_RETURN(const auto placed, FindReference(tx, request, PaymentKind::kPlacement));
  const Reference& target = placed ? *placed : *original;
  JARING_RETURN_IF_ERROR(CheckPosted(tx, target.person_id, target.payment_id));
  return Reversible{target.person_id, original->amount};
}

}  // namespace jaring
