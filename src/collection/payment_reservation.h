#pragma once

// The two halves of PostPayments, for very many payments: references lie in the order of partners,
// accounts in the order of people, and what is written in its table's order costs each page once.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "collection/payment.h"
#include "collection/payment_spending.h"

namespace jaring {

/// A payment whose reference is taken, and which is to be posted.
struct PaymentReservation {
  std::int64_t payment_id = 0;  // Given by the caller. A person's rise in the order of paying.
  std::int64_t person_id = 0;   // Whose it is; 0: it will wait.
  std::int64_t stored_person_id = 0;  // The one that its reference names.
  std::int64_t renumbered_id = 0;     // The number it got instead (see RenumberOvertaken); 0: none.
  std::int64_t sent_to = 0;           // The merged person whose number was used; 0: none.
  std::string_view suspense_reason;   // A constant; why nobody is known.
};

/// Takes the references of a set of payments, no reversals, and finds their owners. `reservations`
/// come in with the payments' numbers and go out filled. A reference that was taken under the same
/// number is not repeated: it is still to be posted, or was; the caller knows. Outcomes: posted
/// stands for "to be posted"; refused and repeated as PostPayments has them. Until it is posted a
/// reserved payment cannot be reversed (payment.being_posted).
///
/// Errors: those of Tx; then nothing of the set is done.
Result<std::vector<PaymentOutcome>> ReservePayments(Tx& tx, const Agency& agency,
                                                    std::span<const PaymentRequest> requests,
                                                    std::span<PaymentReservation> reservations,
                                                    Instant now);

/// Posts reserved payments, in the order of their numbers for each person: planned and written, as
/// PaymentSpending is. Outcomes: posted or suspended, in the order of `requests`.
class ReservedPayments {
 public:
  /// `requests` outlive this.
  ReservedPayments(const Agency& agency, std::span<const PaymentRequest> requests,
                   std::vector<PaymentReservation> reservations, Instant now);

  /// Errors: those of Tx.
  Result<Done> Plan(Tx& tx);
  /// Errors: those of Tx.
  Result<std::vector<PaymentOutcome>> Write(Tx& tx);

 private:
  Result<Done> CorrectReferences(Tx& tx) const;

  std::span<const PaymentRequest> requests_;
  std::vector<PaymentReservation> reservations_;
  std::vector<std::size_t> in_order_;  // Places of requests, as money is spent.
  PaymentSpending spending_;
};

/// Reserved payments whose person has paid since by another way.
struct OvertakenPayments {
  std::vector<std::size_t> places;                    // Among the reservations.
  Instant known_at = Instant::FromMicros(INT64_MIN);  // When the newest of the others was posted.
};

/// A person's payments are numbered in the order they are posted in, on which reversals rely: those
/// that were overtaken get new numbers, higher ones, and `reservations` are changed. They are to be
/// posted as known at `known_at` or later. Not to be asked unless numbers were taken since the
/// reservations.
Result<OvertakenPayments> RenumberOvertaken(Tx& tx, std::span<const PaymentRequest> requests,
                                            std::span<PaymentReservation> reservations);

/// Is a payment posted, and not only reserved?
///
/// Errors: payment.being_posted.
Result<Done> CheckPosted(Tx& tx, std::int64_t person_id, std::int64_t payment_id);

}  // namespace jaring
