#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// /loket/persetujuan: what waits for a second person, and deciding on it.
void AddApprovalPages(Router& router, LoginDesk& desk);

}  // namespace jaring
