#pragma once

// What money buys: whole months in order, oldest open month first.

#include <optional>
#include <string>
#include <vector>

#include "rules/tariff.h"

namespace jaring {

/// One spell of membership as the rules see it: the months bought are one run without holes.
struct Spell {
  Date acquired_on = Date::FromYearMonthDay(1900, 1, 1);
  StartRule start_rule = StartRule::kFirstPayment;
  std::optional<Month> first_month;   // Absent until the first month is bought.
  std::optional<Month> paid_through;  // Present exactly when first_month is.
};

enum class SpellAge : std::uint8_t {
  kNotStarted,  // Nothing bought yet.
  kOpen,        // Paid, or in grace: money goes on from the oldest open month.
  kLapsed,      // Past the grace: money begins a new spell.
};

/// How many unpaid months after `paid_through` may still be paid; the rule of the first of them
/// counts, so that a later change of the law does not revive or end a spell.
int GraceMonths(const Scheme& scheme, Month paid_through);

/// How a spell stands on a day, for the purpose of paying. A day before what is paid is open too:
/// money from a late file goes on where the spell stands.
///
/// Source: [probisA:59] three contribution months of grace, [probisA:85] restart is a new
/// membership.
SpellAge AgeOfSpell(const Scheme& scheme, const Spell& spell, Date on);

/// Is a person born on `birth` young enough to begin a spell on `on`?
///
/// Source: [star1] under 65 on joining.
bool MayBeginSpell(const Scheme& scheme, Date birth, Date on);

/// Where money paid on a day goes on.
struct NextMonth {
  SpellAge age = SpellAge::kNotStarted;
  Month month = Month::FromYearMonth(1900, 1);  // The first month it would buy.
  Terms terms;  // Those of the call, with the spell's first month set.
};

NextMonth NextMonthOf(const Scheme& scheme, const Terms& terms, const Spell& spell, Date on);

/// The day from which cover runs when the first payment of a spell is made on `paid_on`: that day,
/// or for groups that start at acquisition the earlier day of acquisition in the same month.
///
/// Source: [probisA:59] start of cover.
Date CoverFrom(const Spell& spell, Date paid_on);

/// Why money bought fewer months than it might.
enum class PurchaseStop : std::uint8_t {
  kMoneyUsed,        // The rest does not buy another month.
  kPrepaymentLimit,  // Money is left, but months further ahead are not sold.
  kOverJoiningAge,   // A spell cannot begin at this age; all money waits.
  kNoTariff,         // The scheme holds no price for the month; all later money waits.
};

struct Purchase {
  bool restarts = false;             // Months were bought and belong to a new spell after a lapse.
  std::optional<Month> first_month;  // Of this purchase; absent when nothing is bought.
  int months = 0;
  ByProgramme parts;  // Sum over the months.
  Money leftover;     // Waits as credit.
  PurchaseStop stop = PurchaseStop::kMoneyUsed;
  /// Day from which cover runs, when the purchase begins a spell.
  std::optional<Date> cover_from;

  Month last_month() const { return *first_month + (months - 1); }
};

/// Plans what `available` (the payment plus any credit) buys on `paid_on`. `birth_date` is needed
/// only when a spell begins (kNotStarted or kLapsed) and is otherwise not looked at. When nothing
/// is bought, nothing begins: the old spell stays and all money waits. Never allocates.
///
/// Limit: at most 600 months.
/// Source: [probisB:19] months in order; [star1] joining age; [probisA:59] start and grace.
Purchase PlanPurchase(const Scheme& scheme, const Terms& terms, const Spell& spell,
                      std::optional<Date> birth_date, Money available, Date paid_on);

/// The next `months` months a payer could buy on `on`, with their prices: what a bill shows.
///
/// Errors: tariff.none_for_month; bill.months_out_of_range (fewer than 1, or past the prepayment
/// limit).
Result<std::vector<MonthPrice>> PriceNextMonths(const Scheme& scheme, const Terms& terms,
                                                const Spell& spell, Date on, int months);

}  // namespace jaring
