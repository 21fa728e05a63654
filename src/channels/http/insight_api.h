#pragma once

#include "channels/http/gate.h"
#include "insight/coverage_report.h"

namespace jaring {

/// The part of the agency that a scope sees the figures of.
///
/// Errors: report.region_too_small (a district or a village), access.not_allowed.
Result<CoverageFilter> CoverageFilterOf(const Scope& scope);

/// GET /v1/insight/coverage[?by=][&month=]: how many stand how, and
/// GET /v1/journals[?month=]: the daily journals, for those who see the whole nation.
void AddInsightRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
