#pragma once

// Money comes in: each payment is posted once and buys whole months, or waits with a reason.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/agency.h"
#include "registry/seal.h"
#include "rules/identity.h"
#include "rules/purchase.h"

namespace jaring {

/// One payment as a partner reports it; parsed. Views must live until PostPayments returns.
struct PaymentRequest {
  std::int64_t partner_id = 0;
  std::string_view reference;  // 1 to 64 printable ASCII characters; one payment per reference.
  std::optional<MemberNumber> member;  // From the bill code.
  std::optional<SealedBlock> nik;      // Sealed. At least one of member and nik.
  std::string_view code_as_sent;       // For suspense: bill code, or masked NIK.
  Money amount;                        // Negative: reverses the payment of this reference.
  Instant paid_at = Instant::FromMicros(0);
  std::string_view channel;  // At most 40 characters.
};

enum class PaymentStatus : std::uint8_t {
  kPosted,
  kRepeated,   // This reference was posted before, with the same amount: nothing changed.
  kSuspended,  // Posted, but nobody is known to own it; `rule` says why.
  kRefused,    // Nothing posted; `rule` says why.
};

struct PaymentOutcome {
  PaymentStatus status = PaymentStatus::kRefused;
  std::string_view rule;  // A constant.
  std::string_view column;
  std::int64_t payment_id = 0;
  MemberNumber member;               // Whose months were bought; 0 in suspense.
  std::optional<Month> first_month;  // Absent when no month was bought.
  int months = 0;
  Money credit;                   // The person's credit after this payment.
  std::optional<Date> booked_on;  // Its own day is closed: the day it is booked on.
};

/// Posts a set of payments; outcomes in the order of `requests`. Payments before reversals; a
/// person's payments in the order given. With each payment, in the same transaction: the months it
/// buys, the journals, the counters.
///
/// Refusals: reference.malformed, channel.too_long, amount.zero, amount.too_large,
/// payment.in_future, payment.reference_reused (same reference, other amount or other member),
/// reversal.unknown_reference, reversal.amount_differs, reversal.person_merged,
/// payment.being_posted (by a run of `jaring month`, see payment_reservation.h). Suspense:
/// payment.unknown_bill_code, payment.unknown_nik, payment.code_and_nik_disagree,
/// payment.membership_ended. Fastest when `requests` come in the order of members. Errors: those of
/// Tx; then nothing of the set is done.
Result<std::vector<PaymentOutcome>> PostPayments(Tx& tx, const Agency& agency,
                                                 std::span<const PaymentRequest> requests,
                                                 Instant now);

/// What was paid under a partner's reference; nothing for an unknown one.
Result<std::optional<Money>> FindPaidAmount(Tx& tx, std::int64_t partner_id,
                                            std::string_view reference);

/// One payment waiting in suspense.
struct SuspendedPayment {
  std::int64_t payment_id = 0;
  std::int64_t partner_id = 0;
  std::string reference;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  std::string reason;
  std::string code_as_sent;
};

/// Payments nobody has placed yet, oldest first; at most `limit`.
Result<std::vector<SuspendedPayment>> ListSuspense(Tx& tx, std::int64_t limit);

/// Gives a suspended payment to its owner: it then buys months like any other, as if paid on its
/// day. The number of a person merged into another leads to that one, as bill codes do.
///
/// Errors: suspense.unknown, suspense.already_placed, member.unknown.
Result<PaymentOutcome> PlaceSuspended(Tx& tx, const Agency& agency, std::int64_t partner_id,
                                      std::string_view reference, const MemberNumber& member,
                                      Instant now);

}  // namespace jaring
