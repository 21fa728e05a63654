#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// GET and POST /login for staff, /invite for a first password.
void AddLoginPages(Router& router, LoginDesk& desk);

}  // namespace jaring
