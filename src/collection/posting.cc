#include "collection/posting.h"

#include <algorithm>

#include "collection/collection_sql.h"
#include "ledger/sequence.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr std::size_t kPaidAtOfPayment = 6;  // Among the values of kInsertPayment.

template <typename T>
Value OrNull(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

/// The spell that follows a lapsed one: same terms, acquired by the payment that begins it. After
/// an end only money from before it is spent, again: the end then is the new spell's too.
Membership NextSpell(const Membership& before, Date acquired_on) {
  Membership next = before;
  ++next.member.membership_seq;
  next.spell = {.acquired_on = acquired_on, .start_rule = StartRule::kFirstPayment};
  next.terms.spell_first_month.reset();
  next.cover_from.reset();
  return next;
}

bool HasEnded(const Membership& m, Date on) {
  return m.ended_on && *m.ended_on <= on;
}

bool IsOpenWithMonths(const Scheme& scheme, const Membership& m, Date on) {
  return !HasEnded(m, on) && AgeOfSpell(scheme, m.spell, on) == SpellAge::kOpen;
}

/// Puts a spell that bought months back in its place, or after the last; credit is always with the
/// newest.
void KeepSpell(PersonAccount& account, std::size_t place, const PersonAccount::Row& row) {
  if (place == account.spells.size()) {
    account.spells.back().membership.credit = Money();
    account.spells.back().changed = true;
    account.spells.push_back(row);
  } else {
    account.spells[place] = row;
  }
  account.spells[place].changed = true;
}

}  // namespace

std::size_t SpellToPay(const Scheme& scheme, std::span<const PersonAccount::Row> spells, Date on) {
  std::size_t first_without = spells.size();
  while (first_without > 0 && !spells[first_without - 1].membership.spell.first_month) {
    --first_without;
  }
  if (first_without > 0 && IsOpenWithMonths(scheme, spells[first_without - 1].membership, on)) {
    return first_without - 1;
  }
  for (std::size_t i = spells.size(); i > first_without; --i) {
    const Membership& m = spells[i - 1].membership;
    if (m.spell.acquired_on <= on && !HasEnded(m, on)) {
      return i - 1;
    }
  }
  while (first_without < spells.size() && HasEnded(spells[first_without].membership, on)) {
    ++first_without;
  }
  return first_without;
}

void PostingBatch::Reserve(std::size_t payments) {
  payments_.Reserve(payments);
  contributions_.reserve(payments);
  membership_updates_.Reserve(payments);
}

void PostingBatch::AddPayment(const PaymentRecord& p) {
  payments_.Add({p.person_id, p.payment_id, p.partner_id, p.reference,
                 static_cast<std::int64_t>(p.kind), p.amount.rupiah(), p.paid_at.micros(),
                 posted_at_.micros(), p.channel, OrNull(p.of_payment_id)});
  const Account source =
      p.kind == PaymentKind::kPlacement ? Account::kSuspense : Account::kPartnerClearing;
  journal_.Add(p.paid_at.JakartaDate(), p.partner_id, source, p.amount);
}

void PostingBatch::Suspend(const PaymentRecord& p, std::string_view reason, std::string_view code) {
  suspense_.Add({p.payment_id, reason, code, p.amount.rupiah(), Value()});
  journal_.Add(p.paid_at.JakartaDate(), p.partner_id, Account::kSuspense, -p.amount);
}

Purchase PostingBatch::Buy(const PaymentRecord& payment, PersonAccount& account,
                           std::int64_t journal_partner, Date business_day) {
  const Date paid_on = payment.paid_at.JakartaDate();
  const std::size_t to = SpellToPay(agency_.scheme, account.spells, paid_on);
  const bool begins_new = to == account.spells.size();
  PersonAccount::Row row = begins_new ? PersonAccount::Row{NextSpell(account.newest(), paid_on),
                                                           /*stored=*/false}
                                      : account.spells[to];
  Membership& m = row.membership;
  Purchase plan{.leftover = account.newest().credit + payment.amount};
  if (m.member.membership_seq <= MemberNumber::kMaxMemberships) {
    plan =
        PlanPurchase(agency_.scheme, m.terms, m.spell, account.birth_date, plan.leftover, paid_on);
  }
  if (plan.months > 0) {
    if (!m.spell.first_month) {
      m.cover_from = CoverFrom(m.spell, paid_on);
      m.spell.first_month = plan.first_month;
      m.terms.spell_first_month = plan.first_month;
    }
    m.spell.paid_through = plan.last_month();
    AddContribution({.member = m.member,
                     .payment_id = payment.payment_id,
                     .first_month = *plan.first_month,
                     .months = plan.months,
                     .parts = plan.parts,
                     .reverses_id = {}},
                    CountedWith(m), journal_partner, paid_on, business_day);
    KeepSpell(account, to, row);
  }
  account.current = std::min(to, account.spells.size() - 1);
  account.spells.back().membership.credit = plan.leftover;
  account.spells.back().changed = true;
  return plan;
}

