#include "claims/claim_desk.h"

#include <algorithm>
#include <array>

#include "claims/claim_approval.h"
#include "claims/claims_sql.h"
#include "claims/schedule_desk.h"
#include "registry/kept_person.h"
#include "rules/claim_clock.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 7> kRefusalReasons = {
    "not_covered", "not_work_related", "papers_not_genuine",
    "too_late",    "not_entitled",     "claimed_already",
    "other"};

Result<Done> CheckEvent(const Agency& agency, const ClaimFacts& facts, Date today) {
  if (facts.on > today) {
    return Invalid("claim.event_in_future");
  }
  if (facts.on < FirstDay(agency.scheme.begins)) {
    return Invalid("claim.event_before_scheme");
  }
  if (facts.established_on && (*facts.established_on < facts.on || *facts.established_on > today)) {
    return Invalid("claim.finding_day_wrong");
  }
  const bool all_born =
      std::all_of(facts.pupils.begin(), facts.pupils.end(),
                  [today](const PupilTold& pupil) { return pupil.birth <= today; });
  return all_born ? Result<Done>(Done{}) : Invalid("claim.pupil_unborn");
}

/// Payees are noted, so that their accounts are known again.
Result<Done> StorePayees(Tx& tx, const Agency& agency, const ClaimNumber& number,
                         const std::vector<ClaimPayee>& payees, const ClaimAct& act) {
  JARING_RETURN_IF_ERROR(CheckPayees(payees));
  JARING_RETURN_IF_ERROR(
      AddRecord(tx, agency, number, ClaimRecordKind::kPayees, WritePayees(payees), act));
  for (const ClaimPayee& payee : payees) {
    JARING_RETURN_IF_ERROR(
        NoteTrait(tx, agency, "account", payee.institution + " " + payee.account, number));
  }
  return Done{};
}

/// The second report of an accident is told when the day of the finding is first told.
ClaimFacts Stamped(ClaimFacts facts, const std::optional<ClaimFacts>& before, Date today) {
  const bool is_known = before && before->established_on == facts.established_on;
  facts.established_told = is_known               ? before->established_told
                           : facts.established_on ? std::optional(today)
                                                  : std::nullopt;
  return facts;
}

/// Facts are noted, so that their doctor is known again.
Result<Done> StoreFacts(Tx& tx, const Agency& agency, const ClaimNumber& number,
                        const ClaimFacts& facts, const ClaimAct& act) {
  if (!IsDoctorName(facts.doctor)) {
    return Invalid("claim.doctor_malformed");
  }
  JARING_RETURN_IF_ERROR(
      AddRecord(tx, agency, number, ClaimRecordKind::kFacts, WriteFacts(facts), act));
  return facts.doctor.empty() ? Result<Done>(Done{})
                              : NoteTrait(tx, agency, "doctor", FoldWords(facts.doctor), number);
}

bool IsOpenForChange(ClaimState state) {
  return state == ClaimState::kDraft || state == ClaimState::kReported ||
         state == ClaimState::kComplete || state == ClaimState::kProposed;
}

bool SharesDiffer(const std::vector<ClaimPayee>& before, const std::vector<ClaimPayee>& after) {
  return !std::equal(before.begin(), before.end(), after.begin(), after.end(),
                     [](const ClaimPayee& a, const ClaimPayee& b) { return a.share == b.share; });
}

/// What was complete is so no more.
void Reopen(Claim& claim) {
  claim.complete_on.reset();
  claim.due_on.reset();
  claim.gross = Money();
  claim.tax = Money();
}

Result<Done> StoreChange(Tx& tx, const Agency& agency, Claim& claim, const ClaimChange& change,
                         const ClaimAct& act) {
  if (change.facts) {
    if (change.facts->kind != claim.kind) {
      return Invalid("claim.kind_differs");
    }
    if (IsInstalment(claim.kind) && change.facts->on != claim.event_on) {
      return Invalid("claim.event_fixed");
    }
    JARING_RETURN_IF_ERROR(CheckEvent(agency, *change.facts, act.today()));
    claim.event_on = change.facts->on;
    JARING_ASSIGN_OR_RETURN(const ClaimRecords before, ReadRecords(tx, agency, claim.number));
    const ClaimFacts facts = Stamped(*change.facts, before.facts, act.today());
    JARING_RETURN_IF_ERROR(StoreFacts(tx, agency, claim.number, facts, act));
  }
  return change.payees ? StorePayees(tx, agency, claim.number, *change.payees, act)
                       : Result<Done>(Done{});
}

