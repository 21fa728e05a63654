#pragma once

// How an amount came about: the figures it was worked out with, each with where it comes from, so
// that who is paid and who audits can follow it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/scheme.h"

namespace jaring {

/// What a figure of a working is.
enum class Term : std::uint8_t {
  kBase,         // Rupiah: base of the member's bracket.
  kMultiple,     // So many times.
  kShare,        // Ppm.
  kTable,        // Ppm: what the disability counts for.
  kLoss,         // Ppm: how much of the function is lost.
  kMonths,       // Whole months.
  kDays,         // Days of a month that is not full,
  kDaysOfMonth,  // of so many.
  kSpent,        // Rupiah on receipts.
  kPrice,        // Rupiah: a reference price.
  kBalance,      // Rupiah in the member's own account.
  kAsked,        // Rupiah the member asks for.
  kFree,         // Rupiah that bear no tax.
  kAtMost,       // Rupiah, or ppm of the disability table.
  kAtLeast,      // Rupiah.
  kDaysLate,     // Days.
};

/// "base", "multiple"…
std::string_view TermCode(Term term);

struct WorkedFigure {
  Term term = Term::kBase;
  std::int64_t value = 0;
  /// Nothing: a fact of the case, not of the scheme. Lives as long as the scheme.
  const Mark* mark = nullptr;

  friend bool operator==(const WorkedFigure&, const WorkedFigure&) = default;
};

struct Worked {
  Money amount;
  std::vector<WorkedFigure> figures;  // In the order they are written down.
};

/// "base 1000000 multiple 48": the figures as word and value; empty without any.
std::string WorkingWords(const Worked& worked);

/// `share` of `multiple` bases.
Worked MultipleOfBase(const BenefitRow& row, Money base);

/// `share` of the base for each of `months` whole months, and for `days` of one more; without a
/// scheme's figure of how many days a month has, those days are nothing.
Worked MonthsOfBase(const BenefitRow& row, Money base, int months, int days,
                    const FigureRow* days_of_month);

/// What was spent, at most the cap; without a cap all of it.
Worked Receipts(const BenefitRow& row, Money spent);

/// What was spent, at most a reference price with `share` of it on top, at most the cap.
Worked PricePlus(const BenefitRow& row, Money spent, Money price);

/// `table` and, of a function, `loss` of `multiple` bases; half a rupiah rounds up, once.
Worked ShareOfDisability(const BenefitRow& row, Money base, const WorkedFigure& table,
                         std::optional<Rate> loss);

/// The share of an account, or what is asked for, whichever is less; rounded down.
Worked ShareOfAccount(const BenefitRow& row, Money balance, std::optional<Money> asked);

/// As the row says, as far as the base alone decides it; nothing where more does.
std::optional<Worked> OfBaseAlone(const BenefitRow& row, Money base);

/// The same, and no less than the benefit `row.at_least` comes to on that day.
std::optional<Worked> OfBaseWithFloor(const Scheme& scheme, const BenefitRow& row, Money base,
                                      Date on);

}  // namespace jaring
