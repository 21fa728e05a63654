#pragma once

// Payment runs over HTTP: made by one person, released by another.

#include "channels/http/gate.h"

namespace jaring {

void AddPayoutRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
