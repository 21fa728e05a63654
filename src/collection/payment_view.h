#pragma once

// Payments as they stand now: what each bought, whether it waits or was taken back.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "collection/payment.h"
#include "registry/agency.h"

namespace jaring {

enum class PaymentState : std::uint8_t {
  kPosted,
  kSuspended,  // Nobody is known to own it yet.
  kReversed,
};

/// "posted", "suspended", "reversed".
std::string_view PaymentStateCode(PaymentState state);

struct PaymentView {
  std::int64_t payment_id = 0;
  std::string partner;  // Code.
  std::string reference;
  PaymentState state = PaymentState::kPosted;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  Instant posted_at = Instant::FromMicros(0);
  std::int64_t person_id = 0;        // 0 in suspense.
  MemberNumber member;               // Whose months it bought; membership_seq 0: none.
  std::optional<Month> first_month;  // Absent: the money waits as credit, or was taken back.
  int months = 0;
  ByProgramme parts;
  std::string reason;        // In suspense: the rule that says why.
  std::string code_as_sent;  // In suspense: bill code, or masked NIK.
};

/// A person's payments, newest first: those before payment `before` (0: all), at most `limit`.
Result<std::vector<PaymentView>> ListPaymentsOf(Tx& tx, std::int64_t person_id, std::int64_t before,
                                                std::int64_t limit);

/// The payment of a partner's reference.
///
/// Errors: payment.unknown_reference, payment.being_posted.
Result<PaymentView> FindPayment(Tx& tx, std::int64_t partner_id, std::string_view reference);

/// Payments nobody has placed yet, oldest first: those after payment `after`, of one partner or (0)
/// of all; at most `limit`.
Result<std::vector<PaymentView>> ListWaiting(Tx& tx, std::int64_t partner_id, std::int64_t after,
                                             std::int64_t limit);

}  // namespace jaring
