#pragma once

#include "channels/http/http_site.h"

namespace jaring {

/// GET /v1/scheme[?on=] and POST /v1/quotes, for everyone: the law is public, and a quote is a
/// calculation that neither reads nor keeps anything of anybody.
void AddSchemeRoutes(Router& router, const SiteParts& parts);

}  // namespace jaring
