#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// GET and POST /login/second-factor: staff whose session began without the second factor show it
/// here, with a code of the app or a recovery code.
void AddSecondFactorPage(Router& router, LoginDesk& desk);

}  // namespace jaring
