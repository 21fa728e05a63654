#pragma once

#include "access/approval.h"
#include "channels/http/gate.h"

namespace jaring {

/// GET /v1/approvals[?state=][&cursor=][&limit=], GET /v1/approvals/{approval_id},
/// POST /v1/approvals/{approval_id}/decisions {"decision","reason"}: what waits for a second
/// person; deciding does what was asked for, in the same transaction.
/// POST /v1/reversals {"partner","reference","reason"}: asks that a payment be taken back.
void AddApprovalRoutes(Router& router, Gate& gate, const SiteParts& parts);

/// What the caller may see of it: by the person's place, or by the branch it was asked at.
///
/// Errors: approval.unknown (also out of scope).
Result<Approval> SeeApproval(Tx& tx, const Agency& agency, const Call& call,
                             std::int64_t approval_id);

/// In the caller's scope, from the one after `after` on, `limit` of them; `after` moves on and is 0
/// when there are no more.
Result<std::vector<Approval>> ListSeenApprovals(Tx& tx, const Call& call, ApprovalState state,
                                                std::int64_t& after, std::int64_t limit);

/// Decides, and does what was asked for when it is approved; noted in the audit trail.
///
/// Errors: those of SeeApproval, DecideApproval and DoApproved.
Result<Approval> DecideSeen(Tx& tx, const Agency& agency, Call& call, std::int64_t approval_id,
                            Decision decision, const std::string& reason);

/// The answer to who asks: 202, {"approval_id","state":"waiting"}.
HttpResponse AskedResponse(std::int64_t approval_id);

}  // namespace jaring
