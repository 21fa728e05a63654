#pragma once

#include "channels/http/http_site.h"
#include "channels/http/payment_queue.h"

namespace jaring {

/// POST /v1/payments. One payment; Idempotency-Key is required. Answers as PaymentQueue.
HttpHandler PaymentHandler(const SiteParts& parts, PaymentQueue& queue);

}  // namespace jaring
