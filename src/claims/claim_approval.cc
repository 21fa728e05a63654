#include "claims/claim_approval.h"

#include <algorithm>

#include "claims/payout.h"
#include "claims/schedule_desk.h"
#include "collection/life.h"
#include "collection/membership_end.h"
#include "collection/savings_withdrawal.h"
#include "ledger/month_close.h"

namespace jaring {
namespace {

constexpr std::int64_t kNoPartner = 0;

/// Stored with the lines of the decision.
bool SameLines(const std::vector<ClaimLine>& a, const std::vector<ClaimLine>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ClaimLine& x, const ClaimLine& y) {
                      return x.programme == y.programme && x.benefit == y.benefit &&
                             x.detail == y.detail && x.amount == y.amount && x.working == y.working;
                    });
}

Account ExpenseOf(Programme programme) {
  return programme == Programme::kJkk ? Account::kJkkBenefits : Account::kJkmBenefits;
}

class Approval {
 public:
  Approval(Tx& tx, const Agency& agency, JudgedClaim& judged, const ClaimAct& act)
      : tx_(tx), agency_(agency), judged_(judged), act_(act) {}

  /// Puts the amounts down and waits for a second person.
  Result<Done> Propose() {
    JARING_RETURN_IF_ERROR(SetAmounts(judged_.claim.step_no + 1));
    return TakeStep(tx_, agency_, judged_.claim, ClaimState::kProposed, "", act_);
  }

  /// `reason` says on whose word, for the history.
  Result<Done> Approve(std::string_view reason) {
    if (judged_.claim.state != ClaimState::kProposed) {
      JARING_RETURN_IF_ERROR(SetAmounts(judged_.claim.step_no + 1));
    }
    JARING_RETURN_IF_ERROR(
        TakeStep(tx_, agency_, judged_.claim, ClaimState::kApproved, reason, act_));
    JARING_RETURN_IF_ERROR(GiveBack());
    JARING_RETURN_IF_ERROR(BookAmounts());
    JARING_RETURN_IF_ERROR(EndCover());
    JARING_RETURN_IF_ERROR(KeepSchedules(tx_, agency_, judged_.claim));
    return AddPayouts(tx_, judged_.claim, judged_.ground.payees, act_.now);
  }

 private:
  Result<Done> SetAmounts(int step_no) {
    std::vector<ClaimLine> lines = judged_.working->lines;
    for (ClaimLine& line : lines) {
      line.step_no = step_no;
    }
    judged_.claim.gross = judged_.working->gross();
    judged_.claim.tax = judged_.working->tax();
    return InsertLines(tx_, judged_.claim.number, lines);
  }

  /// Months and credit first: what then is in the savings is what the working was reckoned on.
  Result<Done> GiveBack() {
    const Refund& planned = judged_.ground.refund;
    if (planned.total().is_zero() && !planned.paid_since_event) {
      return Done{};
    }
    const ClaimNumber& number = judged_.claim.number;
    JARING_ASSIGN_OR_RETURN(
        const Refund given,
        GiveRefund(tx_, agency_, {number.person_id, number.claim_seq}, judged_.facts.on, act_.now));
    JARING_CHECK(given.total() == planned.total());
    return Done{};
  }

  Result<Done> BookAmounts() {
    JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx_));
    const Date day = BookingDay(open_from, act_.today());
    const Claim& claim = judged_.claim;
    const Money given_back = judged_.ground.refund.total();
    JournalBook journal;
    if (claim.kind == ClaimKind::kSavings) {
      JARING_RETURN_IF_ERROR(WithdrawSavings(
          tx_, {claim.number.person_id, claim.number.claim_seq, claim.gross - given_back}, day,
          journal));
    } else {
      for (const ClaimLine& line : judged_.working->lines) {
        if (!IsGivenBack(line.benefit)) {
          journal.Add(day, kNoPartner, ExpenseOf(line.programme), line.amount);
        }
      }
    }
    journal.Add(day, kNoPartner, Account::kMemberCredit, given_back);
    journal.Add(day, kNoPartner, Account::kTaxPayable, -claim.tax);
    journal.Add(day, kNoPartner, Account::kClaimsPayable, -claim.net());
    return journal.Post(tx_, open_from);
  }

  /// Ended already, by whatever: nothing to do.
  Result<Done> EndCover() {
    const auto reason = EndingOf(judged_.facts);
    const std::int64_t person_id = judged_.claim.number.person_id;
    if (!reason) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(const auto memberships,
                            LoadMemberships(tx_, agency_.scheme, person_id));
    if (memberships.empty() || memberships.back().ended_on) {
      return Done{};
    }
    // Cover lasts through the day of an accident or a death.
    const Date on = judged_.facts.on;
    const bool is_event = judged_.facts.kind != ClaimKind::kSavings;
    const Date ended_on = is_event && on < act_.today() ? on.AddDays(1) : on;
    return EndMembership(tx_, agency_, {memberships.back().member, ended_on, *reason}, act_.now);
  }

  Tx& tx_;
  const Agency& agency_;
  JudgedClaim& judged_;
  const ClaimAct& act_;
};

