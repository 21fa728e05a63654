#pragma once

// What merging persons and undoing it share: whose money it is, and the rows that are added.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "collection/history.h"
#include "collection/life.h"
#include "collection/merge_sql.h"
#include "collection/posting.h"
#include "collection/refund_sql.h"
#include "ledger/sequence.h"

namespace jaring {

/// One person of the register while money is moved about.
struct Party {
  std::int64_t person_id = 0;
  PersonAccount account;
  MoneyHistory history;

  Membership& newest() { return account.spells.back().membership; }
  std::optional<Month> last_month() const {
    std::optional<Month> last;
    for (const PersonAccount::Row& row : account.spells) {
      if (row.membership.spell.paid_through) {
        last = std::max(last.value_or(*row.membership.spell.paid_through),
                        *row.membership.spell.paid_through);
      }
    }
    return last;
  }
  const StoredPayment& PaymentOf(std::int64_t payment_id) const {
    const auto at = std::find_if(history.payments.begin(), history.payments.end(),
                                 [&](const auto& p) { return p.payment_id == payment_id; });
    JARING_CHECK(at != history.payments.end());
    return *at;
  }
};

/// Errors: member.unknown.
Result<Party> LoadParty(Tx& tx, const Agency& agency, std::int64_t person_id);

/// What remains of a contribution when its months from `month` on are taken back.
///
/// Errors: tariff.none_for_month.
Result<StoredContribution> RestBefore(const Scheme& scheme, const Party& party, const Terms& terms,
                                      const StoredContribution& contribution, Month month);

/// The spells of all, person by person.
std::vector<Membership> SpellsOf(const std::vector<Party>& parties);

/// What merging and undoing share: the rows they add. The kept person is the first party.
class MoneyShift {
 public:
  MoneyShift(Tx& tx, const Agency& agency, std::int64_t merge_id, Instant now)
      : tx_(tx), agency_(agency), merge_id_(merge_id), now_(now), batch_(agency, now) {}

  Result<Done> Load(std::span<const std::int64_t> persons) {
    for (const std::int64_t person_id : persons) {
      JARING_ASSIGN_OR_RETURN(Party party, LoadParty(tx_, agency_, person_id));
      credit_before_ += party.newest().credit;
      parties.push_back(std::move(party));
    }
    return Done{};
  }

  /// Adds a reversing row for a contribution that holds.
  void TakeBack(Party& party, std::size_t at) {
    const StoredContribution c = party.history.contributions[at];
    Post(party, {.member = {party.person_id, c.membership_seq},
                 .payment_id = c.payment_id,
                 .first_month = c.first_month,
                 .months = -c.months,
                 .parts = -c.parts,
                 .reverses_id = c.contribution_id});
    party.history.contributions.erase(party.history.contributions.begin() +
                                      static_cast<std::ptrdiff_t>(at));
  }

  /// Adds a contribution; its id is not known before it is written.
  void Buy(Party& party, const StoredContribution& c) {
    Post(party, {.member = {party.person_id, c.membership_seq},
                 .payment_id = c.payment_id,
                 .first_month = c.first_month,
                 .months = c.months,
                 .parts = c.parts,
                 .reverses_id = {}});
    party.history.contributions.push_back(c);
    party.history.contributions.back().contribution_id = 0;
  }

  /// Adds a row of money moved to (or, negative, from) a person; its number among the payments.
  Result<std::int64_t> Move(Party& party, Money amount, Instant paid_at,
                            std::optional<std::int64_t> takes_back, std::int64_t partner_id = 0) {
    JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx_, "payment", 1));
    JARING_RETURN_IF_ERROR(
        tx_.Run(sql::kInsertCreditMove,
                {party.person_id, id, merge_id_, partner_id, amount.rupiah(), paid_at.micros(),
                 now_.micros(), takes_back ? Value(*takes_back) : Value()}));
    if (takes_back) {
      for (StoredPayment& payment : party.history.payments) {
        payment.reversed = payment.reversed || payment.payment_id == *takes_back;
      }
    } else {
      party.history.payments.push_back({.payment_id = id,
                                        .partner_id = partner_id,
                                        .kind = PaymentKind::kMove,
                                        .amount = amount,
                                        .paid_at = paid_at,
                                        .posted_at = now_});
    }
    return id;
  }

  /// Adds a row of money given back out of a person's credit; `claim`: its person and number. The
  /// caller journals it.
  Result<Done> GiveBack(Party& party, Money amount, const std::pair<std::int64_t, int>& claim) {
    JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx_, "payment", 1));
    party.history.payments.push_back({.payment_id = id,
                                      .kind = PaymentKind::kRefund,
                                      .amount = -amount,
                                      .paid_at = now_,
                                      .posted_at = now_});
    given_back_ += amount;
    JARING_RETURN_IF_ERROR(
        tx_.Run(sql::kInsertRefund,
                {party.person_id, id, claim.first, claim.second, amount.rupiah(), now_.micros()}));
    return Done{};
  }

  /// Months, days of first cover and credit of a person, as her rows now say.
  void Restate(Party& party) {
    ApplyContributions(party.history.contributions, party.account.spells);
    for (PersonAccount::Row& row : party.account.spells) {
      Membership& m = row.membership;
      row.changed = true;
      m.credit = Money();
      for (const StoredContribution& c : party.history.contributions) {
        if (!m.cover_from && c.membership_seq == m.member.membership_seq &&
            c.first_month == *m.spell.first_month) {
          m.cover_from = CoverFrom(m.spell, party.PaymentOf(c.payment_id).paid_at.JakartaDate());
        }
      }
    }
    party.newest().credit = party.history.credit();
  }

  /// Spends a payment on what it buys now.
  void Spend(Party& party, const StoredPayment& payment) {
    NotePartner(payment.partner_id);
    batch_.SpendAgain({.person_id = party.person_id,
                       .payment_id = payment.payment_id,
                       .partner_id = payment.partner_id,
                       .kind = payment.kind,
                       .amount = payment.amount,
                       .paid_at = payment.paid_at,
                       .of_payment_id = {}},
                      party.account, {.partner_id = *partner_, .paid_at = now_});
  }

  Result<Done> Write() {
    Money credit;
    for (Party& party : parties) {
      credit += party.newest().credit;
      batch_.SaveAccount(party.account);
    }
    batch_.journal().Add(now_.JakartaDate(), partner_.value_or(0), Account::kMemberCredit,
                         credit_before_ - credit - given_back_);
    JARING_RETURN_IF_ERROR(batch_.Write(tx_));
    return tally.Post(tx_);
  }

  std::vector<Party> parties;
  CoverageTally tally;

 private:
  /// One journal holds all that one merge changes: that of the first partner concerned.
  void NotePartner(std::int64_t partner_id) { partner_ = partner_.value_or(partner_id); }

  void Post(Party& party, const ContributionRecord& record) {
    const StoredPayment& payment = party.PaymentOf(record.payment_id);
    NotePartner(payment.partner_id);
    const auto place = static_cast<std::size_t>(record.member.membership_seq) - 1;
    batch_.AddContribution(record, CountedWith(party.account.spells[place].membership), *partner_,
                           payment.paid_at.JakartaDate(), now_.JakartaDate());
  }

  Tx& tx_;
  const Agency& agency_;
  const std::int64_t merge_id_;
  const Instant now_;
  PostingBatch batch_;
  std::optional<std::int64_t> partner_;
  Money credit_before_;
  Money given_back_;
};

}  // namespace jaring