Purchase PostingBatch::Spend(const PaymentRecord& payment, PersonAccount& account) {
  const Money credit_before = account.newest().credit;
  const Date paid_on = payment.paid_at.JakartaDate();
  const Purchase plan = Buy(payment, account, payment.partner_id, paid_on);
  journal_.Add(paid_on, payment.partner_id, Account::kMemberCredit, credit_before - plan.leftover);
  return plan;
}

void PostingBatch::SpendAgain(const PaymentRecord& payment, PersonAccount& account,
                              const PaymentRecord& reversal) {
  Buy(payment, account, reversal.partner_id, reversal.paid_at.JakartaDate());
}

void PostingBatch::AddContribution(const ContributionRecord& c, const CountedIn& in,
                                   std::int64_t partner_id, Date received_on, Date business_day) {
  contributions_.push_back(c);
  journal_.Add(business_day, partner_id, Account::kJkkContributions, -c.parts[Programme::kJkk]);
  journal_.Add(business_day, partner_id, Account::kJkmContributions, -c.parts[Programme::kJkm]);
  journal_.Add(business_day, partner_id, Account::kMemberSavings, -c.parts[Programme::kJht]);
  tally_.AddMoney(in, received_on.month(), c.months, c.parts.total().rupiah());
}

void PostingBatch::TallySpells(const PersonAccount& account, int sign) {
  const Membership* next = nullptr;
  for (std::size_t i = account.spells.size(); i-- > 0;) {
    const Membership& m = account.spells[i].membership;
    TallySpell(tally_, m, next, sign);
    next = m.spell.first_month ? &m : next;
  }
}

void PostingBatch::SaveAccount(const PersonAccount& account) {
  for (const auto& [membership, stored, changed] : account.spells) {
    if (!stored) {
      AddMembershipRow(membership, membership_inserts_);
    } else if (changed) {
      AddMembershipUpdate(membership, membership_updates_);
    }
  }
}

Result<Done> PostingBatch::Write(Tx& tx) {
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertPayment, payments_));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertSuspense, suspense_));
  if (!contributions_.empty()) {
    JARING_ASSIGN_OR_RETURN(
        std::int64_t id,
        TakeNumbers(tx, "contribution", static_cast<std::int64_t>(contributions_.size())));
    ValueRows rows(11);
    rows.Reserve(contributions_.size());
    for (const ContributionRecord& c : contributions_) {
      rows.Add({c.member.person_id, id++, c.member.membership_seq, c.payment_id,
                c.first_month.number(), c.months, c.parts[Programme::kJkk].rupiah(),
                c.parts[Programme::kJkm].rupiah(), c.parts[Programme::kJht].rupiah(),
                posted_at_.micros(), OrNull(c.reverses_id)});
    }
    JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertContribution, rows));
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kUpdateMembership, membership_updates_));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertMembership, membership_inserts_));
  JARING_ASSIGN_OR_RETURN(open_from_, BooksOpenFrom(tx));
  JARING_RETURN_IF_ERROR(NoteLatePostings(tx));
  JARING_RETURN_IF_ERROR(journal_.Post(tx, open_from_));
  return tally_.Post(tx);
}

std::optional<Date> PostingBatch::LateBooking(Instant paid_at) const {
  const bool is_late = open_from_ && paid_at < Instant::StartOfDay(*open_from_);
  return is_late ? open_from_ : std::nullopt;
}

Result<Done> PostingBatch::NoteLatePostings(Tx& tx) {
  ValueRows late(3);
  for (std::size_t i = 0; open_from_ && i < payments_.size(); ++i) {
    const auto row = payments_.row(i);
    if (LateBooking(Instant::FromMicros(row[kPaidAtOfPayment].integer()))) {
      late.Add({row[0].integer(), row[1].integer(), open_from_->number()});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertLatePosting, late));
  return Done{};
}

}  // namespace jaring
