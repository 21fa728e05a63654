#include "collection/payment_reservation.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "collection/collection_sql.h"
#include "collection/month_sql.h"
#include "ledger/sequence.h"

namespace jaring {
namespace {

/// The newest payment of a person.
struct Newest {
  std::int64_t payment_id = 0;
  Instant posted_at = Instant::FromMicros(0);
};

Result<std::map<std::int64_t, Newest>> FindNewest(
    Tx& tx, std::span<const PaymentReservation> reservations) {
  std::vector<std::int64_t> people;
  ValueRows keys(1);
  for (const PaymentReservation& reservation : reservations) {
    if (reservation.person_id != 0 && (people.empty() || people.back() != reservation.person_id)) {
      people.push_back(reservation.person_id);
      keys.Add({reservation.person_id});
    }
  }
  std::map<std::int64_t, Newest> newest;
  JARING_RETURN_IF_ERROR(
      tx.QueryEach(sql::kFindNewestPayment, keys, [&](std::size_t k, const Row& row) {
        newest[people[k]] = {row.Int(0), Instant::FromMicros(row.Int(1))};
      }));
  return newest;
}

}  // namespace

ReservedPayments::ReservedPayments(const Agency& agency, std::span<const PaymentRequest> requests,
                                   std::vector<PaymentReservation> reservations, Instant now)
    : requests_(requests),
      reservations_(std::move(reservations)),
      in_order_(requests.size()),
      spending_(agency, now) {
  JARING_CHECK(reservations_.size() == requests_.size());
  std::iota(in_order_.begin(), in_order_.end(), std::size_t{0});
  std::sort(in_order_.begin(), in_order_.end(), [this](std::size_t a, std::size_t b) {
    return std::tuple(reservations_[a].person_id, a) < std::tuple(reservations_[b].person_id, b);
  });
}

Result<Done> ReservedPayments::Plan(Tx& tx) {
  std::vector<OwnedPayment> owned;
  owned.reserve(in_order_.size());
  for (const std::size_t i : in_order_) {
    owned.push_back({.request = &requests_[i],
                     .payment_id = reservations_[i].payment_id,
                     .person_id = reservations_[i].person_id,
                     .sent_to = reservations_[i].sent_to,
                     .suspense_reason = reservations_[i].suspense_reason});
  }
  return spending_.Plan(tx, std::move(owned));
}

Result<std::vector<PaymentOutcome>> ReservedPayments::Write(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const auto spent, spending_.Write(tx));
  JARING_RETURN_IF_ERROR(CorrectReferences(tx));
  std::vector<PaymentOutcome> outcomes(spent.size());
  for (std::size_t n = 0; n < spent.size(); ++n) {
    outcomes[in_order_[n]] = spent[n];
  }
  return outcomes;
}

/// A reserved reference names a person, and the payment had to wait.
Result<Done> ReservedPayments::CorrectReferences(Tx& tx) const {
  ValueRows rows(4);
  for (std::size_t n = 0; n < in_order_.size(); ++n) {
    const PaymentRequest& request = requests_[in_order_[n]];
    const std::int64_t person_id = spending_.payments()[n].person_id;
    if (reservations_[in_order_[n]].stored_person_id != person_id) {
      rows.Add({request.partner_id, request.reference,
                static_cast<std::int64_t>(PaymentKind::kPayment), person_id});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kMoveReference, rows));
  return Done{};
}

Result<Done> CheckPosted(Tx& tx, std::int64_t person_id, std::int64_t payment_id) {
  bool posted = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kIsPosted, {person_id, payment_id},
                                  [&](const Row& /*row*/) { posted = true; }));
  return posted ? Result<Done>(Done{}) : Conflict("payment.being_posted");
}

Result<OvertakenPayments> RenumberOvertaken(Tx& tx, std::span<const PaymentRequest> requests,
                                            std::span<PaymentReservation> reservations) {
  OvertakenPayments overtaken;
  JARING_ASSIGN_OR_RETURN(const auto newest, FindNewest(tx, reservations));
  for (std::size_t i = 0; i < reservations.size(); ++i) {
    const auto at = newest.find(reservations[i].person_id);
    if (at != newest.end() && at->second.payment_id > reservations[i].payment_id) {
      overtaken.places.push_back(i);
      overtaken.known_at = std::max(overtaken.known_at, at->second.posted_at);
    }
  }
  const auto count = static_cast<std::int64_t>(overtaken.places.size());
  if (count == 0) {
    return overtaken;
  }
  JARING_ASSIGN_OR_RETURN(std::int64_t payment_id, TakeNumbers(tx, "payment", count));
  ValueRows references(4);
  ValueRows renumbered(2);
  for (const std::size_t i : overtaken.places) {
    renumbered.Add({reservations[i].payment_id, payment_id});
    references.Add(
        {requests[i].partner_id, requests[i].reference, reservations[i].payment_id, payment_id});
    reservations[i].payment_id = payment_id++;
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kRenumberReference, references));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertRenumbered, renumbered));
  return overtaken;
}

}  // namespace jaring
