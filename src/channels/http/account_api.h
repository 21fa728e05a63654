#pragma once

#include "channels/http/login_desk.h"

namespace jaring {

/// GET /v1/account and what one changes below it: password, second factor, recovery codes, PIN.
void AddAccountRoutes(Router& router, LoginDesk& desk);

/// A QR code as SVG, dark on light with its quiet zone, for any background.
std::string QrSvg(std::string_view text, std::string_view title);

}  // namespace jaring
