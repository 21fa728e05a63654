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

/// What happened to the member, as far as it decides which benefits there are.
enum class ClaimEvent : std::uint8_t {
  kAccident,           // Any accident at work: care, transport, months unable to work.
  kPartialAnatomical,  // It left a part of the body lost,
  kPartialFunctional,  // or a function lessened,
  kTotalDisability,    // or never able to work again,
  kAccidentDeath,      // or dead.
  kDeath,              // Not from work.
  kWholeSavings,       // Old age, or another end of saving.
  kSavingsHousing,     // Part of the savings, for housing,
  kSavingsOther,       // or for something else.
  kScholarship,        // A school year of a child, after a death or a total disability.
  kIncapacity,         // A month of not being able to work, while the treatment lasts.
};

/// Several events: bit i is that of ClaimEvent i.
class ClaimEvents {
 public:
  constexpr ClaimEvents() = default;
  static constexpr ClaimEvents FromBits(std::uint32_t bits) {
    ClaimEvents events;
    events.bits_ = bits;
    return events;
  }
  constexpr ClaimEvents With(ClaimEvent event) const { return FromBits(bits_ | Bit(event)); }
  constexpr bool Has(ClaimEvent event) const { return (bits_ & Bit(event)) != 0; }
  constexpr bool HasAny(ClaimEvents others) const { return (bits_ & others.bits_) != 0; }
  constexpr std::uint32_t bits() const { return bits_; }
  friend constexpr bool operator==(ClaimEvents, ClaimEvents) = default;

 private:
  static constexpr std::uint32_t Bit(ClaimEvent event) {
    return std::uint32_t{1} << static_cast<unsigned>(event);
  }
  std::uint32_t bits_ = 0;
};

/// The row of a dated list that holds on a day, or nullptr.
template <typename Row>
const Row* FindRow(const std::vector<Row>& rows, Date on) {
  for (const Row& row : rows) {
    if (row.days.Has(on)) {
      return &row;
    }
  }
  return nullptr;
}

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
  bool needs_child = false;           // Only for who has a child.
  std::string at_least;               // Id of a benefit that is paid when this one comes out lower.
  Mark mark;
};

struct Benefit {
  std::string id;  // "jkk-death".
  Programme programme = Programme::kJkk;
  std::string name_id;
  std::string name_en;
  std::vector<BenefitRow> rows;  // Rising, no overlaps.
  ClaimEvents events;            // Any of them gives it.
};

/// What a lost part of the body, or a lost ability, counts for.
struct DisabilityRow {
  DateSpan days;
  Rate share = Rate::FromPpm(0);
  std::optional<Rate> most;  // Between `share` and this the doctor decides.
  Mark mark;
};

struct Disability {
  std::string code;  // "arm-right-from-shoulder".
  std::string name_id;
  std::string name_en;
  std::vector<DisabilityRow> rows;  // Rising, no overlaps.
};

/// Who somebody is to the member who died.
enum class Relation : std::uint8_t {
  kSpouse,
  kChild,
  kParent,
  kGrandparent,
  kGrandchild,
  kSibling,
  kParentInLaw,
  kNamedInWill,
  kGuardian,  // Of a child; inherits nothing.
};

/// Heirs of one rank. They come before those of the next.
struct HeirRank {
  std::vector<Relation> relations;
  DateSpan days;  // Of the death.
  Mark mark;
};

/// A day on which no office works, beside Saturdays and Sundays.
struct Holiday {
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  std::string name_id;
  Mark mark;
};

/// A paper that a claim needs.
struct ClaimPaper {
  std::string code;  // "death-certificate".
  std::string name_id;
  std::string name_en;
  std::string why_id;  // Why it is needed, for whoever has to bring it.
  std::string why_en;
  ClaimEvents events;
  std::vector<std::string> reasons;  // Of claims on savings (SavingsReasonCode); empty: all.
  std::optional<Money> above;        // Only when more than this is paid.
  DateSpan days;                     // Of the event.
  Mark mark;
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
