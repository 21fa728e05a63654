#pragma once

// The scheme as the rules see it: dated rows with source and confidence, already checked. Made from
// the folder schemes/<code>/ by src/scheme; no figure of the law stands in code.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/money.h"
#include "rules/programme.h"
#include "rules/scheme_benefit.h"
#include "rules/scheme_mark.h"

namespace jaring {

/// One row of the income table. A bracket runs from `income_from` to just below the next one's.
struct Bracket {
  int number = 0;
  Money income_from;
  Money base;  // Dasar penghasilan: what contributions and cash benefits are computed from.
  Money jkk;   // Per month.
  Money jht;   // Per month.
  Mark mark;
  std::optional<Money> printed_to;  // Upper end as the table prints it; for display only.
};

struct BracketTable {
  MonthSpan months;
  std::vector<Bracket> brackets;  // Rising; the first begins at 0.
};

/// A contribution that is the same for every income, such as JKM.
struct FlatContribution {
  Programme programme = Programme::kJkm;
  MonthSpan months;
  Money amount;  // Per month.
  Mark mark;
};

/// What an employer pays for a wage earner: a share of the wage, half a rupiah rounded up. A scheme
/// without such rows knows no wage earners.
struct WageRate {
  Programme programme = Programme::kJkk;
  MonthSpan months;
  Rate rate = Rate::FromPpm(0);
  std::optional<Money> wage_ceiling;  // Above it the wage counts no further.
  std::string risk_class;             // JKK: "very-low", the class prices are for; else empty.
  Mark mark;
};

/// A temporary lowering of contributions.
struct Relief {
  std::string id;  // "pp50-2025-transport".
  std::string name_id;
  std::string name_en;
  ProgrammeSet programmes;
  Rate pays = Rate::FromPpm(1'000'000);  // The share that is still due.
  Rounding rounding = Rounding::kHalfUp;
  MonthSpan months;                  // Months of contribution it lowers.
  std::uint32_t sectors = 0;         // Bit i set: sector i of Scheme::sectors has it.
  bool government_excluded = false;  // No relief when a public budget pays.
  Date known_from = Date::FromYearMonthDay(1900, 1, 1);  // Enacted; earlier payments paid in full.
  /// A spell that began after this month pays its first `full_months_for_new` months in full.
  std::optional<Month> existing_member_through;
  int full_months_for_new = 0;
  Mark mark;
};

/// A whole number of the scheme that changes with time: grace months, joining age…
struct DatedNumber {
  MonthSpan months;
  std::int64_t value = 0;
  Mark mark;
};

struct Sector {
  std::string code;  // "farming".
  std::string name_id;
  std::string name_en;
  Mark mark;
};

/// An occupation within a sector. `number` is stored with members, so it never changes.
struct Trade {
  int number = 0;
  std::string code;        // "rice-farmer".
  std::size_t sector = 0;  // Place in Scheme::sectors.
  std::string name_id;
  std::string name_en;
  std::vector<std::string> aliases;  // What people really write: "petani padi", "ojol".
  Mark mark;
};

/// From which day cover of a spell's first month runs.
enum class StartRule : std::uint8_t { kFirstPayment, kAcquisition };

/// Of which month the due day is, for contribution month M.
enum class DueMonth : std::uint8_t { kSameMonth, kFollowingMonth };

/// The numbers the rules ask for by date; each list is without gaps or overlaps.
struct Parameters {
  std::vector<DatedNumber> grace_months;       // Unpaid months that may still be paid.
  std::vector<DatedNumber> joining_age_below;  // Years; must be younger on the day of joining.
  std::vector<DatedNumber> prepayment_months;  // Months past the month of payment one may buy.
  std::vector<DatedNumber> due_day;            // 1 to 28.
  std::vector<DatedNumber> due_months_after;   // 0: day of the month itself; 1: of the next.
  std::vector<DatedNumber> group_starts_at_acquisition;  // 1: employer and sponsor groups do.
  std::vector<DatedNumber> return_by_day;  // 1: savings earn from the next day; 0: the next month.
};

/// The whole scheme. Plain data; whoever holds one has had it checked by scheme::Load.
struct Scheme {
  std::string code;  // "id-bpu".
  std::string name_id;
  std::string name_en;
  std::vector<Sector> sectors;
  std::vector<Trade> trades;
  ProgrammeSet compulsory;  // JKK and JKM.
  ProgrammeSet optional;    // JHT; compulsory for BPU who employ others.
  std::vector<BracketTable> bracket_tables;
  std::vector<FlatContribution> flat_contributions;
  std::vector<WageRate> wage_rates;
  std::vector<Relief> reliefs;
  Parameters parameters;
  Month begins = Month::FromYearMonth(1900, 1);  // First month the scheme knows.
  Mark mark;
  std::vector<Benefit> benefits;
  std::vector<ScholarshipTable> scholarships;
  std::vector<DeclaredReturn> declared_returns;
  std::vector<Disability> disabilities;
  std::vector<HeirRank> heir_ranks;  // In their order.
  std::vector<Holiday> holidays;     // Rising.
  std::vector<Figure> figures;       // In the text form without their names.
  // Below: not in the text form of scheme_text.h.
  std::vector<ClaimPaper> claim_papers;
  std::vector<ContributionRate> contribution_rates;
  std::vector<ParticipantKind> participant_kinds;
  std::vector<BenefitTotal> benefit_totals;
  std::vector<AgentPay> agent_pay;
  std::vector<SponsorKind> sponsor_kinds;
  std::vector<Identifier> identifiers;
  std::vector<Statement> statements;
  std::vector<SourceEntry> sources;
};

/// The row that holds for `month`, or nullptr.
const DatedNumber* FindNumber(const std::vector<DatedNumber>& rows, Month month);

/// The bracket of a monthly income, or nullptr when no table holds for the month.
const Bracket* FindBracket(const Scheme& scheme, Money income, Month month);

/// The share of the wage that is due for `month`, or nullptr.
const WageRate* FindWageRate(const Scheme& scheme, Programme programme, Month month);

/// The row of a figure that holds on a day, or nullptr.
const FigureRow* FindFigure(const Scheme& scheme, std::string_view id, Date on);

std::optional<std::size_t> FindSector(const Scheme& scheme, std::string_view code);

/// By trade code, or by a sector's code (its general trade).
const Trade* FindTrade(const Scheme& scheme, std::string_view code);
const Trade* FindTrade(const Scheme& scheme, std::int64_t number);

/// By the words people write: trade code, sector code, a name in either language, or an alias. Case
/// does not matter; spaces, hyphens and other signs count alike. A sector means its general trade.
const Trade* FindTradeByWords(const Scheme& scheme, std::string_view words);

/// How FindTradeByWords sees words: lower case, one space for every run of other signs. Two texts
/// mean the same to it exactly when this gives the same.
std::string FoldWords(std::string_view text);

}  // namespace jaring
