#include "channels/cli/report_command.h"

#include <fmt/core.h>

#include <functional>
#include <utility>

#include "channels/json/member_json.h"
#include "insight/funnel_report.h"

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

void PrintFunnel(const FunnelReport& report) {
  const CoverageFigures& f = report.figures;
  const std::pair<const char*, std::int64_t> stages[] = {
      {"registered", f.registered},
      {"billed", f.billed()},
      {"paid at least once", f.paid},
      {"active", f.active},
      {"in grace", f.grace},
      {"lapsed", f.lapsed},
      {"ended", f.ended},
      {"joined in the month", f.joined},
      {"returned in the month", f.returned},
      {"lapsed in the month", f.lost},
      {"ended in the month", f.left},
  };
  fmt::print("{}\n", report.month.ToString());
  for (const auto& [name, count] : stages) {
    fmt::print("{:<44} {:>12}\n", name, FormatRupiah(Money::FromRupiah(count)));
  }
  if (!report.causes) {
    return;
  }
  for (const LapseRow& row : report.causes->lapses) {
    const std::string months = row.to_months == row.from_months ? std::to_string(row.from_months)
                               : row.to_months
                                   ? fmt::format("{} to {}", row.from_months, *row.to_months)
                                   : fmt::format("{} or more", row.from_months);
    fmt::print("{:<44} {:>12}\n",
               fmt::format("  lapsed: paid by {}, months {}", PayerCode(row.payer), months),
               FormatRupiah(Money::FromRupiah(row.lost)));
  }
  for (const EndRow& row : report.causes->ends) {
    fmt::print("{:<44} {:>12}\n", fmt::format("  closed: {}", EndReasonCode(row.reason)),
               FormatRupiah(Money::FromRupiah(row.closed)));
  }
}

/// Opens the agency and asks about the month and the region of a request.
template <typename Report>
Result<Report> Ask(
    const CliContext& context, const ReportRequest& request,
    const std::function<Result<Report>(Tx&, const Scheme&, Month, const CoverageFilter&)>& ask) {
  Month month = context.now().JakartaDate().month();
  if (!request.month.empty()) {
    JARING_ASSIGN_OR_RETURN(month, Month::Parse(request.month));
  }
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Open(context));
  Report report;
  JARING_RETURN_IF_ERROR(open->db().Read([&](Tx& tx) -> Result<Done> {
    CoverageFilter filter;
    if (!request.region.empty()) {
      JARING_ASSIGN_OR_RETURN(filter.region_code, ParseRegion(tx, request.region));
    }
    JARING_ASSIGN_OR_RETURN(report, ask(tx, open->agency().scheme, month, filter));
    return Done{};
  }));
  return report;
}

int Refuse(const CliContext& context, const Error& error) {
  context.PrintError(error);
  return error.code == ErrorCode::kInvalidArgument ? kExitUsage : kExitNothingDone;
}

}  // namespace

int ReportCoverageTo(const CliContext& context, const ReportRequest& request) {
  const ReportBy by = FindReportBy(request.by);
  if (!request.by.empty() && by == ReportBy::kNothing) {
    return Refuse(context, Invalid("report.by_unknown", request.by));
  }
  const auto report = Ask<CoverageReport>(
      context, request,
      [by](Tx& tx, const Scheme& scheme, Month month, const CoverageFilter& filter) {
        return ReportCoverage(tx, scheme, month, by, filter);
      });
  if (!report) {
    return Refuse(context, report.error());
  }
  if (context.options().json) {
    fmt::print("{}\n", ReportJson(*report));
  } else {
    PrintReport(*report);
  }
  return kExitFine;
}

int ReportFunnelTo(const CliContext& context, const ReportRequest& request) {
  const auto report = Ask<FunnelReport>(context, request, ReportFunnel);
  if (!report) {
    return Refuse(context, report.error());
  }
  if (context.options().json) {
    fmt::print("{}\n", FunnelJson(*report));
  } else {
    PrintFunnel(*report);
  }
  return kExitFine;
}

}  // namespace jaring
