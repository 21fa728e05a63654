#pragma once

// What an accident at work or a death gives a right to: a line for each benefit, with its working,
// and what it does not give, with the reason. Pure: the facts are those somebody has established,
// the figures are those of the scheme on the day of the event. Whether the member was covered that
// day is asked elsewhere (claim_cover.h).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/benefit_working.h"

namespace jaring {

/// One benefit that is due.
struct EntitledLine {
  const Benefit* benefit = nullptr;
  const BenefitRow* row = nullptr;
  const Disability* disability = nullptr;  // For what was lost; else nothing.
  Worked worked;

  /// As sure as the least sure of all that made the amount.
  Confidence confidence() const;
};

/// One benefit that is not due, and why.
struct WithheldLine {
  const Benefit* benefit = nullptr;
  const BenefitRow* row = nullptr;
  std::string_view rule;  // "entitlement.too_few_months", "entitlement.no_child".
};

/// Lives as long as the scheme.
struct Entitlement {
  std::vector<EntitledLine> lines;     // In the scheme's order; disabilities as given.
  std::vector<WithheldLine> withheld;  // In the scheme's order.

  Money total() const;
};

/// What somebody paid out for one benefit.
struct Spending {
  std::string benefit;         // Its id.
  Money spent;                 // Sum of the receipts.
  std::optional<Money> price;  // The reference price, for what is paid by one.
};

/// A part lost, or an ability lessened, for good.
struct DisabilityFinding {
  std::string code;
  std::optional<Rate> loss;      // Of a function; absent: the part is lost.
  std::optional<Rate> assessed;  // By the doctor, where the table gives a range.
};

/// How an accident ended; the doctor's finding.
enum class AccidentOutcome : std::uint8_t {
  kInTreatment,
  kRecovered,
  kPartialDisability,
  kTotalDisability,
  kDied,
};

/// What is established of an accident at work.
struct AccidentFacts {
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  Money base;  // Of the member's bracket on that day, a month.
  AccidentOutcome outcome = AccidentOutcome::kInTreatment;
  std::vector<Spending> spent;
  int months_unable = 0;                        // Whole months of not being able to work,
  int days_unable = 0;                          // and days of one more, fewer than a month.
  std::vector<DisabilityFinding> disabilities;  // Of kPartialDisability.
  int contribution_months = 0;
  int children = 0;
};

/// Benefits of the day of the accident, whenever it ended.
///
/// Errors: entitlement.benefit_unknown (spent on what is no benefit of that day, or not by
/// receipts), entitlement.price_missing, entitlement.disability_unknown,
/// entitlement.assessment_missing, entitlement.assessment_out_of_range,
/// entitlement.loss_out_of_range, entitlement.disability_unexpected (an outcome without one, or a
/// partial one without any), entitlement.months_out_of_range, entitlement.too_many_facts.
/// Limit: 600 months; 100 receipts and findings each.
/// Source: [pp82-2019:annex1], [pp44-2015:annex3].
Result<Entitlement> EntitleAccident(const Scheme& scheme, const AccidentFacts& facts);

/// What one month gives to somebody who cannot work yet; `month` counts from 1. What
/// EntitleAccident gives for so many whole months is the sum of them.
///
/// Errors: entitlement.months_out_of_range.
/// Source: [pp82-2019:annex1].
Result<Entitlement> EntitleMonthUnable(const Scheme& scheme, Date on, Money base, int month);

/// What is established of a death that was not from work.
struct DeathFacts {
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  int contribution_months = 0;
  int children = 0;
};

/// Source: [pp82-2019], [pp44-2015].
Entitlement EntitleDeath(const Scheme& scheme, const DeathFacts& facts);

}  // namespace jaring
