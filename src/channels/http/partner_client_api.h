#pragma once

// /v1/partners/{code}/clients: the programs of a partner, as the command line has them.

#include "channels/http/gate.h"

namespace jaring {

/// Lists, adds, gives a new secret and revokes. `gate` outlives the router's use.
void AddPartnerClientRoutes(Router& router, Gate& gate);

}  // namespace jaring
