#include "channels/cli/report_command.h"

#include <fmt/core.h>

#include "channels/json/member_json.h"
#include "insight/coverage_report.h"

namespace jaring {
namespace {

void PrintFigures(std::string_view name, const CoverageFigures& f) {
  fmt::print("{:<24.24}", name);
  for (const std::int64_t count :
       {f.registered, f.active, f.grace, f.lapsed, f.ended, f.joined, f.returned, f.lost}) {
    fmt::print(" {:>10}", FormatRupiah(Money::FromRupiah(count)));
  }
  fmt::print(" {:>17}\n", FormatRupiah(f.received));
}

void PrintReport(const CoverageReport& report) {
  fmt::print("{:<24}", report.month.ToString());
  for (const char* column :
       {"registered", "active", "grace", "lapsed", "ended", "joined", "returned", "lost"}) {
    fmt::print(" {:>10}", column);
  }
  fmt::print(" {:>17}\n", "received, Rp");
  for (const CoverageReportRow& row : report.rows) {
    PrintFigures(row.name, row.figures);
  }
  PrintFigures("total", report.total);
}

Result<CoverageReport> Report(const CliContext& context, const ReportRequest& request) {
  const ReportBy by = FindReportBy(request.by);
  if (!request.by.empty() && by == ReportBy::kNothing) {
    return Invalid("report.by_unknown", request.by);
  }
  Month month = context.now().JakartaDate().month();
  if (!request.month.empty()) {
    JARING_ASSIGN_OR_RETURN(month, Month::Parse(request.month));
  }
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Open(context));
  CoverageReport report;
  JARING_RETURN_IF_ERROR(open->db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(report, ReportCoverage(tx, open->agency().scheme, month, by));
    return Done{};
  }));
  return report;
}

}  // namespace

int ReportCoverageTo(const CliContext& context, const ReportRequest& request) {
  const auto report = Report(context, request);
  if (!report) {
    context.PrintError(report.error());
    return report.error().code == ErrorCode::kInvalidArgument ? kExitUsage : kExitNothingDone;
  }
  if (context.options().json) {
    fmt::print("{}\n", ReportJson(*report));
  } else {
    PrintReport(*report);
  }
  return kExitFine;
}

}  // namespace jaring
