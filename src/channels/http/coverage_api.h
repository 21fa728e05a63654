#pragma once

#include "channels/http/http_site.h"

namespace jaring {

/// GET /v1/coverage?member_number=|nik=[&on=][&known_at=]: how one member stands.
HttpHandler CoverageHandler(const SiteParts& parts);

/// GET /v1/insight/coverage[?by=][&month=]: how many stand how.
HttpHandler InsightHandler(const SiteParts& parts);

}  // namespace jaring
