#include "claims/claim_working.h"

#include <algorithm>

#include "rules/claim_words.h"
#include "rules/scholarship_due.h"

namespace jaring {
namespace {

ClaimWorking FromEntitlement(const Entitlement& entitlement) {
  ClaimWorking working;
  for (const EntitledLine& line : entitlement.lines) {
    working.lines.push_back({.programme = line.benefit->programme,
                             .benefit = line.benefit->id,
                             .detail = line.disability == nullptr ? "" : line.disability->code,
                             .amount = line.worked.amount,
                             .working = WorkingWords(line.worked)});
  }
  for (const WithheldLine& line : entitlement.withheld) {
    working.withheld.push_back({line.benefit->id, std::string(line.rule)});
  }
  return working;
}

/// What benefits are reckoned from: of a wage earner the wage.
Result<Money> BaseOn(const Scheme& scheme, const Terms& terms, Date on) {
  if (terms.payer == Payer::kEmployer) {
    return terms.income;
  }
  const Bracket* bracket = FindBracket(scheme, terms.income, on.month());
  return bracket == nullptr ? Invalid("tariff.none_for_month") : Result<Money>(bracket->base);
}

Result<ClaimWorking> WorkOutAccident(const Scheme& scheme, const ClaimFacts& facts,
                                     const ClaimGround& ground) {
  AccidentFacts accident{.on = facts.on,
                         .base = {},
                         .outcome = facts.outcome,
                         .spent = facts.spent,
                         .months_unable = facts.months_unable,
                         .days_unable = facts.days_unable,
                         .disabilities = facts.disabilities,
                         .contribution_months = ground.contribution_months,
                         .children = facts.children};
  JARING_ASSIGN_OR_RETURN(accident.base, BaseOn(scheme, ground.terms, facts.on));
  JARING_ASSIGN_OR_RETURN(const Entitlement entitlement, EntitleAccident(scheme, accident));
  ClaimWorking working = FromEntitlement(entitlement);
  if (!ground.paid_before.is_zero()) {
    working.lines.push_back({.programme = Programme::kJkk,
                             .benefit = std::string(kPaidBeforeLine),
                             .detail = "",
                             .amount = -ground.paid_before,
                             .working = ""});
  }
  return working;
}

/// One month of a treatment.
Result<ClaimWorking> WorkOutMonth(const Scheme& scheme, const ClaimFacts& facts,
                                  const ClaimGround& ground) {
  JARING_ASSIGN_OR_RETURN(const Money base, BaseOn(scheme, ground.terms, facts.on));
  JARING_ASSIGN_OR_RETURN(
      const Entitlement entitlement,
      EntitleMonthUnable(scheme, facts.on, base, ground.instalment->instalment_no));
  return FromEntitlement(entitlement);
}

/// One school year of a child.
Result<ClaimWorking> WorkOutSchoolYear(const Scheme& scheme, const ClaimFacts& facts,
                                       const ClaimGround& ground) {
  const InstalmentGround& of = *ground.instalment;
  const bool by_work = of.right.kind == ClaimKind::kAccident;
  const ScholarshipTable* table = ScholarshipFor(
      scheme,
      {.event = facts.on, .by_work = by_work, .contribution_months = ground.contribution_months});
  if (table == nullptr) {
    return Invalid("scholarship.no_right");
  }
  if (facts.pupils.size() != 1) {
    return Invalid("scholarship.one_child");
  }
  const PupilTold& child = facts.pupils.front();
  const auto paid = of.years_by_level.find(child.level);
  const Pupil pupil{.birth = child.birth,
                    .place = of.schedule.place,
                    .is_married = facts.is_married,
                    .works = facts.works,
                    .level = child.level,
                    .years_paid = paid == of.years_by_level.end() ? 0 : paid->second};
  JARING_ASSIGN_OR_RETURN(const Worked worked, ScholarshipYear(*table, pupil, of.due_on));
  ClaimWorking working;
  working.lines.push_back({.programme = by_work ? Programme::kJkk : Programme::kJkm,
                           .benefit = std::string(kScholarshipLine),
                           .detail = child.level,
                           .amount = worked.amount,
                           .working = WorkingWords(worked)});
  return working;
}

Result<ClaimWorking> WorkOutSavings(const Scheme& scheme, const ClaimFacts& facts,
                                    const ClaimGround& ground) {
  JARING_ASSIGN_OR_RETURN(const SavingsClaim claim,
                          ClaimSavings(scheme, {.on = facts.on,
                                                .reason = facts.reason,
                                                .birth = ground.birth,
                                                .balance = ground.savings,
                                                .contribution_months = ground.savings_months,
                                                .part_taken = ground.part_taken,
                                                .left_on = facts.left_on,
                                                .asked = facts.asked}));
  ClaimWorking working;
  working.lines.push_back({.programme = Programme::kJht,
                           .benefit = claim.benefit->id,
                           .detail = "",
                           .amount = claim.gross.amount,
                           .working = WorkingWords(claim.gross)});
  if (!claim.tax.amount.is_zero()) {
    working.lines.push_back({.programme = Programme::kJht,
                             .benefit = std::string(kTaxLine),
                             .detail = "",
                             .amount = -claim.tax.amount,
                             .working = WorkingWords(claim.tax)});
  }
  return working;
}

/// "first_month 202605 last_month 202606 months 2", programme by programme as it was split.
void AddRefund(const ClaimGround& ground, ClaimWorking& working) {
  const Refund& refund = ground.refund;
  for (const Programme programme : {Programme::kJkk, Programme::kJkm, Programme::kJht}) {
    if (!refund.parts[programme].is_zero()) {
      working.lines.push_back(
          {.programme = programme,
           .benefit = std::string(kRefundLine),
           .detail = "",
           .amount = refund.parts[programme],
           .working = "first_month " + std::to_string(refund.first_month->number()) +
                      " last_month " + std::to_string(refund.last_month->number()) + " months " +
                      std::to_string(refund.months)});
    }
  }
  if (!refund.credit.is_zero()) {
    working.lines.push_back({.programme = Programme::kJkk,
                             .benefit = std::string(kCreditLine),
                             .detail = "",
                             .amount = refund.credit,
                             .working = "credit " + std::to_string(refund.credit.rupiah())});
  }
  if (ground.savings_gone) {
    working.withheld.push_back({std::string(kRefundLine), "refund.savings_paid"});
  }
  if (refund.months_by_agreement > 0) {
    working.withheld.push_back({std::string(kRefundLine), "refund.by_agreement"});
  }
}

Result<ClaimWorking> WorkOutBenefits(const Scheme& scheme, const ClaimFacts& facts,
                                     const ClaimGround& ground) {
  if (IsInstalment(facts.kind) && !ground.instalment) {
    return Invalid("claim.no_schedule");
  }
  switch (facts.kind) {
    case ClaimKind::kAccident:
      return WorkOutAccident(scheme, facts, ground);
    case ClaimKind::kSavings:
      return WorkOutSavings(scheme, facts, ground);
    case ClaimKind::kScholarship:
      return WorkOutSchoolYear(scheme, facts, ground);
    case ClaimKind::kIncapacity:
      return WorkOutMonth(scheme, facts, ground);
    case ClaimKind::kDeath:
      break;
  }
  return FromEntitlement(EntitleDeath(scheme, {.on = facts.on,
                                               .contribution_months = ground.contribution_months,
                                               .children = facts.children}));
}

}  // namespace

Money ClaimWorking::gross() const {
  Money sum;
  for (const ClaimLine& line : lines) {
    sum += line.benefit == kTaxLine ? Money() : line.amount;
  }
  return sum;
}

Money ClaimWorking::tax() const {
  Money sum;
  for (const ClaimLine& line : lines) {
    sum -= line.benefit == kTaxLine ? line.amount : Money();
  }
  return sum;
}

Result<ClaimWorking> WorkOutClaim(const Scheme& scheme, const ClaimFacts& facts,
                                  const ClaimGround& ground) {
  JARING_ASSIGN_OR_RETURN(ClaimWorking working, WorkOutBenefits(scheme, facts, ground));
  AddRefund(ground, working);
  return working;
}

std::vector<PaperNeed> PapersOf(const Scheme& scheme, const ClaimFacts& facts,
                                const std::vector<std::string>& brought, Money gross) {
  const std::string reason(SavingsReasonCode(facts.reason));
  const auto has = [](const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  std::vector<PaperNeed> needs;
  for (const ClaimPaper& paper : scheme.claim_papers) {
    const bool is_for_reason =
        facts.kind != ClaimKind::kSavings || paper.reasons.empty() || has(paper.reasons, reason);
    const bool is_for_sum = !paper.above || gross > *paper.above;
    if (paper.events.HasAny(EventsOf(facts)) && paper.days.Has(facts.on) && is_for_reason &&
        is_for_sum) {
      needs.push_back({&paper, has(brought, paper.code)});
    }
  }
  return needs;
}

}  // namespace jaring
