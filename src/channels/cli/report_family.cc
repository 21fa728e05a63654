#include "channels/cli/command_families.h"

#include "channels/cli/list_command.h"
#include "channels/cli/report_command.h"

namespace jaring {

void AddReportCommands(CommandTree& tree) {
  auto& report_request = tree.Keep<ReportRequest>();
  const Command coverage = tree.Add(
      tree.top(), "coverage", "Registered, active, grace, lapsed; joined, returned, lost; money",
      [&report_request](const CliContext& c) { return ReportCoverageTo(c, report_request); });
  coverage.Option("--by", report_request.by, "region, branch, sector, group or door");
  coverage.Option("--month", report_request.month, "YYYY-MM; else this month");
  coverage.Option("--region", report_request.region,
                  "code of a province, regency, district or village");
  const Command funnel = tree.Add(
      tree.top(), "funnel", "From registered to paying and back, and why people left",
      [&report_request](const CliContext& c) { return ReportFunnelTo(c, report_request); });
  funnel.Option("--month", report_request.month, "YYYY-MM; else this month");
  funnel.Option("--region", report_request.region,
                "code of a province, regency, district or village");

  auto& month = tree.Keep<std::string>();
  const Command journal = tree.Add(tree.top(), "journal", "The daily journals of a month",
                                   [&month](const CliContext& c) { return JournalList(c, month); });
  journal.Option("--month", month, "YYYY-MM; else this month");

  tree.Add(tree.top(), "duplicates", "People who look like another",
           [](const CliContext& c) { return DuplicateList(c); });
}

}  // namespace jaring
