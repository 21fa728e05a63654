#pragma once

// The figures of several months in one answer, and the names of the part they are of.

#include <optional>
#include <string>
#include <vector>

#include "insight/coverage_report.h"

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
  std::vector<CoverageReport> months;  // Oldest first, each without rows.
};

/// The `count` months up to `month`.
///
/// Limit:  1 to kTrendMonths.
/// Errors: report.months_out_of_range, report.region_too_small.
Result<TrendReport> ReportTrend(Tx& tx, const Scheme& scheme, Month month, int count,
                                const CoverageFilter& filter);

}  // namespace jaring
