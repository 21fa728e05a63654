#pragma once

// The part of the scheme that claims, agents and sponsors are computed from, as plain data.
// Formulas are kinds with multiples, shares and caps, so that a new amount is an edit of the scheme
// folder.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.h"
#include "rules/programme.h"
#include "rules/scheme_mark.h"

namespace jaring {

/// How a benefit is computed. `base` is the base of the member's bracket.
enum class BenefitKind : std::uint8_t {
  kService,            // Given in kind, as much as is needed.
  kFixed,              // `amount`.
  kReceipts,           // What was spent, at most `cap`.
  kBaseMonthly,        // `share` of base for each month from `month_from` to `month_to`.
  kBaseMultiple,       // `share` * `multiple` * base.
  kTableMultiple,      // per cent of the disability table * `multiple` * base.
  kLossTableMultiple,  // per cent lost * per cent of the table * `multiple` * base.
  kPricePlus,          // A reference price and `share` of it on top, at most `cap`.
  kAccountShare,       // At most `share` of the member's own account.
};

/// One benefit over one span of event dates.
struct BenefitRow {
  DateSpan days;
  BenefitKind kind = BenefitKind::kService;
  Money amount;
  std::optional<Money> cap;
  Rate share = Rate::FromPpm(1'000'000);
  int multiple = 0;
  int month_from = 0;  // 1 is the first month of not being able to work.
  std::optional<int> month_to;
  int needs_contribution_months = 0;  // Fewer months paid: no right to it.
  std::string at_least;               // Id of a benefit that is paid when this one comes out lower.
  Mark mark;
};

struct Benefit {
  std::string id;  // "jkk-death".
  Programme programme = Programme::kJkk;
  std::string name_id;
  std::string name_en;
  std::vector<BenefitRow> rows;  // Rising, no overlaps.
};

/// A sum the law or the agency publishes; the checker holds the parts to it.
struct BenefitTotal {
  std::string id;
  std::vector<std::string> parts;  // Ids of fixed benefits.
  DateSpan days;
  Money amount;
  Mark mark;
};

struct ScholarshipLevel {
  std::string code;
  std::string name_id;
  std::string name_en;
  Money per_year;
  int max_years = 0;
  Money sum;
  Mark mark;
};

struct ScholarshipTable {
  DateSpan days;
  int max_children = 0;
  int child_below_age = 0;
  int jkm_needs_contribution_months = 0;
  Money per_child;
  Money total;
  std::vector<ScholarshipLevel> levels;
  Mark mark;
};

/// The share of the base that a contribution is; the checker holds the bracket table to it.
struct ContributionRate {
  Programme programme = Programme::kJkk;
  MonthSpan months;
  Rate rate = Rate::FromPpm(0);
  Mark mark;
};

/// A kind of BPU participant and what it must and may join.
struct ParticipantKind {
  std::string code;
  std::string name_id;
  std::string name_en;
  ProgrammeSet compulsory;
  ProgrammeSet optional;
  MonthSpan months;
  Mark mark;
};

/// What the old-age accounts earned in a year.
struct DeclaredReturn {
  int year = 0;
  Rate rate = Rate::FromPpm(0);
  std::optional<Rate> deposit_rate;  // One-year deposits of state banks: the floor by law.
  Mark mark;
};

enum class AgentPayKind : std::uint8_t {
  kMonthlyFixed,       // `amount` in a month with at least `min_new_members`.
  kPerNewMember,       // `amount` for each new member, in a month with at least `min_new_members`.
  kContributionShare,  // `rate` of contributions received, membership months in the given range.
  kOfficeShare,        // `rate` of the office's agents' pay, on top, to the office.
};

/// One line of what a PERISAI agent or office earns.
struct AgentPay {
  std::string id;
  AgentPayKind kind = AgentPayKind::kContributionShare;
  std::string name_id;
  std::string name_en;
  MonthSpan months;
  Money amount;
  Rate rate = Rate::FromPpm(0);
  int min_new_members = 0;
  int month_from = 1;           // Of the member's own months.
  std::optional<int> month_to;  // Open when absent.
  ProgrammeSet programmes;      // Members must have exactly these; empty means any.
  Mark mark;
};

/// How groups with fewer than `full_months` paid months count for staff targets.
enum class SponsorShortCount : std::uint8_t { kProRata, kNothing };

struct SponsorKind {
  std::string code;  // "SG".
  std::string name_id;
  std::string name_en;
  bool public_budget = false;  // APBN or APBD: reliefs may leave it out.
  int full_months = 0;
  SponsorShortCount short_count = SponsorShortCount::kNothing;
  Mark mark;
};

struct Identifier {
  std::string id;  // "nik".
  std::string name_id;
  std::string name_en;
  int digits = 0;
  Mark mark;
};

struct FigureRow {
  DateSpan days;
  std::int64_t value = 0;
  Mark mark;
};

/// A dated whole number that is no contribution parameter: hours to report, days to pay…
struct Figure {
  std::string id;
  std::string unit;  // "hours", "working_days", "ppm_per_day", "rupiah", "years"…
  std::string name_id;
  std::string name_en;
  std::vector<FigureRow> rows;
};

/// A rule of the scheme in words, for people; no program reads it.
struct Statement {
  std::string id;
  DateSpan days;
  std::string text_id;
  std::string text_en;
  Mark mark;
};

struct SourceEntry {
  std::string id;  // "pp49-2020".
  std::string kind;
  std::string title;
  std::string articles;
  std::string address;
  std::optional<Month> read_on;  // Absent: known through others only.
  std::string note;
};

}  // namespace jaring
