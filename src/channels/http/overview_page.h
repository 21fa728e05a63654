#pragma once

#include "channels/http/http_site.h"
#include "insight/coverage_report.h"

namespace jaring {

/// GET /: registered, active, grace, lapsed and this month's money, by branch and by sector. Renews
/// itself every five seconds by a Refresh header; ?live=0 stops that.
HttpResponse OverviewPage(const SiteParts& parts, const HttpRequest& request,
                          const CoverageFilter& filter);

}  // namespace jaring
