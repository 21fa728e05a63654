#include "collection/posting.h"

#include "collection/collection_sql.h"
#include "ledger/sequence.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

template <typename T>
Value OrNull(const std::optional<T>& value) {
  return value ? Value(*value) : Value();
}

/// The spell that follows a lapsed one: same terms, new acquisition.
Membership NextSpell(const Membership& before, Date acquired_on) {
  Membership next = before;
  ++next.member.membership_seq;
  next.spell.acquired_on = acquired_on;
  next.spell.first_month.reset();
  next.spell.paid_through.reset();
  next.terms.spell_first_month.reset();
  next.cover_from.reset();
  next.ended_on.reset();
  return next;
}

/// Goes to the person's next spell, made when there is none yet; credit goes along.
void MoveToNextSpell(PersonAccount& account, Date acquired_on) {
  PersonAccount::Row& before = account.row();
  const Money credit = before.membership.credit;
  before.membership.credit = Money();
  before.changed = true;
  if (++account.current == account.spells.size()) {
    account.spells.push_back({NextSpell(account.spells.back().membership, acquired_on),
                              /*stored=*/false, /*changed=*/true});
  }
  account.row().membership.credit = credit;
}

}  // namespace

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
  account.row().changed = true;
  const Membership& newest = account.row().membership;
  const Money available = newest.credit + payment.amount;
  Purchase plan = PlanPurchase(agency_.scheme, newest.terms, newest.spell, account.birth_date,
                               available, paid_on);
  if (plan.restarts && newest.member.membership_seq == MemberNumber::kMaxMemberships) {
    plan = Purchase{.leftover = available};
  }
  if (plan.months > 0 && plan.restarts) {
    MoveToNextSpell(account, paid_on);
  }
  Membership& m = account.row().membership;
  m.credit = plan.leftover;
  if (plan.months > 0) {
    if (!m.spell.first_month) {
      m.spell.first_month = plan.first_month;
      m.terms.spell_first_month = plan.first_month;
      m.cover_from = plan.cover_from;
    }
    m.spell.paid_through = plan.last_month();
    AddContribution({.member = m.member,
                     .payment_id = payment.payment_id,
                     .first_month = *plan.first_month,
                     .months = plan.months,
                     .parts = plan.parts,
                     .reverses_id = {}},
                    m.cohort_id, journal_partner, paid_on, business_day);
  }
  return plan;
}

Purchase PostingBatch::Spend(const PaymentRecord& payment, PersonAccount& account) {
  const Money credit_before = account.row().membership.credit;
  const Date paid_on = payment.paid_at.JakartaDate();
  const Purchase plan = Buy(payment, account, payment.partner_id, paid_on);
  journal_.Add(paid_on, payment.partner_id, Account::kMemberCredit, credit_before - plan.leftover);
  return plan;
}

void PostingBatch::SpendAgain(const PaymentRecord& payment, PersonAccount& account,
                              const PaymentRecord& reversal) {
  Buy(payment, account, reversal.partner_id, reversal.paid_at.JakartaDate());
}

void PostingBatch::AddContribution(const ContributionRecord& c, std::int64_t cohort_id,
                                   std::int64_t partner_id, Date received_on, Date business_day) {
  contributions_.push_back(c);
  journal_.Add(business_day, partner_id, Account::kJkkContributions, -c.parts[Programme::kJkk]);
  journal_.Add(business_day, partner_id, Account::kJkmContributions, -c.parts[Programme::kJkm]);
  journal_.Add(business_day, partner_id, Account::kMemberSavings, -c.parts[Programme::kJht]);
  CoverageCount& count = tally_.At(cohort_id, received_on.month());
  count.months_bought += c.months;
  count.received_rupiah += c.parts.total().rupiah();
}

void PostingBatch::TallySpells(const PersonAccount& account, int sign) {
  const Membership* before = nullptr;
  for (const auto& [m, stored, changed] : account.spells) {
    if (!m.spell.first_month) {
      continue;
    }
    tally_.At(m.cohort_id, *m.spell.first_month).begun += sign;
    tally_.At(m.cohort_id, *m.spell.paid_through).paid_through += sign;
    if (before != nullptr) {
      tally_.At(before->cohort_id, *m.spell.first_month).restarted += sign;
    }
    before = &m;
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
  JARING_RETURN_IF_ERROR(journal_.Post(tx));
  return tally_.Post(tx);
}

}  // namespace jaring
