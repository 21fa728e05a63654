#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// Everything about the care of people's data: approvals, reversals, the audit trail, corrections,
/// merges, consent, export.
void AddCareRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
