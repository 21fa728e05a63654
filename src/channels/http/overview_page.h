#pragma once

#include "channels/http/http_site.h"

namespace jaring {

/// GET /: registered, active, grace, lapsed and this month's money, by branch and by sector. Renews
/// itself every five seconds by a Refresh header; ?live=0 stops that.
HttpHandler OverviewHandler(const SiteParts& parts);

}  // namespace jaring
