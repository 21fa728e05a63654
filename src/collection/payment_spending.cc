#include "collection/payment_spending.h"

#include <utility>

#include "collection/collection_sql.h"
#include "collection/merge_sql.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

Date StoredDate(std::int64_t number) {
  const auto date = Date::ParseNumber(number);
  JARING_CHECK(date.has_value());
  return *date;
}

/// Why a payment cannot go to this account; empty when it can.
std::string_view WhyNotOwner(const OwnedPayment& payment, const PersonAccount& account) {
  if (account.spells.empty()) {
    return "payment.unknown_bill_code";
  }
  const Membership& newest = account.newest();
  const auto& named = payment.request->member;
  if (named && payment.sent_to == 0 && named->membership_seq > newest.member.membership_seq) {
    return "payment.unknown_bill_code";
  }
  return newest.ended_on ? "payment.membership_ended" : "";
}

}  // namespace

Result<Done> PaymentSpending::Plan(Tx& tx, std::vector<OwnedPayment> payments) {
  payments_ = std::move(payments);
  outcomes_.resize(payments_.size());
  JARING_RETURN_IF_ERROR(LoadAccounts(tx));
  JARING_RETURN_IF_ERROR(LoadWhatBeginningsNeed(tx));
  SpendAll();
  return Done{};
}

Result<std::vector<PaymentOutcome>> PaymentSpending::Write(Tx& tx) {
  if (payments_.empty()) {
    return std::move(outcomes_);
  }
  JARING_RETURN_IF_ERROR(batch_.Write(tx));
  for (std::size_t n = 0; n < payments_.size(); ++n) {
    outcomes_[n].booked_on = batch_.LateBooking(payments_[n].request->paid_at);
  }
  JARING_RETURN_IF_ERROR(NoteRedirected(tx));
  return std::move(outcomes_);
}

/// Loads each person's newest membership.
Result<Done> PaymentSpending::LoadAccounts(Tx& tx) {
  ValueRows keys(1);
  keys.Reserve(payments_.size());
  people_.reserve(payments_.size());
  for (const OwnedPayment& payment : payments_) {
    if (payment.person_id != 0 && (people_.empty() || people_.back() != payment.person_id)) {
      people_.push_back(payment.person_id);
      keys.Add({payment.person_id});
    }
  }
  accounts_.resize(people_.size());
  return tx.QueryEach(sql::kFindNewestMembership, keys, [this](std::size_t k, const Row& row) {
    accounts_[k].spells.push_back({ReadMembership(agency_.scheme, row)});
  });
}

/// A spell that may begin needs the birth date, and the spells before it for the counters.
Result<Done> PaymentSpending::LoadWhatBeginningsNeed(Tx& tx) {
  std::vector<std::size_t> beginning;
  std::vector<std::size_t> again;  // Those with spells before the newest.
  ValueRows keys(1);
  ValueRows again_keys(1);
  for (std::size_t k = 0; k < accounts_.size(); ++k) {
    if (accounts_[k].spells.empty() || !MayBegin(k)) {
      continue;
    }
    beginning.push_back(k);
    keys.Add({people_[k]});
    if (accounts_[k].newest().member.membership_seq > 1) {
      again.push_back(k);
      again_keys.Add({people_[k]});
    }
  }
  JARING_RETURN_IF_ERROR(
      tx.QueryEach(sql::kFindPersonIdentity, keys, [&](std::size_t b, const Row& row) {
        accounts_[beginning[b]].birth_date = StoredDate(row.Int(1));
      }));
  for (const std::size_t k : again) {
    accounts_[k].spells.clear();
  }
  return tx.QueryEach(sql::kListMembershipsOfPerson, again_keys,
                      [&](std::size_t a, const Row& row) {
                        accounts_[again[a]].spells.push_back({ReadMembership(agency_.scheme, row)});
                      });
}

/// Could the newest payment to this person begin a spell? Asked with the latest day possible.
bool PaymentSpending::MayBegin(std::size_t k) const {
  return AgeOfSpell(agency_.scheme, accounts_[k].newest().spell, now_.JakartaDate()) !=
         SpellAge::kOpen;
}

void PaymentSpending::SpendAll() {
  batch_.Reserve(payments_.size());
  std::size_t k = 0;
  for (std::size_t n = 0; n < payments_.size();) {
    const std::int64_t person_id = payments_[n].person_id;
    std::size_t end = n + 1;
    while (end < payments_.size() && payments_[end].person_id == person_id) {
      ++end;
    }
    if (person_id == 0) {
      for (std::size_t i = n; i < end; ++i) {
        SuspendOne(i);
      }
    } else {
      SpendGroup(n, end, accounts_[k++]);
    }
    n = end;
  }
}

void PaymentSpending::SpendGroup(std::size_t begin, std::size_t end, PersonAccount& account) {
  batch_.TallySpells(account, -1);
  for (std::size_t n = begin; n < end; ++n) {
    payments_[n].suspense_reason = WhyNotOwner(payments_[n], account);
    if (!payments_[n].suspense_reason.empty()) {
      SuspendOne(n);
      continue;
    }
    const PaymentRecord record = RecordOf(payments_[n]);
    batch_.AddPayment(record);
    const Purchase purchase = batch_.Spend(record, account);
    outcomes_[n] = {.status = PaymentStatus::kPosted,
                    .payment_id = record.payment_id,
                    .member = account.paid().member,
                    .first_month = purchase.first_month,
                    .months = purchase.months,
                    .credit = purchase.leftover};
  }
  batch_.TallySpells(account, +1);
  batch_.SaveAccount(account);
}

void PaymentSpending::SuspendOne(std::size_t n) {
  OwnedPayment& payment = payments_[n];
  payment.person_id = 0;
  const PaymentRecord record = RecordOf(payment);
  batch_.AddPayment(record);
  batch_.Suspend(record, payment.suspense_reason, payment.request->code_as_sent);
  outcomes_[n] = {.status = PaymentStatus::kSuspended,
                  .rule = payment.suspense_reason,
                  .column = "bill_code",
                  .payment_id = record.payment_id};
}

PaymentRecord PaymentSpending::RecordOf(const OwnedPayment& payment) const {
  const PaymentRequest& request = *payment.request;
  return {.person_id = payment.person_id,
          .payment_id = payment.payment_id,
          .partner_id = request.partner_id,
          .reference = request.reference,
          .kind = PaymentKind::kPayment,
          .amount = request.amount,
          .paid_at = request.paid_at,
          .channel = request.channel,
          .of_payment_id = {}};
}

/// Should a merge be undone, these go to whom they were sent.
Result<Done> PaymentSpending::NoteRedirected(Tx& tx) const {
  ValueRows rows(3);
  for (const OwnedPayment& payment : payments_) {
    if (payment.sent_to != 0 && payment.person_id != 0) {
      rows.Add({payment.person_id, payment.payment_id, payment.sent_to});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertRedirected, rows));
  return Done{};
}

}  // namespace jaring
