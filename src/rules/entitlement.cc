#include "rules/entitlement.h"

#include <algorithm>

#include "base/check.h"

namespace jaring {
namespace {

constexpr int kMostMonths = 600;
constexpr std::size_t kMostFacts = 100;

/// Whether the member may have it, as far as months and children decide.
std::optional<std::string_view> WhyNot(const BenefitRow& row, int months, int children) {
  if (months < row.needs_contribution_months) {
    return "entitlement.too_few_months";
  }
  if (row.needs_child && children == 0) {
    return "entitlement.no_child";
  }
  return std::nullopt;
}

const Disability* FindDisability(const Scheme& scheme, std::string_view code) {
  for (const Disability& disability : scheme.disabilities) {
    if (disability.code == code) {
      return &disability;
    }
  }
  return nullptr;
}

ClaimEvents EventsOf(const AccidentFacts& facts) {
  const auto events = ClaimEvents().With(ClaimEvent::kAccident);
  switch (facts.outcome) {
    case AccidentOutcome::kInTreatment:
    case AccidentOutcome::kRecovered:
      return events;
    case AccidentOutcome::kPartialDisability:
      return events.With(ClaimEvent::kPartialAnatomical).With(ClaimEvent::kPartialFunctional);
    case AccidentOutcome::kTotalDisability:
      return events.With(ClaimEvent::kTotalDisability);
    case AccidentOutcome::kDied:
      return events.With(ClaimEvent::kAccidentDeath);
  }
  JARING_CHECK(false);
}

/// What a disability counts for: the table's share, or what the doctor found within its range.
Result<Rate> CountsFor(const DisabilityRow& row, const DisabilityFinding& finding) {
  if (!row.most) {
    if (finding.assessed && *finding.assessed != row.share) {
      return Invalid("entitlement.assessment_out_of_range", finding.code);
    }
    return row.share;
  }
  if (!finding.assessed) {
    return Invalid("entitlement.assessment_missing", finding.code);
  }
  if (*finding.assessed < row.share || *finding.assessed > *row.most) {
    return Invalid("entitlement.assessment_out_of_range", finding.code);
  }
  return *finding.assessed;
}

class AccidentWork {
 public:
  AccidentWork(const Scheme& scheme, const AccidentFacts& facts) : scheme_(scheme), facts_(facts) {}

  Result<Entitlement> Run() {
    JARING_RETURN_IF_ERROR(CheckFacts());
    const ClaimEvents events = EventsOf(facts_);
    for (const Benefit& benefit : scheme_.benefits) {
      const BenefitRow* row =
          benefit.events.HasAny(events) ? FindRow(benefit.rows, facts_.on) : nullptr;
      if (row == nullptr) {
        continue;
      }
      if (const auto why = WhyNot(*row, facts_.contribution_months, facts_.children)) {
        work_.withheld.push_back({&benefit, row, *why});
        continue;
      }
      JARING_RETURN_IF_ERROR(AddBenefit(benefit, *row));
    }
    if (spent_used_ != facts_.spent.size()) {
      return Invalid("entitlement.benefit_unknown");
    }
    return std::move(work_);
  }

 private:
  Result<Done> CheckFacts() const {
    const bool has_partial = facts_.outcome == AccidentOutcome::kPartialDisability;
    if (has_partial == facts_.disabilities.empty()) {
      return Invalid("entitlement.disability_unexpected");
    }
    if (facts_.months_unable < 0 || facts_.months_unable > kMostMonths || facts_.days_unable < 0 ||
        facts_.days_unable > 30) {
      return Invalid("entitlement.months_out_of_range");
    }
    if (facts_.spent.size() > kMostFacts || facts_.disabilities.size() > kMostFacts) {
      return Invalid("entitlement.too_many_facts");
    }
    return Done{};
  }

  Result<Done> AddBenefit(const Benefit& benefit, const BenefitRow& row) {
    switch (row.kind) {
      case BenefitKind::kService:
      case BenefitKind::kReceipts:
      case BenefitKind::kPricePlus:
        return AddSpending(benefit, row);
      case BenefitKind::kBaseMonthly:
        AddMonths(benefit, row);
        return Done{};
      case BenefitKind::kTableMultiple:
      case BenefitKind::kLossTableMultiple:
        return AddDisabilities(benefit, row);
      case BenefitKind::kFixed:
      case BenefitKind::kBaseMultiple:
        Add(benefit, row, *OfBaseWithFloor(scheme_, row, facts_.base, facts_.on));
        return Done{};
      case BenefitKind::kAccountShare:
        break;  // Savings are no part of what an accident gives.
    }
    return Invalid("entitlement.benefit_unknown", benefit.id);
  }

  void Add(const Benefit& benefit, const BenefitRow& row, Worked worked,
           const Disability* disability = nullptr) {
    work_.lines.push_back({&benefit, &row, disability, std::move(worked)});
  }

