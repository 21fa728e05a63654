#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// POST /v1/enrolments: one person, or a list of at most 1'000, in one transaction. Of a list the
/// good rows go through; one person alone is accepted (201), known already (200) or a problem.
void AddEnrolmentRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
