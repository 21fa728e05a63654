#pragma once

// Claims over HTTP: reported by the member and those who help her, judged by officers.

#include "channels/http/gate.h"

namespace jaring {

void AddClaimRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
