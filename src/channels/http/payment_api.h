#pragma once

#include "channels/http/gate.h"
#include "channels/http/payment_queue.h"

namespace jaring {

/// POST /v1/payments. One payment; Idempotency-Key is required. Answers as PaymentQueue.
void AddPaymentRoutes(Router& router, Gate& gate, const SiteParts& parts, PaymentQueue& queue);

}  // namespace jaring
