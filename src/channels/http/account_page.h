#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// /account: a staff user's sessions, second factor, recovery codes, password and roles.
void AddAccountPages(Router& router, LoginDesk& desk);

}  // namespace jaring
