#pragma once

// Taking a payment back: its months are reversed, later money is spent again from there.

#include "collection/payment.h"

namespace jaring {

/// Reverses the payment with the request's partner and reference; `request.amount` is minus its
/// amount. Later payments of the person keep their money: it buys again, in order, what it buys
/// now that the reversed one is gone, so that months stay one run without holes. Nothing is
/// changed or deleted: reversing rows are added.
///
/// Refusals (in the outcome): reversal.unknown_reference, reversal.amount_differs.
/// Errors: those of Tx.
Result<PaymentOutcome> ReversePayment(Tx& tx, const Agency& agency, const PaymentRequest& request,
                                      Instant now);

}  // namespace jaring
