#pragma once

// Registered, active, grace, lapsed and money, by what the agency looks at. Sums of counters.

#include <cstdint>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/money.h"
#include "db/database.h"
#include "rules/scheme.h"

namespace jaring {

enum class ReportBy : std::uint8_t { kNothing, kRegion, kBranch, kSector, kGroup, kDoor };

/// "region", "branch", "sector", "group", "door"; kNothing for an unknown word.
ReportBy FindReportBy(std::string_view word);

/// How many people stand how at the end of a month; money received in the month.
struct CoverageFigures {
  std::int64_t registered = 0;
  std::int64_t active = 0;
  std::int64_t grace = 0;
  std::int64_t lapsed = 0;
  std::int64_t ended = 0;
  Money received;  // Contributions bought by payments made in the month.
};

struct CoverageReportRow {
  std::string code;  // "surakarta", "3372", "trade", "list".
  std::string name;
  CoverageFigures figures;
};

struct CoverageReport {
  Month month = Month::FromYearMonth(1900, 1);
  CoverageFigures total;
  std::vector<CoverageReportRow> rows;  // By code; empty for kNothing.
};

Result<CoverageReport> ReportCoverage(Tx& tx, const Scheme& scheme, Month month, ReportBy by);

}  // namespace jaring
