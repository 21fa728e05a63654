#pragma once

// From registered to paying and back: how many got how far, and what took out those who left.

#include <optional>
#include <vector>

#include "insight/coverage_report.h"
#include "registry/membership.h"

namespace jaring {

/// People who lapsed in the month, by who had paid and for how many months in a row.
struct LapseRow {
  Payer payer = Payer::kSelf;
  int from_months = 1;
  std::optional<int> to_months;  // Nothing: or more.
  std::int64_t lost = 0;
};

/// Events of the month that closed memberships, of whoever, told at any time: also of those who
/// never paid, and whatever they did later.
struct EndRow {
  EndReason reason = EndReason::kStoppedWorking;
  std::int64_t closed = 0;
};

struct LeavingCauses {
  std::vector<LapseRow> lapses;  // By payer and length; their sum is figures.lost.
  std::vector<EndRow> ends;      // By reason.
};

struct FunnelReport {
  Month month = Month::FromYearMonth(1900, 1);
  CoverageFigures figures;
  // Kept down to the regency, and not by group, sector or door.
  std::optional<LeavingCauses> causes;
};

/// What took out those who left in a month; nothing where causes are not kept.
Result<std::optional<LeavingCauses>> FindCauses(Tx& tx, const Scheme& scheme, Month month,
                                                const CoverageFilter& filter);

/// How the people of a part of the agency stand at the end of a month, and why some left in it.
///
/// Errors: report.region_too_small (a village of one branch or group).
Result<FunnelReport> ReportFunnel(Tx& tx, const Scheme& scheme, Month month,
                                  const CoverageFilter& filter = {});

}  // namespace jaring
