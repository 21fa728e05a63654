#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// Looks at money, and money given to its owner: GET /v1/payments/{partner}/{reference},
/// GET /v1/receipts/{partner}/{file} (the reference and ".pdf"), GET /v1/suspense,
/// POST /v1/suspense-placements.
///
/// Money in suspense belongs to nobody yet, so it lies in no branch: whoever may look at suspense
/// sees all of it, a partner its own.
void AddMoneyRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
