#pragma once

// What may happen to a claim, from the report to the decision. Every step is kept with who took it.

#include <span>
#include <vector>

#include "claims/claim_check.h"
#include "claims/claim_working.h"

namespace jaring {

struct ClaimReport {
  std::int64_t person_id = 0;
  ClaimFacts facts;
  std::vector<ClaimPayee> payees;        // May come later.
  bool is_draft = false;                 // Not handed in yet.
  std::optional<Instant> begun_at = {};  // When a notice told it first; else now.
};

/// Stores a claim and what is told of it.
///
/// Errors: claim.comes_by_itself (an instalment), claim.pupil_unborn, member.unknown,
/// claim.event_in_future, claim.event_before_scheme, claim.too_many, those of CheckPayees.
Result<Claim> ReportClaim(Tx& tx, const Agency& agency, const ClaimReport& report,
                          const ClaimAct& act);

/// The same for whoever has looked at the report already.
///
/// Errors: claim.too_many, those of CheckPayees.
Result<Claim> StoreClaim(Tx& tx, const Agency& agency, std::int64_t branch_id,
                         const ClaimReport& report, const ClaimAct& act);

/// What is told of a claim anew; absent parts stay. A draft is handed in by `hand_in`. A claim that
/// was complete has to be completed again.
struct ClaimChange {
  std::optional<ClaimFacts> facts;  // Of the same kind; of an instalment of the same day.
  std::optional<std::vector<ClaimPayee>> payees;
  bool hand_in = false;
};

/// Of a returned claim only the payees may change, not their shares.
///
/// Errors: claim.unknown, claim.not_open (decided already), claim.kind_differs, claim.event_fixed,
/// claim.shares_fixed, those of ReportClaim.
Result<Claim> ChangeClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                          const ClaimChange& change, const ClaimAct& act);

/// A claim with everything that is known of it.
struct ClaimView {
  Claim claim;
  std::string name;  // Of the member, in full; doors mask it.
  ClaimFacts facts;
  std::vector<ClaimPayee> payees;
  std::vector<ClaimFinding> findings;
  std::vector<PaperNeed> papers;
  std::vector<ClaimLine> lines;  // Decided; before that, what it would come to now.
  std::vector<Withheld> withheld;
  std::vector<ClaimStep> steps;
  std::optional<Date> first_report_by;   // Of an accident: the last days to report it,
  std::optional<Date> second_report_by;  // and how it ended, once that is established.
};

/// Errors: claim.unknown.
Result<ClaimView> ViewClaim(Tx& tx, const Agency& agency, const ClaimNumber& number, Date today);

/// Says that nothing is missing: the legal clock runs from today.
///
/// Errors: claim.unknown, claim.wrong_state, claim.something_missing (first rule as detail).
Result<Claim> CompleteClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                            const ClaimAct& act);

/// Approves with the amounts that the rules give now. Above the dated limit the claim is proposed
/// and waits for a second person, who approves it by the same call. On approval the books take
/// what is owed, savings are taken out, the membership ends where the event ends it, and each
/// payee's payout waits for a run.
///
/// Errors: claim.unknown, claim.wrong_state, claim.obstacle (its rule as detail),
/// claim.something_missing, claim.same_person (proposed by her), claim.amount_changed (what was
/// proposed no longer is what the rules give: complete it again), and those of EndMembership.
Result<Claim> ApproveClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                           const ClaimAct& act);

/// Errors: claim.unknown, claim.wrong_state, claim.reason_missing, claim.note_missing.
Result<Claim> RefuseClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                          std::string_view reason, const ClaimAct& act);

/// The reasons a claim is refused for: "not_covered", "not_work_related", "papers_not_genuine",
/// "too_late", "not_entitled", "claimed_already", "other".
std::span<const std::string_view> RefusalReasons();

/// Whoever was refused objects: the claim is looked at again from the start.
///
/// Errors: claim.unknown, claim.wrong_state, claim.note_missing.
Result<Claim> ObjectToRefusal(Tx& tx, const Agency& agency, const ClaimNumber& number,
                              const ClaimAct& act);

/// Errors: claim.unknown, claim.not_open.
Result<Claim> WithdrawClaim(Tx& tx, const Agency& agency, const ClaimNumber& number,
                            const ClaimAct& act);

/// Decides a small claim on savings or a school year without a person: all checks pass, nothing to
/// ask, and no more than the scheme's ceiling. False: it waits for a person, nothing was done.
///
/// Errors: claim.unknown, claim.wrong_state, and those of EndMembership.
Result<bool> DecideByRule(Tx& tx, const Agency& agency, const ClaimNumber& number,
                          const ClaimAct& act);

}  // namespace jaring
