#pragma once

// Staff log in at the agency's own OpenID provider: GET /oidc/start, GET /oidc/callback.

#include "channels/http/login_desk.h"

namespace jaring {

/// Bound to the browser from the start to the callback; gone after it.
inline constexpr std::string_view kOidcCookie = "__Host-jaring-oidc";

/// Where a login at the provider begins.
inline constexpr std::string_view kOidcStartPath = "/oidc/start";

/// Nothing when no provider is set but POST /v1/sessions/current/second-factor, with which a
/// session that began without the second factor shows it.
void AddOidcRoutes(Router& router, LoginDesk& desk);

}  // namespace jaring
