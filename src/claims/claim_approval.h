#pragma once

// Judging a claim, and what its approval does to the books.

#include "claims/claim_desk.h"

namespace jaring {

/// A claim held against the rules and the registers.
struct JudgedClaim {
  Claim claim;
  ClaimFacts facts;
  ClaimGround ground;
  std::vector<ClaimFinding> findings;
  std::optional<ClaimWorking> working;  // Nothing where the rules give none; a finding says why.

  /// An error of this rule when a finding of the kind stands; its own rule is the detail.
  Result<Done> CheckNone(FindingKind kind, const char* rule) const;
};

/// Errors: claim.unknown.
Result<JudgedClaim> JudgeClaim(Tx& tx, const Agency& agency, const ClaimNumber& number, Date today);

}  // namespace jaring
