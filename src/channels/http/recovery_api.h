#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// A new phone for who lost the old one. POST /v1/people/{person_id}/recoveries asks at a counter;
/// POST /v1/recoveries begins one for witnesses, who confirm with PUT /v1/recoveries/witness; POST
/// /v1/recoveries/stops stops it.
void AddRecoveryRoutes(Router& router, LoginDesk& desk);

}  // namespace jaring