/// The person who proposed it, by the newest step.
Result<ClaimStep> NewestStep(Tx& tx, const Agency& agency, const ClaimNumber& number) {
  JARING_ASSIGN_OR_RETURN(auto steps, ListSteps(tx, agency, number));
  JARING_CHECK(!steps.empty());
  return std::move(steps.back());
}

Result<Done> CheckSecondPerson(Tx& tx, const Agency& agency, const JudgedClaim& judged,
                               const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(const ClaimStep proposal, NewestStep(tx, agency, judged.claim.number));
  if (act.who.IsSameActor(proposal.actor_kind, proposal.actor_id)) {
    return Conflict("claim.same_person");
  }
  JARING_ASSIGN_OR_RETURN(auto lines, ListLines(tx, judged.claim.number));
  std::erase_if(lines, [&](const ClaimLine& line) { return line.step_no != proposal.step_no; });
  return SameLines(lines, judged.working->lines) ? Result<Done>(Done{})
                                                 : Conflict("claim.amount_changed");
}

/// No figure: every claim is decided by two people.
bool NeedsSecondPerson(const Scheme& scheme, Money gross, Date today) {
  const FigureRow* above = FindFigure(scheme, "claim-second-person-above", today);
  return above == nullptr || gross.rupiah() > above->value;
}

Result<JudgedClaim> JudgeForDecision(Tx& tx, const Agency& agency, const ClaimNumber& number,
                                     Date today) {
  JARING_ASSIGN_OR_RETURN(JudgedClaim judged, JudgeClaim(tx, agency, number, today));
  if (judged.claim.state != ClaimState::kComplete && judged.claim.state != ClaimState::kProposed) {
    return Conflict("claim.wrong_state", std::string(ClaimStateCode(judged.claim.state)));
  }
  return judged;
}

}  // namespace

Result<Done> JudgedClaim::CheckNone(FindingKind kind, const char* rule) const {
  for (const ClaimFinding& finding : findings) {
    if (finding.kind == kind) {
      return Conflict(
          rule, std::string(finding.rule) + (finding.detail.empty() ? "" : " " + finding.detail));
    }
  }
  return Done{};
}

Result<JudgedClaim> JudgeClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                               Date today) {
  JudgedClaim judged;
  JARING_ASSIGN_OR_RETURN(judged.claim, FindClaim(tx, number));
  JARING_ASSIGN_OR_RETURN(ClaimRecords records, ReadRecords(tx, agency, number));
  judged.facts = std::move(records.facts);
  JARING_ASSIGN_OR_RETURN(judged.ground, LoadClaimGround(tx, agency, number, judged.facts));
  judged.findings = CheckClaim(agency.scheme, judged.facts, judged.ground, today);
  auto working = WorkOutClaim(agency.scheme, judged.facts, judged.ground);
  if (working) {
    judged.working = *std::move(working);
  }
  return judged;
}

Result<Claim> ApproveClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                           const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(JudgedClaim judged, JudgeForDecision(tx, agency, number, act.today()));
  JARING_RETURN_IF_ERROR(judged.CheckNone(FindingKind::kMissing, "claim.something_missing"));
  JARING_RETURN_IF_ERROR(judged.CheckNone(FindingKind::kObstacle, "claim.obstacle"));
  Approval approval(tx, agency, judged, act);
  if (judged.claim.state == ClaimState::kProposed) {
    JARING_RETURN_IF_ERROR(CheckSecondPerson(tx, agency, judged, act));
    JARING_RETURN_IF_ERROR(approval.Approve("second_person"));
  } else if (NeedsSecondPerson(agency.scheme, judged.working->gross(), act.today())) {
    JARING_RETURN_IF_ERROR(approval.Propose());
  } else {
    JARING_RETURN_IF_ERROR(approval.Approve("one_person"));
  }
  return judged.claim;
}

Result<bool> DecideByRule(Tx& tx, const Agency& agency, const ClaimNumber& number,
                          const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(JudgedClaim judged, JudgeForDecision(tx, agency, number, act.today()));
  const bool is_school_year = judged.claim.kind == ClaimKind::kScholarship;
  const FigureRow* ceiling = FindFigure(
      agency.scheme, is_school_year ? "claim-school-year-by-rule" : "jht-app-ceiling", act.today());
  const bool all_pass =
      std::all_of(judged.findings.begin(), judged.findings.end(),
                  [](const ClaimFinding& finding) { return finding.kind == FindingKind::kPassed; });
  const bool may_rule = is_school_year || judged.claim.kind == ClaimKind::kSavings;
  if (!may_rule || judged.claim.state != ClaimState::kComplete || !all_pass || ceiling == nullptr ||
      judged.working->gross().rupiah() > ceiling->value) {
    return false;
  }
  JARING_RETURN_IF_ERROR(Approval(tx, agency, judged, act).Approve("by_rule"));
  return true;
}

}  // namespace jaring
