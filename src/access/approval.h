#pragma once

// Four eyes: what one person asks for and another, with the right role, decides.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"
#include "registry/seal.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class ApprovalKind : std::int64_t {
  kReversal = 1,
  kMerge = 2,
  kUnmerge = 3,
  kCorrection = 4,
  kSponsorCommitment = 5,
  kSchemeChange = 6,
  kPayout = 7,
  kRecovery = 8,  // A new phone for a person.
};

/// "reversal", "merge", "unmerge", "correction", "sponsor-commitment", "scheme-change", "payout",
/// "recovery".
std::string_view ApprovalKindCode(ApprovalKind kind);

/// Stored, so the numbers never change.
enum class ApprovalState : std::int64_t { kWaiting = 1, kApproved = 2, kRefused = 3 };
std::string_view ApprovalStateCode(ApprovalState state);

/// What is asked for.
struct ApprovalAsk {
  ApprovalKind kind = ApprovalKind::kReversal;
  std::int64_t person_id = 0;  // 0: nobody in particular.
  std::int64_t branch_id = 0;  // Whose approvers may decide; 0: those of the nation.
  std::string subject;         // Never personal data.
  std::string payload;         // JSON of ours; stored sealed.
  std::string reason;          // Needed.
};

struct Approval {
  std::int64_t approval_id = 0;
  ApprovalAsk ask;
  Instant asked_at = Instant::FromMicros(0);
  ActorKind asked_by_kind = ActorKind::kAnonymous;
  std::int64_t asked_by_id = 0;
  ApprovalState state = ApprovalState::kWaiting;
  std::optional<Instant> decided_at;
  ActorKind decided_by_kind = ActorKind::kAnonymous;
  std::int64_t decided_by_id = 0;
  std::string decision_reason;
};

/// Errors: approval.reason_missing, approval.waiting_already (the same kind for the same person and
/// subject), and those of Tx.
Result<std::int64_t> AskApproval(Tx& tx, const Sealer& sealer, const ApprovalAsk& ask,
                                 const Principal& who, Instant now);

/// Errors: approval.unknown.
Result<Approval> FindApproval(Tx& tx, const Sealer& sealer, std::int64_t approval_id);

/// In the order asked; without payloads.
Result<std::vector<Approval>> ListApprovals(Tx& tx, ApprovalState state, std::int64_t after,
                                            std::int64_t limit);

enum class Decision : std::uint8_t { kApprove, kRefuse };

/// Notes the decision; doing what was approved is for the caller, in the same transaction.
///
/// Errors: approval.unknown, approval.decided_already, approval.same_person (who asked may not
/// decide), approval.reason_missing (for a refusal).
Result<Approval> DecideApproval(Tx& tx, const Sealer& sealer, std::int64_t approval_id,
                                Decision decision, std::string_view reason, const Principal& who,
                                Instant now);

}  // namespace jaring
