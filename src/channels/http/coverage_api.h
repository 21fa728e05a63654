#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// GET /v1/coverage?member_number=|bill_code=[&on=][&known_at=], and POST with the same and nik,
/// which never stands in an address: how one member stands.
void AddCoverageRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