/// Money came back: another account for the same share.
Result<Claim> MendPayees(Tx& tx, const Agency& agency, Claim claim, const ClaimChange& change,
                         const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(const ClaimRecords records, ReadRecords(tx, agency, claim.number));
  if (change.facts || !change.payees) {
    return Conflict("claim.not_open");
  }
  if (SharesDiffer(records.payees, *change.payees)) {
    return Conflict("claim.shares_fixed");
  }
  JARING_RETURN_IF_ERROR(StorePayees(tx, agency, claim.number, *change.payees, act));
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, ClaimState::kReturned, "payees_changed", act));
  return claim;
}

}  // namespace

std::span<const std::string_view> RefusalReasons() {
  return kRefusalReasons;
}

Result<Claim> ReportClaim(Tx& tx, const Agency& agency, const ClaimReport& report,
                          const ClaimAct& act) {
  if (IsInstalment(report.facts.kind)) {
    return Invalid("claim.comes_by_itself");
  }
  JARING_RETURN_IF_ERROR(CheckEvent(agency, report.facts, act.today()));
  ClaimReport of_kept = report;
  JARING_ASSIGN_OR_RETURN(of_kept.person_id, KeptPersonOf(tx, report.person_id));
  JARING_ASSIGN_OR_RETURN(const ClaimGround ground,
                          LoadClaimGround(tx, agency, {of_kept.person_id, 0}, report.facts));
  JARING_ASSIGN_OR_RETURN(const Claim claim,
                          StoreClaim(tx, agency, ground.branch_id, of_kept, act));
  JARING_RETURN_IF_ERROR(KeepSchedules(tx, agency, claim));
  return claim;
}

Result<Claim> StoreClaim(Tx& tx, const Agency& agency, std::int64_t branch_id,
                         const ClaimReport& report, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, NextClaimNumber(tx, report.person_id));
  Claim claim{.number = number,
              .kind = report.facts.kind,
              .event_on = report.facts.on,
              .branch_id = branch_id,
              .begun_at = report.begun_at.value_or(act.now)};
  JARING_RETURN_IF_ERROR(InsertClaim(tx, claim));
  const ClaimFacts facts = Stamped(report.facts, std::nullopt, act.today());
  JARING_RETURN_IF_ERROR(StoreFacts(tx, agency, number, facts, act));
  if (!report.payees.empty()) {
    JARING_RETURN_IF_ERROR(StorePayees(tx, agency, number, report.payees, act));
  }
  const ClaimState state = report.is_draft ? ClaimState::kDraft : ClaimState::kReported;
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, state, "", act));
  return claim;
}

Result<Claim> ChangeClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                          const ClaimChange& change, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(Claim claim, FindClaim(tx, number));
  if (claim.state == ClaimState::kReturned) {
    return MendPayees(tx, agency, claim, change, act);
  }
  if (!IsOpenForChange(claim.state)) {
    return Conflict("claim.not_open", std::string(ClaimStateCode(claim.state)));
  }
  JARING_RETURN_IF_ERROR(StoreChange(tx, agency, claim, change, act));
  const bool stays_draft = claim.state == ClaimState::kDraft && !change.hand_in;
  Reopen(claim);
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim,
                                  stays_draft ? ClaimState::kDraft : ClaimState::kReported,
                                  "told_anew", act));
  JARING_RETURN_IF_ERROR(KeepSchedules(tx, agency, claim));
  return claim;
}

