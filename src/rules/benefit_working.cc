#include "rules/benefit_working.h"

#include <algorithm>

#include "base/check.h"

namespace jaring {
namespace {

/// `count` parts of `whole`, of an amount; half a rupiah rounds up.
Money PartOf(Money amount, int count, std::int64_t whole) {
  JARING_CHECK(whole > 0);
  return Money::FromRupiah((amount.rupiah() * count * 2 + whole) / (whole * 2));
}

void CapAt(Worked& worked, const std::optional<Money>& cap, const Mark& mark) {
  if (cap) {
    worked.figures.push_back({Term::kAtMost, cap->rupiah(), &mark});
    worked.amount = std::min(worked.amount, *cap);
  }
}

}  // namespace

std::string_view TermCode(Term term) {
  constexpr std::string_view kCodes[] = {
      "base",  "multiple", "share",   "table", "loss", "months",  "days",     "days-of-month",
      "spent", "price",    "balance", "asked", "free", "at-most", "at-least", "days-late"};
  return kCodes[static_cast<std::size_t>(term)];
}

std::string WorkingWords(const Worked& worked) {
  std::string words;
  for (const WorkedFigure& figure : worked.figures) {
    words += (words.empty() ? "" : " ") + std::string(TermCode(figure.term)) + " " +
             std::to_string(figure.value);
  }
  return words;
}

Worked MultipleOfBase(const BenefitRow& row, Money base) {
  return {Share(Money::FromRupiah(base.rupiah() * row.multiple), row.share, Rounding::kHalfUp),
          {{Term::kBase, base.rupiah(), nullptr},
           {Term::kMultiple, row.multiple, &row.mark},
           {Term::kShare, row.share.ppm(), &row.mark}}};
}

Worked MonthsOfBase(const BenefitRow& row, Money base, int months, int days,
                    const FigureRow* days_of_month) {
  const Money monthly = Share(base, row.share, Rounding::kHalfUp);
  Worked worked{
      Money::FromRupiah(monthly.rupiah() * months),
      {{Term::kBase, base.rupiah(), nullptr}, {Term::kShare, row.share.ppm(), &row.mark}}};
  if (months > 0) {
    worked.figures.push_back({Term::kMonths, months, nullptr});
  }
  if (days > 0 && days_of_month != nullptr) {
    worked.amount += PartOf(monthly, days, days_of_month->value);
    worked.figures.push_back({Term::kDays, days, nullptr});
    worked.figures.push_back({Term::kDaysOfMonth, days_of_month->value, &days_of_month->mark});
  }
  return worked;
}

Worked Receipts(const BenefitRow& row, Money spent) {
  Worked worked{spent, {{Term::kSpent, spent.rupiah(), nullptr}}};
  CapAt(worked, row.cap, row.mark);
  return worked;
}

Worked PricePlus(const BenefitRow& row, Money spent, Money price) {
  Worked worked{std::min(spent, price + Share(price, row.share, Rounding::kHalfUp)),
                {{Term::kSpent, spent.rupiah(), nullptr},
                 {Term::kPrice, price.rupiah(), nullptr},
                 {Term::kShare, row.share.ppm(), &row.mark}}};
  CapAt(worked, row.cap, row.mark);
  return worked;
}

Worked ShareOfDisability(const BenefitRow& row, Money base, const WorkedFigure& table,
                         std::optional<Rate> loss) {
  constexpr std::int64_t kWhole = 1'000'000;
  Worked worked{
      Money(),
      {{Term::kBase, base.rupiah(), nullptr}, {Term::kMultiple, row.multiple, &row.mark}, table}};
  if (loss) {
    worked.figures.push_back({Term::kLoss, loss->ppm(), nullptr});
  }
  // In whole millionths of millionths of a rupiah until the end. A base is far below 10^9 and a
  // multiple at most 1'000, so the parts stay below 2^63.
  const std::int64_t whole = base.rupiah() * row.multiple;
  const std::int64_t parts = table.value * (loss ? loss->ppm() : kWhole);
  const std::int64_t rest =
      (whole % kWhole) * (parts / kWhole) + (whole / kWhole) * (parts % kWhole);
  const std::int64_t least = (whole % kWhole) * (parts % kWhole);
  const std::int64_t sum = rest + least / kWhole;
  const std::int64_t fraction = sum % kWhole;
  std::int64_t rupiah = (whole / kWhole) * (parts / kWhole) + sum / kWhole;
  if (fraction >= kWhole / 2) {
    ++rupiah;
  }
  worked.amount = Money::FromRupiah(rupiah);
  return worked;
}

Worked ShareOfAccount(const BenefitRow& row, Money balance, std::optional<Money> asked) {
  Worked worked{
      Share(balance, row.share, Rounding::kDown),
      {{Term::kBalance, balance.rupiah(), nullptr}, {Term::kShare, row.share.ppm(), &row.mark}}};
  if (asked) {
    worked.figures.push_back({Term::kAsked, asked->rupiah(), nullptr});
    worked.amount = std::min(worked.amount, *asked);
  }
  return worked;
}

std::optional<Worked> OfBaseAlone(const BenefitRow& row, Money base) {
  switch (row.kind) {
    case BenefitKind::kFixed:
      return Worked{row.amount, {}};
    case BenefitKind::kBaseMonthly:
      return MonthsOfBase(row, base, 1, 0, nullptr);
    case BenefitKind::kBaseMultiple:
      return MultipleOfBase(row, base);
    case BenefitKind::kService:
    case BenefitKind::kReceipts:
    case BenefitKind::kTableMultiple:
    case BenefitKind::kLossTableMultiple:
    case BenefitKind::kPricePlus:
    case BenefitKind::kAccountShare:
      return std::nullopt;
  }
  JARING_CHECK(false);
}

std::optional<Worked> OfBaseWithFloor(const Scheme& scheme, const BenefitRow& row, Money base,
                                      Date on) {
  std::optional<Worked> worked = OfBaseAlone(row, base);
  if (!worked || row.at_least.empty()) {
    return worked;
  }
  for (const Benefit& other : scheme.benefits) {
    const BenefitRow* floor = other.id == row.at_least ? FindRow(other.rows, on) : nullptr;
    // One step only: a floor has no floor of its own.
    const auto least = floor != nullptr ? OfBaseAlone(*floor, base) : std::nullopt;
    if (least) {
      worked->figures.push_back({Term::kAtLeast, least->amount.rupiah(), &floor->mark});
      worked->amount = std::max(worked->amount, least->amount);
    }
  }
  return worked;
}

}  // namespace jaring
