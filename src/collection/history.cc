#include "collection/history.h"

#include <algorithm>

#include "collection/collection_sql.h"
#include "collection/merge_sql.h"
#include "collection/refund_sql.h"

namespace jaring {
namespace {

StoredContribution ReadContribution(const Row& row) {
  const auto first_month = Month::ParseNumber(row.Int(3));
  JARING_CHECK(first_month.has_value());
  StoredContribution c{.contribution_id = row.Int(0),
                       .membership_seq = static_cast<int>(row.Int(1)),
                       .payment_id = row.Int(2),
                       .first_month = *first_month,
                       .months = static_cast<int>(row.Int(4)),
                       .posted_at = Instant::FromMicros(row.Int(8))};
  c.parts[Programme::kJkk] = Money::FromRupiah(row.Int(5));
  c.parts[Programme::kJkm] = Money::FromRupiah(row.Int(6));
  c.parts[Programme::kJht] = Money::FromRupiah(row.Int(7));
  return c;
}

StoredPayment ReadPayment(const Row& row) {
  return {.payment_id = row.Int(0),
          .partner_id = row.Int(1),
          .reference = std::string(row.Text(2)),
          .kind = static_cast<PaymentKind>(row.Int(3)),
          .amount = Money::FromRupiah(row.Int(4)),
          .paid_at = Instant::FromMicros(row.Int(5)),
          .posted_at = Instant::FromMicros(row.Int(6))};
}

/// Money moved by merges and given back with claims, among the payments in their order; what takes
/// something back marks it.
Result<Done> LoadMoves(Tx& tx, std::int64_t person_id, std::optional<Instant> known_at,
                       std::vector<StoredPayment>& payments, std::set<std::int64_t>& taken_back) {
  const std::size_t before = payments.size();
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListCreditMovesOfPerson, {person_id}, [&](const Row& row) {
    if (known_at && row.Int(4) > known_at->micros()) {
      return;
    }
    if (!row.IsNull(5)) {
      taken_back.insert(row.Int(5));
    } else {
      payments.push_back({.payment_id = row.Int(0),
                          .partner_id = row.Int(1),
                          .kind = PaymentKind::kMove,
                          .amount = Money::FromRupiah(row.Int(2)),
                          .paid_at = Instant::FromMicros(row.Int(3)),
                          .posted_at = Instant::FromMicros(row.Int(4))});
    }
  }));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListRefundsOfPerson, {person_id}, [&](const Row& row) {
    if (!known_at || row.Int(2) <= known_at->micros()) {
      payments.push_back({.payment_id = row.Int(0),
                          .kind = PaymentKind::kRefund,
                          .amount = -Money::FromRupiah(row.Int(1)),
                          .paid_at = Instant::FromMicros(row.Int(2)),
                          .posted_at = Instant::FromMicros(row.Int(2))});
    }
  }));
  if (payments.size() > before) {
    std::sort(payments.begin(), payments.end(), [](const StoredPayment& a, const StoredPayment& b) {
      return a.payment_id < b.payment_id;
    });
  }
  return Done{};
}

}  // namespace

Money MoneyHistory::credit() const {
  Money credit;
  for (const StoredPayment& payment : payments) {
    if (!payment.reversed) {
      credit += payment.amount;
    }
  }
  for (const StoredContribution& contribution : contributions) {
    credit -= contribution.parts.total();
  }
  return credit;
}

Result<MoneyHistory> LoadHistory(Tx& tx, std::int64_t person_id, std::optional<Instant> known_at) {
  MoneyHistory history;
  std::set<std::int64_t> reversed_payments;
  std::set<std::int64_t> reversed_contributions;
  const auto unknown = [&](const Row& row, int column) {
    return known_at && row.Int(column) > known_at->micros();
  };
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListPaymentsOfPerson, {person_id}, [&](const Row& row) {
    if (unknown(row, 6)) {
      return;
    }
    if (static_cast<PaymentKind>(row.Int(3)) == PaymentKind::kReversal) {
      reversed_payments.insert(row.Int(7));
    } else {
      history.payments.push_back(ReadPayment(row));
    }
  }));
  JARING_RETURN_IF_ERROR(LoadMoves(tx, person_id, known_at, history.payments, reversed_payments));
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListContributionsOfPerson, {person_id}, [&](const Row& row) {
        if (unknown(row, 8)) {
          return;
        }
        if (!row.IsNull(9)) {
          reversed_contributions.insert(row.Int(9));
        } else {
          history.contributions.push_back(ReadContribution(row));
        }
      }));
  for (StoredPayment& payment : history.payments) {
    payment.reversed = reversed_payments.count(payment.payment_id) > 0;
  }
  std::erase_if(history.contributions, [&](const StoredContribution& c) {
    return reversed_contributions.count(c.contribution_id) > 0;
  });
  return history;
}

void ApplyContributions(const std::vector<StoredContribution>& contributions,
                        std::vector<PersonAccount::Row>& spells) {
  for (PersonAccount::Row& row : spells) {
    Membership& m = row.membership;
    const std::optional<Month> first_before = m.spell.first_month;
    m.spell.first_month.reset();
    m.spell.paid_through.reset();
    for (const StoredContribution& c : contributions) {
      if (c.membership_seq == m.member.membership_seq) {
        m.spell.first_month = std::min(m.spell.first_month.value_or(c.first_month), c.first_month);
        m.spell.paid_through =
            std::max(m.spell.paid_through.value_or(c.last_month()), c.last_month());
      }
    }
    m.terms.spell_first_month = m.spell.first_month;
    if (m.spell.first_month != first_before) {
      m.cover_from.reset();
    }
  }
}

}  // namespace jaring
