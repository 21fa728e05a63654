#include "claims/claim_check.h"

#include <algorithm>

#include "base/text.h"
#include "claims/claim_working.h"
#include "rules/claim_clock.h"
#include "rules/heir_order.h"

namespace jaring {
namespace {

ClaimCover CoverOf(const Scheme& scheme, const ClaimFacts& facts, const ClaimGround& ground) {
  return CoverForClaim(scheme, ground.spells, ground.payments, ProgrammeOf(facts.kind), facts.on);
}

bool IsGood(ClaimCoverVerdict verdict) {
  return verdict == ClaimCoverVerdict::kCovered || verdict == ClaimCoverVerdict::kPaidAfterwards;
}

class ClaimChecker {
 public:
  ClaimChecker(const Scheme& scheme, const ClaimFacts& facts, const ClaimGround& ground, Date today)
      : scheme_(scheme), facts_(facts), ground_(ground), today_(today) {}

  std::vector<ClaimFinding> Run() {
    if (IsInstalment(facts_.kind)) {
      CheckRight();
    } else {
      CheckCover();
      CheckTime();
      CheckOtherClaims();
    }
    CheckAmountAndPapers();
    CheckPayeesOfClaim();
    AskAboutTraits();
    return std::move(findings_);
  }

 private:
  void Add(FindingKind kind, std::string_view rule, std::string detail = "") {
    findings_.push_back({kind, rule, std::move(detail)});
  }
  void AddIf(bool stands, FindingKind kind, std::string_view rule, std::string detail = "") {
    Add(stands ? kind : FindingKind::kPassed, rule, stands ? std::move(detail) : "");
  }

  /// A school year needs the claim approved, a month one that is not decided yet: what is decided
  /// gave the whole. Nobody is unable to work after her death.
  void CheckRight() {
    if (!ground_.instalment) {
      Add(FindingKind::kObstacle, "check.right");
      return;
    }
    const InstalmentGround& of = *ground_.instalment;
    const ClaimState state = of.right.state;
    const bool waits = state == ClaimState::kReported || state == ClaimState::kComplete;
    const bool is_month = facts_.kind == ClaimKind::kIncapacity;
    AddIf(!(is_month ? waits : IsOwed(state)), FindingKind::kObstacle, "check.right",
          of.right.number.ToString() + " " + std::string(ClaimStateCode(state)));
    if (is_month) {
      CheckCover();
      CheckNoOtherRight(of);
      CheckDiedBefore(DayOf(of.due_on.month() - 1, of.due_on.day()));
    }
  }

  /// Told twice, the months of an event would come twice.
  void CheckNoOtherRight(const InstalmentGround& of) {
    std::string same;
    for (const Claim& other : ground_.others) {
      if (other.kind == ClaimKind::kAccident && other.event_on == facts_.on &&
          other.number != of.right.number && other.state != ClaimState::kRefused) {
        same = other.number.ToString();
      }
    }
    AddIf(!same.empty(), FindingKind::kObstacle, "check.same_event", same);
  }

  void CheckCover() {
    if (facts_.kind == ClaimKind::kSavings) {
      return;  // Savings are hers, covered or not.
    }
    const ClaimCover cover = CoverOf(scheme_, facts_, ground_);
    const FindingKind otherwise = cover.verdict == ClaimCoverVerdict::kTakenBack
                                      ? FindingKind::kQuestion
                                      : FindingKind::kObstacle;
    Add(IsGood(cover.verdict) ? FindingKind::kPassed : otherwise, "check.covered",
        std::string(ClaimCoverVerdictCode(cover.verdict)));
    AskAboutEarlyEvent();
  }

  void AskAboutEarlyEvent() {
    std::optional<Date> began;
    for (const CoveredSpell& spell : ground_.spells) {
      if (spell.first_month) {
        const Date from = spell.cover_from.value_or(FirstDay(*spell.first_month));
        began = from <= facts_.on ? std::max(began.value_or(from), from) : began;
      }
    }
    const FigureRow* days = FindFigure(scheme_, "claim-question-days-after-joining", facts_.on);
    if (began && days != nullptr) {
      const std::int64_t after = facts_.on.days() - began->days();
      AddIf(after <= days->value, FindingKind::kQuestion, "check.early_event",
            std::to_string(after));
    }
  }

  void CheckTime() {
    if (facts_.kind == ClaimKind::kAccident) {
      const auto last = LastDayToClaim(scheme_, facts_.on);
      AddIf(last && today_ > *last, FindingKind::kObstacle, "check.too_late",
            last ? last->ToString() : "");
      AddIf(facts_.outcome == AccidentOutcome::kInTreatment, FindingKind::kMissing,
            "check.outcome");
      AskAboutReports();
    }
  }

  /// Two reports, each soon after what it tells: the accident, and how it ended.
  void AskAboutReports() {
    AskAboutReport(facts_.on, ground_.begun_on, "check.first_report_late");
    if (facts_.established_on) {
      AskAboutReport(*facts_.established_on, facts_.established_told, "check.second_report_late");
    }
  }

  void AskAboutReport(Date since, const std::optional<Date>& told, std::string_view rule) {
    const auto last = LastDayToReport(scheme_, since);
    if (last && told) {
      AddIf(*told > *last, FindingKind::kQuestion, rule, last->ToString());
    }
  }

