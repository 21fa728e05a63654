#pragma once

// Notices of accidents and deaths: told by anybody, followed by a code, taken up by officers.

#include "channels/http/gate.h"
#include "channels/http/router.h"

namespace jaring {

/// Routes under /v1/claim_notices.
void AddNoticeRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
