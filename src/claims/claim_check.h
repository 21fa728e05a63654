#pragma once

// What the system can know about a claim by itself, and says: what stands in its way, and what
// somebody should ask about. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "claims/claim_ground.h"

namespace jaring {

enum class FindingKind : std::uint8_t {
  kObstacle,  // The claim cannot be approved while it stands.
  kMissing,   // Something has to be brought or told first.
  kQuestion,  // For the officer to ask; no verdict.
  kPassed,    // Looked at, and in order.
};

/// "obstacle", "missing", "question", "passed".
std::string_view FindingKindCode(FindingKind kind);

struct ClaimFinding {
  FindingKind kind = FindingKind::kPassed;
  std::string_view rule;  // A constant: a sentence of data/messages.toml.
  std::string detail;     // A code, a number or a day that goes with it; never personal data.
};

/// Everything that was looked at, in a fixed order. `today`: until when a claim may be made.
///
/// Obstacles: check.covered (verdict of the cover as detail; a question when the money was taken
/// back since), check.too_late, check.same_event (another claim of it), check.died_before (a
/// savings or accident claim of somebody who is told dead before the event), check.heir_order (a
/// payee who is not of the rank that inherits), check.right (of an instalment: the claim it comes
/// from no longer gives it), check.guardian (of a scholarship: a payee who is neither the child nor
/// its guardian), check.amount (the rules give nothing; their rule as
/// detail). Missing: check.papers (its code), check.payee, check.heirs (no heir is told),
/// check.outcome (still in treatment). Questions: check.early_event, check.account_of_many,
/// check.paper_of_many, check.doctor_of_many, check.account_name, check.first_report_late and
/// check.second_report_late (the last day as detail).
std::vector<ClaimFinding> CheckClaim(const Scheme& scheme, const ClaimFacts& facts,
                                     const ClaimGround& ground, Date today);

/// Whether somebody was covered on the day of the event; paid afterwards where that is allowed.
bool IsCovered(const Scheme& scheme, const ClaimFacts& facts, const ClaimGround& ground);

bool HasKind(const std::vector<ClaimFinding>& findings, FindingKind kind);

}  // namespace jaring
