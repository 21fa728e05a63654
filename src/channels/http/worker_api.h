#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// POST /v1/worker-codes sends a code to a phone, POST /v1/worker-sessions lets its owner in, PUT
/// /v1/account/pin sets her PIN.
void AddWorkerRoutes(Router& router, LoginDesk& desk);

}  // namespace jaring