Result<ClaimView> ViewClaim(Tx& tx, const Agency& agency, const ClaimNumber& number, Date today) {
  JARING_ASSIGN_OR_RETURN(const JudgedClaim judged, JudgeClaim(tx, agency, number, today));
  ClaimView view{.claim = judged.claim,
                 .name = judged.ground.name,
                 .facts = judged.facts,
                 .payees = judged.ground.payees,
                 .findings = judged.findings,
                 .papers = {},
                 .lines = {},
                 .withheld = {},
                 .steps = {},
                 .first_report_by = {},
                 .second_report_by = {}};
  if (view.claim.kind == ClaimKind::kAccident) {
    view.first_report_by = LastDayToReport(agency.scheme, view.facts.on);
    view.second_report_by = view.facts.established_on
                                ? LastDayToReport(agency.scheme, *view.facts.established_on)
                                : std::nullopt;
  }
  if (judged.working) {
    view.lines = judged.working->lines;
    view.withheld = judged.working->withheld;
  }
  JARING_ASSIGN_OR_RETURN(auto decided, ListLines(tx, number));
  const bool is_decided = !view.claim.gross.is_zero();
  if (is_decided && !decided.empty()) {
    const int step = decided.back().step_no;
    std::erase_if(decided, [step](const ClaimLine& line) { return line.step_no != step; });
    view.lines = std::move(decided);
  }
  Money gross;
  for (const ClaimLine& line : view.lines) {
    gross += line.benefit == kTaxLine ? Money() : line.amount;
  }
  view.papers = PapersOf(agency.scheme, view.facts, judged.ground.papers, gross);
  JARING_ASSIGN_OR_RETURN(view.steps, ListSteps(tx, agency, number));
  return view;
}

Result<Claim> CompleteClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                            const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(JudgedClaim judged, JudgeClaim(tx, agency, number, act.today()));
  if (judged.claim.state != ClaimState::kReported) {
    return Conflict("claim.wrong_state", std::string(ClaimStateCode(judged.claim.state)));
  }
  JARING_RETURN_IF_ERROR(judged.CheckNone(FindingKind::kMissing, "claim.something_missing"));
  Claim& claim = judged.claim;
  claim.complete_on = act.today();
  const auto& instalment = judged.ground.instalment;
  claim.due_on = PayDeadline(
      agency.scheme, ProgrammeOf(instalment ? instalment->right.kind : claim.kind), act.today());
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, ClaimState::kComplete, "", act));
  JARING_RETURN_IF_ERROR(KeepSchedules(tx, agency, claim));
  return claim;
}

Result<Claim> RefuseClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                          std::string_view reason, const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(Claim claim, FindClaim(tx, number));
  if (std::find(kRefusalReasons.begin(), kRefusalReasons.end(), reason) == kRefusalReasons.end()) {
    return Invalid("claim.reason_missing");
  }
  if (act.note.empty()) {
    return Invalid("claim.note_missing");
  }
  if (claim.state != ClaimState::kReported && claim.state != ClaimState::kComplete &&
      claim.state != ClaimState::kProposed) {
    return Conflict("claim.wrong_state", std::string(ClaimStateCode(claim.state)));
  }
  claim.gross = Money();
  claim.tax = Money();
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, ClaimState::kRefused, reason, act));
  JARING_RETURN_IF_ERROR(KeepSchedules(tx, agency, claim));
  return claim;
}

Result<Claim> ObjectToRefusal(Tx& tx, const Agency& agency, const ClaimNumber& number,
                              const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(Claim claim, FindClaim(tx, number));
  if (claim.state != ClaimState::kRefused) {
    return Conflict("claim.wrong_state", std::string(ClaimStateCode(claim.state)));
  }
  if (act.note.empty()) {
    return Invalid("claim.note_missing");
  }
  Reopen(claim);
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, ClaimState::kReported, "objection", act));
  JARING_RETURN_IF_ERROR(KeepSchedules(tx, agency, claim));
  return claim;
}

Result<Claim> WithdrawClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                            const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(Claim claim, FindClaim(tx, number));
  if (!IsOpenForChange(claim.state)) {
    return Conflict("claim.not_open", std::string(ClaimStateCode(claim.state)));
  }
  Reopen(claim);
  JARING_RETURN_IF_ERROR(TakeStep(tx, agency, claim, ClaimState::kWithdrawn, "", act));
  JARING_RETURN_IF_ERROR(KeepSchedules(tx, agency, claim));
  return claim;
}

}  // namespace jaring
