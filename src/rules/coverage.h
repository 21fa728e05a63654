#pragma once

// Who is covered when: derived from the months bought and the dated scheme, never stored.

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "rules/purchase.h"

namespace jaring {

/// The day by which a contribution month is due; nothing when the scheme has no due day for it.
///
/// Source: [losgum] the 15th.
std::optional<Date> DueDate(const Scheme& scheme, Month month);

/// never: nothing ever bought. active: covered on the day. grace: unpaid, may still pay the
/// arrears. lapsed: unpaid past the grace; paying begins a new spell. ended: the membership was
/// closed (claim, death, stopped working), not for want of money.
enum class CoverageState : std::uint8_t { kNever, kActive, kGrace, kLapsed, kEnded };

/// "never", "active", "grace", "lapsed", "ended".
std::string_view CoverageStateCode(CoverageState state);

/// One membership with the months bought in it.
struct CoveredSpell {
  int membership_seq = 1;
  ProgrammeSet programmes;
  std::optional<Month> first_month;
  std::optional<Month> paid_through;
  std::optional<Date> cover_from;  // Within first_month; absent: its first day.
  std::optional<Date> ended_on;    // First day without cover, when the membership was closed.
};

struct ProgrammeCoverage {
  CoverageState state = CoverageState::kNever;
  /// First and last day of the spell of cover that decides the state; absent when never, and when
  /// the membership was closed before its cover began.
  std::optional<Date> from;
  std::optional<Date> until;
};

/// How a member stands on a day. `spells` in the order of membership_seq.
struct Coverage {
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  std::array<ProgrammeCoverage, kProgrammeCount> programmes;
  std::vector<Month> months_paid;  // Of all spells, rising, each once.
  /// Day by which the next month is due; absent when lapsed, ended or never in all programmes.
  std::optional<Date> next_due;

  const ProgrammeCoverage& operator[](Programme p) const {
    return programmes[static_cast<std::size_t>(p)];
  }
};

/// The state that one spell alone gives on a day, for every programme in it. Never allocates.
CoverageState StateOfSpell(const Scheme& scheme, const CoveredSpell& spell, Date on);

/// Of several spells the one that began last on or before the day decides, programme by programme.
///
/// Source: [probisA:59] start, grace, end; [pp44-2015:1(4)] no payment, no participant.
Coverage CoverageOn(const Scheme& scheme, std::span<const CoveredSpell> spells, Date on);

/// What a member who is not covered (or soon will not be) can pay to be covered.
struct Restoration {
  enum class Kind : std::uint8_t { kFirstPayment, kContinue, kArrears, kRestart, kNotPossible };
  Kind kind = Kind::kFirstPayment;
  std::vector<MonthPrice> months;  // What must be bought; for kContinue the next month.
  Money total;                     // Before any credit.
  Date covered_from = Date::FromYearMonthDay(1900, 1, 1);
  Date covered_until = Date::FromYearMonthDay(1900, 1, 1);
};

/// "first_payment", "continue", "arrears", "restart", "not_possible".
std::string_view RestorationKindCode(Restoration::Kind kind);

/// For arrears: every open month up to and including the month of `on`. kNotPossible: over the
/// joining age, or no tariff. kContinue without months: paid as far ahead as is sold.
Restoration HowToRestore(const Scheme& scheme, const Terms& terms, const Spell& latest,
                         std::optional<Date> birth_date, Date on);

}  // namespace jaring
