#pragma once

#include "channels/http/login_desk.h"
#include "channels/text/json_writer.h"

namespace jaring {

/// POST /v1/sessions logs a staff user in; GET /v1/sessions lists one's own, DELETE ends them.
void AddSessionRoutes(Router& router, LoginDesk& desk);

/// The session as the API tells it; the token only to those who asked for it.
std::string SessionJson(const OpenedSession& opened, const StaffUser* user, bool with_token);

/// "grants": what a user may act as.
void WriteGrants(JsonWriter& json, const StaffUser& user);

}  // namespace jaring
