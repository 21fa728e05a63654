#include "insight/person_check.h"

#include <algorithm>
#include <set>

namespace jaring {
namespace {

/// Works on one person; each step adds what it finds broken.
class PersonCheck {
 public:
  PersonCheck(const Scheme& scheme, const PersonRows& person, Counting counting,
              CoverageTally& counters)
      : scheme_(scheme),
        person_(person),
        counters_(counters),
        spells_counted_in_(counting == Counting::kAll ? counters : elsewhere_) {}

  PersonFindings Run() {
    CheckReversals();
    CheckMoney();
    for (std::size_t i = 0; i < person_.memberships.size(); ++i) {
      CheckSpell(i);
    }
    CountSpells();
    CountEnds();
    return std::move(findings_);
  }

 private:
  void Broken(const char* invariant) { findings_.broken.emplace_back(invariant); }

  const PaymentRow* FindPayment(std::int64_t payment_id) const {
    for (const PaymentRow& p : person_.payments) {
      if (p.payment_id == payment_id) {
        return &p;
      }
    }
    return nullptr;
  }

  void CheckReversals() {
    for (const PaymentRow& p : person_.payments) {
      const bool takes_back =
          p.kind == PaymentKind::kReversal || (p.kind == PaymentKind::kMove && p.of_payment_id);
      if (!takes_back) {
        continue;
      }
      const PaymentRow* original = p.of_payment_id ? FindPayment(*p.of_payment_id) : nullptr;
      if (original == nullptr || original->amount != -p.amount ||
          !reversed_payments_.insert(original->payment_id).second) {
        Broken("payment.reversal");
      }
    }
    for (const ContributionRow& c : person_.contributions) {
      if (!c.reverses_id) {
        continue;
      }
      const auto original = std::find_if(
          person_.contributions.begin(), person_.contributions.end(),
          [&](const ContributionRow& o) { return o.contribution_id == *c.reverses_id; });
      const bool matches = original != person_.contributions.end() &&
                           original->months == -c.months && original->parts == -c.parts &&
                           original->first_month == c.first_month &&
                           original->membership_seq == c.membership_seq;
      if (!matches || !reversed_contributions_.insert(*c.reverses_id).second) {
        Broken("contribution.reversal");
      }
    }
  }

  bool Holds(const ContributionRow& c) const {
    return !c.reverses_id && reversed_contributions_.count(c.contribution_id) == 0;
  }

  /// Received = spent on months + credit; credit stands on the newest spell only.
  void CheckMoney() {
    Money received;
    for (const PaymentRow& p : person_.payments) {
      received += p.amount;
    }
    for (const ContributionRow& c : person_.contributions) {
      findings_.parts += c.parts;
      const PaymentRow* payment = FindPayment(c.payment_id);
      const bool known_spell =
          c.membership_seq >= 1 &&
          static_cast<std::size_t>(c.membership_seq) <= person_.memberships.size();
      const bool explained = payment != nullptr && known_spell &&
                             (!Holds(c) || reversed_payments_.count(payment->payment_id) == 0);
      if (!explained) {
        Broken("person.money_explained");
      }
      if (payment != nullptr && known_spell) {
        counters_.AddMoney(CountedWith(MembershipOf(c)), payment->paid_at.JakartaDate().month(),
                           c.months, c.parts.total().rupiah());
      }
    }
    Money credit;
    for (std::size_t i = 0; i < person_.memberships.size(); ++i) {
      credit += person_.memberships[i].credit;
      if (i + 1 < person_.memberships.size() && !person_.memberships[i].credit.is_zero()) {
        Broken("person.credit_kept");
      }
    }
    if (received != findings_.parts.total() + credit) {
      Broken("person.credit_kept");
    }
    findings_.credit = credit;
  }

  const Membership& MembershipOf(const ContributionRow& c) const {
    return person_.memberships[static_cast<std::size_t>(c.membership_seq) - 1];
  }

  /// The months bought are one run, each at the tariff of its month and day of payment.
  void CheckSpell(std::size_t i) {
    const Membership& m = person_.memberships[i];
    if (m.member.membership_seq != static_cast<int>(i) + 1) {
      Broken("person.spells_in_order");
      return;
    }
    std::vector<const ContributionRow*> bought;
    for (const ContributionRow& c : person_.contributions) {
      if (Holds(c) && c.membership_seq == m.member.membership_seq) {
        bought.push_back(&c);
      }
    }
    std::sort(bought.begin(), bought.end(), [](const ContributionRow* a, const ContributionRow* b) {
      return a->first_month < b->first_month;
    });
    std::optional<Month> first;
    std::optional<Month> through;
    for (const ContributionRow* c : bought) {
      if (c->months < 1 || (through && c->first_month != *through + 1)) {
        Broken("person.months_without_hole");
        return;
      }
      first = first.value_or(c->first_month);
      through = c->first_month + (c->months - 1);
      CheckTariff(m, *first, *c);
    }
    if (m.spell.first_month != first || m.spell.paid_through != through) {
      Broken("person.spells_kept");
    }
    CheckCoverFrom(m, bought.empty() ? nullptr : bought.front());
  }

  /// The day of first cover follows from the payment that bought the first month.
  void CheckCoverFrom(const Membership& m, const ContributionRow* first) {
    const PaymentRow* payment = first == nullptr ? nullptr : FindPayment(first->payment_id);
    std::optional<Date> expected;
    if (payment != nullptr) {
      expected = CoverFrom(m.spell, payment->paid_at.JakartaDate());
    }
    if (m.cover_from != expected) {
      Broken("person.cover_from_kept");
    }
  }

