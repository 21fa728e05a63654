#pragma once

// All that is told of a part of the agency in one answer: several months, the last one split and
// with what took people out, and the names of the part.

#include <optional>
#include <string>
#include <vector>

#include "insight/funnel_report.h"

namespace jaring {

inline constexpr int kTrendMonths = 36;

struct PartName {
  std::string code;
  std::string name;
};

struct TrendReport {
  std::vector<PartName> regions;  // From the province down to the one asked about; empty: all.
  std::optional<PartName> branch;
  std::optional<PartName> group;
  std::vector<CoverageReport> months;   // Oldest first; the last has the rows.
  std::optional<LeavingCauses> causes;  // Of the last month; as in FunnelReport.
};

/// The `count` months up to `month`, which is split.
///
/// Limit:  1 to kTrendMonths.
/// Errors: report.months_out_of_range, report.region_too_small.
Result<TrendReport> ReportTrend(Tx& tx, const Scheme& scheme, Month month, int count, ReportBy by,
                                const CoverageFilter& filter);

}  // namespace jaring