  void CheckOtherClaims() {
    std::string same;
    for (const Claim& other : ground_.others) {
      const bool is_open_or_paid = other.state != ClaimState::kRefused;
      const bool is_same = other.kind == facts_.kind &&
                           (other.kind == ClaimKind::kDeath || other.event_on == facts_.on ||
                            (other.kind == ClaimKind::kSavings && !IsClosed(other.state)));
      if (is_open_or_paid && (is_same || IsSameDeath(other))) {
        same = other.number.ToString();
      }
    }
    AddIf(!same.empty(), FindingKind::kObstacle, "check.same_event", same);
    CheckDiedBefore(facts_.on);
  }

  /// Nobody dies twice: of an accident, and otherwise.
  bool IsSameDeath(const Claim& other) const {
    return ground_.death_by_accident == other.number ||
           (facts_.kind == ClaimKind::kAccident && facts_.is_of_death() &&
            other.kind == ClaimKind::kDeath);
  }

  void CheckDiedBefore(Date day) {
    std::string died;
    for (const Claim& other : ground_.others) {
      if (other.state != ClaimState::kRefused && other.kind == ClaimKind::kDeath &&
          !facts_.is_of_death() && other.event_on < day) {
        died = other.number.ToString();
      }
    }
    AddIf(!died.empty(), FindingKind::kObstacle, "check.died_before", died);
  }

  void CheckAmountAndPapers() {
    const auto working = WorkOutClaim(scheme_, facts_, ground_);
    const Money gross = working ? working->gross() : Money();
    const bool is_paid_before = !ground_.paid_before.is_zero();
    AddIf(gross <= Money(), FindingKind::kObstacle, "check.amount",
          !working         ? working.error().rule
          : is_paid_before ? std::string(kPaidBeforeLine)
                           : "");
    for (const PaperNeed& need : PapersOf(scheme_, facts_, ground_.papers, gross)) {
      Add(need.is_there ? FindingKind::kPassed : FindingKind::kMissing, "check.papers",
          need.paper->code);
    }
  }

  void CheckPayeesOfClaim() {
    AddIf(ground_.payees.empty(), FindingKind::kMissing, "check.payee");
    if (facts_.is_of_death()) {
      AddIf(facts_.heirs.empty(), FindingKind::kMissing, "check.heirs");
      const HeirOrder order = OrderHeirs(scheme_, facts_.heirs, facts_.on);
      const bool in_order =
          std::all_of(ground_.payees.begin(), ground_.payees.end(), [&](const ClaimPayee& payee) {
            return payee.relation &&
                   std::any_of(order.entitled.begin(), order.entitled.end(),
                               [&](std::size_t i) { return facts_.heirs[i] == *payee.relation; });
          });
      AddIf(!in_order, FindingKind::kObstacle, "check.heir_order");
      return;
    }
    if (facts_.kind == ClaimKind::kScholarship) {
      const bool all_of_pupil =
          std::all_of(ground_.payees.begin(), ground_.payees.end(), IsOfPupil);
      AddIf(!all_of_pupil, FindingKind::kObstacle, "check.guardian");
      return;
    }
    const bool all_own =
        std::all_of(ground_.payees.begin(), ground_.payees.end(),
                    [](const ClaimPayee& payee) { return !payee.relation.has_value(); });
    AddIf(!all_own, FindingKind::kObstacle, "check.heir_order");
    const bool same_name =
        std::all_of(ground_.payees.begin(), ground_.payees.end(), [this](const ClaimPayee& payee) {
          return FoldWords(payee.name) == FoldWords(ground_.name);
        });
    AddIf(!same_name, FindingKind::kQuestion, "check.account_name");
  }

  void AskAboutTraits() {
    const FigureRow* most = FindFigure(scheme_, "claim-question-people-per-account", facts_.on);
    if (most != nullptr) {
      AddIf(ground_.people_of_account > most->value, FindingKind::kQuestion,
            "check.account_of_many", std::to_string(ground_.people_of_account));
    }
    const FigureRow* patients = FindFigure(scheme_, "claim-question-people-per-doctor", facts_.on);
    if (patients != nullptr) {
      AddIf(ground_.people_of_doctor > patients->value, FindingKind::kQuestion,
            "check.doctor_of_many", std::to_string(ground_.people_of_doctor));
    }
    AddIf(ground_.people_of_paper > 1, FindingKind::kQuestion, "check.paper_of_many",
          std::to_string(ground_.people_of_paper));
  }

  const Scheme& scheme_;
  const ClaimFacts& facts_;
  const ClaimGround& ground_;
  const Date today_;
  std::vector<ClaimFinding> findings_;
};

}  // namespace

std::string_view FindingKindCode(FindingKind kind) {
  constexpr std::string_view kCodes[] = {"obstacle", "missing", "question", "passed"};
  return kCodes[static_cast<std::size_t>(kind)];
}

std::vector<ClaimFinding> CheckClaim(const Scheme& scheme, const ClaimFacts& facts,
                                     const ClaimGround& ground, Date today) {
  return ClaimChecker(scheme, facts, ground, today).Run();
}

bool IsCovered(const Scheme& scheme, const ClaimFacts& facts, const ClaimGround& ground) {
  return IsGood(CoverOf(scheme, facts, ground).verdict);
}

bool HasKind(const std::vector<ClaimFinding>& findings, FindingKind kind) {
  return std::any_of(findings.begin(), findings.end(),
                     [kind](const ClaimFinding& finding) { return finding.kind == kind; });
}

}  // namespace jaring
