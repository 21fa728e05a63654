#include "collection/payment_view.h"

#include <algorithm>

#include "collection/history.h"
#include "collection/payment_reservation.h"
#include "collection/payment_view_sql.h"
#include "registry/group.h"

namespace jaring {
namespace {

PaymentView ReadWaiting(const Row& row) {
  return {.payment_id = row.Int(0),
          .partner = std::string(row.Text(1)),
          .reference = std::string(row.Text(2)),
          .state = PaymentState::kSuspended,
          .amount = Money::FromRupiah(row.Int(3)),
          .paid_at = Instant::FromMicros(row.Int(4)),
          .posted_at = Instant::FromMicros(row.Int(5)),
          .reason = std::string(row.Text(6)),
          .code_as_sent = std::string(row.Text(7))};
}

PaymentView ViewOf(const MoneyHistory& history, const StoredPayment& stored, std::int64_t person_id,
                   std::string partner) {
  PaymentView view{.payment_id = stored.payment_id,
                   .partner = std::move(partner),
                   .reference = stored.reference,
                   .state = stored.reversed ? PaymentState::kReversed : PaymentState::kPosted,
                   .amount = stored.amount,
                   .paid_at = stored.paid_at,
                   .posted_at = stored.posted_at,
                   .person_id = person_id};
  for (const StoredContribution& c : history.contributions) {
    if (c.payment_id == stored.payment_id) {
      view.member = {person_id, c.membership_seq};
      view.first_month = c.first_month;
      view.months = c.months;
      view.parts = c.parts;
    }
  }
  return view;
}

Result<std::string> PartnerCode(Tx& tx, std::int64_t partner_id) {
  JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
  const auto found = std::find_if(partners.begin(), partners.end(), [&](const Partner& partner) {
    return partner.partner_id == partner_id;
  });
  JARING_CHECK(found != partners.end());
  return found->code;
}

}  // namespace

std::string_view PaymentStateCode(PaymentState state) {
  switch (state) {
    case PaymentState::kPosted:
      return "posted";
    case PaymentState::kSuspended:
      return "suspended";
    case PaymentState::kReversed:
      return "reversed";
  }
  JARING_CHECK(false);
}

Result<std::vector<PaymentView>> ListPaymentsOf(Tx& tx, std::int64_t person_id, std::int64_t before,
                                                std::int64_t limit) {
  JARING_ASSIGN_OR_RETURN(const MoneyHistory history, LoadHistory(tx, person_id));
  JARING_ASSIGN_OR_RETURN(const auto partners, ListPartners(tx));
  std::vector<PaymentView> views;
  for (auto stored = history.payments.rbegin(); stored != history.payments.rend(); ++stored) {
    if (static_cast<std::int64_t>(views.size()) == limit) {
      break;
    }
    if (before != 0 && stored->payment_id >= before) {
      continue;
    }
    std::string code;
    for (const Partner& partner : partners) {
      code = partner.partner_id == stored->partner_id ? partner.code : code;
    }
    views.push_back(ViewOf(history, *stored, person_id, std::move(code)));
  }
  return views;
}

Result<PaymentView> FindPayment(Tx& tx, std::int64_t partner_id, std::string_view reference) {
  std::int64_t payment_id = 0;
  std::int64_t person_id = 0;
  bool reversed = false;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListReferences, {partner_id, reference}, [&](const Row& row) {
        // A placement stands for the payment that waited.
        if (static_cast<PaymentKind>(row.Int(0)) == PaymentKind::kReversal) {
          reversed = true;
        } else {
          payment_id = row.Int(1);
          person_id = row.Int(2);
        }
      }));
  if (payment_id == 0) {
    return NotFound("payment.unknown_reference");
  }
  JARING_RETURN_IF_ERROR(CheckPosted(tx, person_id, payment_id));
  if (person_id == 0) {
    PaymentView view;
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindWaiting, {payment_id},
                                    [&](const Row& row) { view = ReadWaiting(row); }));
    view.state = reversed ? PaymentState::kReversed : PaymentState::kSuspended;
    return view;
  }
  JARING_ASSIGN_OR_RETURN(const MoneyHistory history, LoadHistory(tx, person_id));
  JARING_ASSIGN_OR_RETURN(std::string partner, PartnerCode(tx, partner_id));
  for (const StoredPayment& stored : history.payments) {
    if (stored.payment_id == payment_id) {
      return ViewOf(history, stored, person_id, std::move(partner));
    }
  }
  return Internal("payment.unknown_reference", "a reference without its payment");
}

Result<std::vector<PaymentView>> ListWaiting(Tx& tx, std::int64_t partner_id, std::int64_t after,
                                             std::int64_t limit) {
  std::vector<PaymentView> views;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListWaiting, {after, partner_id, limit},
                                  [&](const Row& row) { views.push_back(ReadWaiting(row)); }));
  return views;
}

}  // namespace jaring