  void CheckTariff(const Membership& m, Month spell_first_month, const ContributionRow& c) {
    const PaymentRow* payment = FindPayment(c.payment_id);
    if (payment == nullptr) {
      return;  // Already told of.
    }
    Terms terms = m.terms;
    terms.spell_first_month = spell_first_month;
    ByProgramme due;
    for (int k = 0; k < c.months; ++k) {
      const auto price =
          PriceMonth(scheme_, terms, c.first_month + k, payment->paid_at.JakartaDate());
      if (price) {
        due += price->due;
      }
    }
    if (!(due == c.parts)) {
      Broken("contribution.tariff");
    }
  }

  void CountSpells() {
    const Membership* before = nullptr;
    for (const Membership& m : person_.memberships) {
      if (m.member.membership_seq == 1) {
        spells_counted_in_.AddRegistered(CountedWith(m), m.spell.acquired_on.month(), +1);
      }
      if (!m.spell.first_month || !m.spell.paid_through) {
        continue;
      }
      if (before != nullptr) {
        // Who joins again after an end may still hold months of the closed membership.
        if (!before->ended_on && *m.spell.first_month <= *before->spell.paid_through) {
          Broken("person.spells_in_order");
        }
        TallySpell(spells_counted_in_, *before, &m, +1);
      }
      before = &m;
    }
    if (before != nullptr) {
      TallySpell(spells_counted_in_, *before, nullptr, +1);
    }
  }

  /// Each event closed the newest membership there was.
  void CountEnds() {
    for (const ToldEnd& end : person_.ends) {
      if (end.membership_seq < 1 ||
          static_cast<std::size_t>(end.membership_seq) > person_.memberships.size()) {
        Broken("person.end_explained");
        continue;
      }
      const Membership& m = person_.memberships[static_cast<std::size_t>(end.membership_seq) - 1];
      if (m.ended_on != end.ended_on) {
        Broken("person.end_explained");
      }
      counters_.AddEnd(CountedWith(m), end.ended_on.month(), end.reason, +1);
    }
  }

  const Scheme& scheme_;
  const PersonRows& person_;
  CoverageTally& counters_;
  CoverageTally elsewhere_;
  CoverageTally& spells_counted_in_;
  std::set<std::int64_t> reversed_payments_;
  std::set<std::int64_t> reversed_contributions_;
  PersonFindings findings_;
};

}  // namespace

PaymentRow ReadPaymentRow(const Row& row) {
  PaymentRow p{.payment_id = row.Int(1),
               .partner_id = row.Int(2),
               .kind = static_cast<PaymentKind>(row.Int(4)),
               .amount = Money::FromRupiah(row.Int(5)),
               .paid_at = Instant::FromMicros(row.Int(6)),
               .posted_at = Instant::FromMicros(row.Int(7))};
  if (!row.IsNull(8)) {
    p.of_payment_id = row.Int(8);
  }
  return p;
}

ContributionRow ReadContributionRow(const Row& row) {
  const auto first_month = Month::ParseNumber(row.Int(4));
  JARING_CHECK(first_month.has_value());
  ContributionRow c{.contribution_id = row.Int(1),
                    .membership_seq = static_cast<int>(row.Int(2)),
                    .payment_id = row.Int(3),
                    .first_month = *first_month,
                    .months = static_cast<int>(row.Int(5))};
  c.parts[Programme::kJkk] = Money::FromRupiah(row.Int(6));
  c.parts[Programme::kJkm] = Money::FromRupiah(row.Int(7));
  c.parts[Programme::kJht] = Money::FromRupiah(row.Int(8));
  if (!row.IsNull(9)) {
    c.reverses_id = row.Int(9);
  }
  c.posted_at = Instant::FromMicros(row.Int(10));
  return c;
}

PaymentRow ReadMoveRow(const Row& row) {
  PaymentRow p{.payment_id = row.Int(1),
               .partner_id = row.Int(2),
               .kind = PaymentKind::kMove,
               .amount = Money::FromRupiah(row.Int(4)),
               .paid_at = Instant::FromMicros(row.Int(5)),
               .posted_at = Instant::FromMicros(row.Int(6))};
  if (!row.IsNull(7)) {
    p.of_payment_id = row.Int(7);
  }
  return p;
}

std::vector<SavingsAccount::Credited> RecomputeReturns(const PersonRows& person,
                                                       const std::vector<ReturnRun>& runs) {
  SavingsAccount savings;
  if (runs.empty()) {
    return savings.returns;
  }
  for (const ContributionRow& c : person.contributions) {
    for (const PaymentRow& p : person.payments) {
      if (p.payment_id == c.payment_id && !c.parts[Programme::kJht].is_zero()) {
        const Date booked_on =
            p.kind == PaymentKind::kMove ? p.posted_at.JakartaDate() : p.booking_day();
        savings.changes.push_back(
            {SavingsDay(c.posted_at, p.posted_at, booked_on), c.parts[Programme::kJht]});
      }
    }
  }
  savings.changes.insert(savings.changes.end(), person.withdrawals.begin(),
                         person.withdrawals.end());
  for (const ReturnRun& run : runs) {
    const Money earned = savings.ReturnOf(run.terms);
    if (person.person_id <= run.done_person_id && !earned.is_zero()) {
      savings.returns.push_back({run.terms.year, earned});
    }
  }
  return savings.returns;
}

PersonFindings CheckPersonRows(const Scheme& scheme, const PersonRows& person, Counting counting,
                               CoverageTally& counters) {
  return PersonCheck(scheme, person, counting, counters).Run();
}

}  // namespace jaring
