#pragma once

#include "channels/http/gate.h"
#include "insight/coverage_report.h"

namespace jaring {

/// The part of the agency that a scope sees the figures of.
///
/// Errors: access.not_allowed.
Result<CoverageFilter> CoverageFilterOf(const Scope& scope);

/// GET /v1/insight/coverage[?by=][&month=]: how many stand how,
/// GET /v1/insight/funnel[?month=]: how far they got, and why some left,
/// GET /v1/insight/trend[?by=][&month=][&months=]: all of it, of the months up to one; of a part
/// ([&region=][&branch=][&group=][&sector=][&door=]) of what the caller sees, and
/// GET /v1/journals[?month=]: the daily journals, for those who see the whole nation.
void AddInsightRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