  /// Several receipts for one benefit are one sum: its cap holds for all of them.
  Result<Done> AddSpending(const Benefit& benefit, const BenefitRow& row) {
    Money spent;
    Money price;
    std::size_t count = 0;
    for (const Spending& each : facts_.spent) {
      if (each.benefit != benefit.id) {
        continue;
      }
      ++count;
      spent += each.spent;
      if (row.kind == BenefitKind::kPricePlus && !each.price) {
        return Invalid("entitlement.price_missing", benefit.id);
      }
      price += each.price.value_or(Money());
    }
    spent_used_ += count;
    if (count > 0) {
      Add(benefit, row,
          row.kind == BenefitKind::kPricePlus ? PricePlus(row, spent, price)
                                              : Receipts(row, spent));
    }
    return Done{};
  }

  void AddMonths(const Benefit& benefit, const BenefitRow& row) {
    const int last = row.month_to.value_or(kMostMonths);
    const int whole = std::max(0, std::min(facts_.months_unable, last) - row.month_from + 1);
    const int next = facts_.months_unable + 1;  // The month that is not full.
    const int days = next >= row.month_from && next <= last ? facts_.days_unable : 0;
    if (whole > 0 || days > 0) {
      Add(benefit, row,
          MonthsOfBase(row, facts_.base, whole, days,
                       FindFigure(scheme_, "jkk-stmb-days-per-month", facts_.on)));
    }
  }

  Result<Done> AddDisabilities(const Benefit& benefit, const BenefitRow& row) {
    const bool of_function = row.kind == BenefitKind::kLossTableMultiple;
    for (const DisabilityFinding& finding : facts_.disabilities) {
      if (finding.loss.has_value() != of_function) {
        continue;
      }
      const Disability* disability = FindDisability(scheme_, finding.code);
      const DisabilityRow* counts =
          disability != nullptr ? FindRow(disability->rows, facts_.on) : nullptr;
      if (counts == nullptr) {
        return Invalid("entitlement.disability_unknown", finding.code);
      }
      if (finding.loss && finding.loss->ppm() > 1'000'000) {
        return Invalid("entitlement.loss_out_of_range", finding.code);
      }
      JARING_ASSIGN_OR_RETURN(const Rate share, CountsFor(*counts, finding));
      Add(benefit, row,
          ShareOfDisability(row, facts_.base, {Term::kTable, share.ppm(), &counts->mark},
                            finding.loss),
          disability);
    }
    return Done{};
  }

  const Scheme& scheme_;
  const AccidentFacts& facts_;
  Entitlement work_;
  std::size_t spent_used_ = 0;
};

}  // namespace

Confidence EntitledLine::confidence() const {
  Confidence least = row->mark.confidence;
  for (const WorkedFigure& figure : worked.figures) {
    least = std::max(least, figure.mark != nullptr ? figure.mark->confidence : least);
  }
  return least;
}

Money Entitlement::total() const {
  Money total;
  for (const EntitledLine& line : lines) {
    total += line.worked.amount;
  }
  return total;
}

Result<Entitlement> EntitleAccident(const Scheme& scheme, const AccidentFacts& facts) {
  return AccidentWork(scheme, facts).Run();
}

Result<Entitlement> EntitleMonthUnable(const Scheme& scheme, Date on, Money base, int month) {
  if (month < 1 || month > kMostMonths) {
    return Invalid("entitlement.months_out_of_range");
  }
  Entitlement work;
  for (const Benefit& benefit : scheme.benefits) {
    const BenefitRow* row =
        benefit.events.Has(ClaimEvent::kAccident) ? FindRow(benefit.rows, on) : nullptr;
    if (row != nullptr && row->kind == BenefitKind::kBaseMonthly && month >= row->month_from &&
        month <= row->month_to.value_or(kMostMonths)) {
      work.lines.push_back({&benefit, row, nullptr, MonthsOfBase(*row, base, 1, 0, nullptr)});
    }
  }
  return work;
}

Entitlement EntitleDeath(const Scheme& scheme, const DeathFacts& facts) {
  Entitlement work;
  for (const Benefit& benefit : scheme.benefits) {
    const BenefitRow* row =
        benefit.events.Has(ClaimEvent::kDeath) ? FindRow(benefit.rows, facts.on) : nullptr;
    if (row == nullptr) {
      continue;
    }
    if (const auto why = WhyNot(*row, facts.contribution_months, facts.children)) {
      work.withheld.push_back({&benefit, row, *why});
    } else if (auto worked = OfBaseAlone(*row, Money())) {
      work.lines.push_back({&benefit, row, nullptr, *std::move(worked)});
    }
  }
  return work;
}

}  // namespace jaring
