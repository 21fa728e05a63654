#pragma once

// Registered, active, grace, lapsed and money, by what the agency looks at. Sums of counters.

#include <cstdint>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/money.h"
#include "db/database.h"
#include "insight/counter_row.h"
#include "rules/scheme.h"

namespace jaring {

enum class ReportBy : std::uint8_t { kNothing, kRegion, kBranch, kSector, kGroup, kDoor };

/// "region", "branch", "sector", "group", "door"; kNothing for an unknown word.
ReportBy FindReportBy(std::string_view word);

/// How many people stand how at the end of a month; what moved, and money received, in the month.
struct CoverageFigures {
  std::int64_t registered = 0;
  std::int64_t paid = 0;  // Had a first month paid by then.
  std::int64_t active = 0;
  std::int64_t grace = 0;
  std::int64_t lapsed = 0;
  std::int64_t ended = 0;
  std::int64_t joined = 0;    // Registered in the month.
  std::int64_t returned = 0;  // A new run of paid months begins in it, after one that lapsed.
  std::int64_t lost = 0;      // Lapsed in it, even if they returned in it too.
  std::int64_t left = 0;    // Runs of months closed in it, less those of ended ones who pay again.
  std::int64_t months = 0;  // Bought by payments made in the month, less those taken back in it.
  Money received;           // What those months cost.

  /// Whoever is registered: the bill code comes with the registration.
  std::int64_t billed() const { return registered; }

  CoverageFigures& operator+=(const CoverageFigures& other);
  CoverageFigures& operator-=(const CoverageFigures& other);
  friend bool operator==(const CoverageFigures&, const CoverageFigures&) = default;
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

/// True when a question is about less than a regency: it asks for districts or villages.
bool IsBelowRegency(ReportBy by, std::int64_t region_code);

/// From the sums of the nation (ledger/coverage_sums.h) where they tell, else from the counters of
/// the cohorts of the part asked about. By region: the nation and its provinces by regencies, a
/// regency by districts, a district by villages; what is less than a regency is told whole or by
/// region only, whichever branch, group, sector or door its people are of. The nation of one sector
/// or door by provinces: more is not added up.
///
/// Errors: report.region_too_small.
Result<CoverageReport> ReportCoverage(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                      const CoverageFilter& filter = {});

/// The same from the counters of the cohorts, also of the nation: slow where there are many.
Result<CoverageReport> AddUpCohorts(Tx& tx, const Scheme& scheme, Month month, ReportBy by,
                                    const CoverageFilter& filter = {});

}  // namespace jaring
