#pragma once

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct ReportRequest {
  std::string by;      // region, branch, sector, group, door; empty: totals only.
  std::string month;   // Empty: this month.
  std::string region;  // A region's code; empty: the nation.
};

/// `jaring coverage`: registered, active, grace, lapsed; joined, returned, lost; money.
int ReportCoverageTo(const CliContext& context, const ReportRequest& request);

/// `jaring funnel`: registered, paid, active, grace, lapsed; what took out those who left.
int ReportFunnelTo(const CliContext& context, const ReportRequest& request);

}  // namespace jaring
