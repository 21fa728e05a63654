#include "access/approval.h"

#include <array>

#include "access/access_sql.h"
#include "base/text.h"
#include "ledger/sequence.h"

namespace jaring {
namespace {

constexpr std::string_view kPayloadPlace = "approval_request/payload";

/// Columns of kFindApproval; the payload stays sealed.
Approval ReadApproval(const Row& row) {
  Approval approval;
  approval.approval_id = row.Int(0);
  approval.ask.kind = static_cast<ApprovalKind>(row.Int(1));
  approval.ask.person_id = row.Int(2);
  approval.ask.branch_id = row.Int(3);
  approval.ask.subject = row.Text(4);
  approval.ask.reason = row.Text(6);
  approval.asked_at = Instant::FromMicros(row.Int(7));
  approval.asked_by_kind = static_cast<ActorKind>(row.Int(8));
  approval.asked_by_id = row.Int(9);
  approval.state = static_cast<ApprovalState>(row.Int(10));
  if (!row.IsNull(11)) {
    approval.decided_at = Instant::FromMicros(row.Int(11));
    approval.decided_by_kind = static_cast<ActorKind>(row.Int(12));
    approval.decided_by_id = row.Int(13);
    approval.decision_reason = row.Text(14);
  }
  return approval;
}

}  // namespace

std::string_view ApprovalKindCode(ApprovalKind kind) {
  constexpr std::array<std::string_view, 9> kCodes = {
      "",       "reversal", "merge", "unmerge", "correction", "sponsor-commitment", "scheme-change",
      "payout", "recovery"};
  return kCodes.at(static_cast<std::size_t>(kind));
}

std::string_view ApprovalStateCode(ApprovalState state) {
  constexpr std::array<std::string_view, 4> kCodes = {"", "waiting", "approved", "refused"};
  return kCodes.at(static_cast<std::size_t>(state));
}

Result<std::int64_t> AskApproval(Tx& tx, const Sealer& sealer, const ApprovalAsk& ask,
                                 const Principal& who, Instant now) {
  if (Trim(ask.reason).empty()) {
    return Invalid("approval.reason_missing");
  }
  bool waiting = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindWaitingApproval,
                                  {static_cast<std::int64_t>(ask.kind), ask.person_id, ask.subject},
                                  [&](const Row&) { waiting = true; }));
  if (waiting) {
    return Conflict("approval.waiting_already");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, TakeNumbers(tx, "approval_request", 1));
  JARING_ASSIGN_OR_RETURN(const std::string sealed, sealer.SealText(ask.payload, kPayloadPlace));
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertApproval,
      {id, static_cast<std::int64_t>(ask.kind), ask.person_id, ask.branch_id, ask.subject,
       Bytes{sealed}, ask.reason, now.micros(), static_cast<std::int64_t>(who.kind), who.id}));
  return id;
}

Result<Approval> FindApproval(Tx& tx, const Sealer& sealer, std::int64_t approval_id) {
  std::optional<Approval> found;
  std::string sealed;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindApproval, {approval_id}, [&](const Row& row) {
    found = ReadApproval(row);
    sealed = row.Blob(5);
  }));
  if (!found) {
    return NotFound("approval.unknown");
  }
  JARING_ASSIGN_OR_RETURN(found->ask.payload, sealer.UnsealText(sealed, kPayloadPlace));
  return *std::move(found);
}

Result<std::vector<Approval>> ListApprovals(Tx& tx, ApprovalState state, std::int64_t after,
                                            std::int64_t limit) {
  std::vector<Approval> approvals;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListApprovals,
                                  {static_cast<std::int64_t>(state), after, limit},
                                  [&](const Row& row) { approvals.push_back(ReadApproval(row)); }));
  return approvals;
}

Result<Approval> DecideApproval(Tx& tx, const Sealer& sealer, std::int64_t approval_id,
                                Decision decision, std::string_view reason, const Principal& who,
                                Instant now) {
  JARING_ASSIGN_OR_RETURN(Approval approval, FindApproval(tx, sealer, approval_id));
  if (approval.state != ApprovalState::kWaiting) {
    return Conflict("approval.decided_already");
  }
  if (who.IsSameActor(approval.asked_by_kind, approval.asked_by_id)) {
    return Conflict("approval.same_person");
  }
  if (decision == Decision::kRefuse && Trim(reason).empty()) {
    return Invalid("approval.reason_missing");
  }
  approval.state =
      decision == Decision::kApprove ? ApprovalState::kApproved : ApprovalState::kRefused;
  approval.decided_at = now;
  approval.decided_by_kind = who.kind;
  approval.decided_by_id = who.id;
  approval.decision_reason = reason;
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.Run(sql::kDecideApproval,
             {approval_id, static_cast<std::int64_t>(approval.state), now.micros(),
              static_cast<std::int64_t>(who.kind), who.id, reason}));
  return changed == 1 ? Result<Approval>(std::move(approval))
                      : Conflict("approval.decided_already");
}

}  // namespace jaring
