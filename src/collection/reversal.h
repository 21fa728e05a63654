#pragma once

// Taking a payment back: its months are reversed, later money is spent again from there.

#include "collection/payment.h"

namespace jaring {

/// Reverses the payment with the request's partner and reference; `request.amount` is minus its
/// amount. Later payments of the person keep their money: it buys again, in order, what it buys
/// now that the reversed one is gone, so that months stay one run without holes. Nothing is
/// changed or deleted: reversing rows are added.
///
/// Refusals (in the outcome): reversal.unknown_reference, reversal.amount_differs,
/// payment.being_posted (see CheckPosted), reversal.person_merged (see WhyNotReversible). Errors:
/// those of Tx.
Result<PaymentOutcome> ReversePayment(Tx& tx, const Agency& agency, const PaymentRequest& request,
                                      Instant now);

/// A payment that can be taken back.
struct Reversible {
  std::int64_t person_id = 0;  // 0: in suspense.
  Money amount;
};

/// Whose a payment is, whatever became of it; 0: in suspense.
///
/// Errors: reversal.unknown_reference, payment.being_posted.
Result<std::int64_t> FindOwnerOf(Tx& tx, std::int64_t partner_id, std::string_view reference);

/// Errors: reversal.unknown_reference, reversal.done_already, payment.being_posted.
Result<Reversible> FindReversible(Tx& tx, std::int64_t partner_id, std::string_view reference);

}  // namespace jaring
