#pragma once

// What a second person decides: asking for it, showing it, and doing it once it is approved. The
// same at every door.

#include <span>
#include <string>
#include <string_view>

#include "access/approval.h"
#include "access/audit.h"
#include "channels/json/person_json.h"
#include "collection/person_merge.h"
#include "registry/agency.h"
#include "registry/correction.h"

namespace jaring {

/// Who asks, when and why.
struct Asking {
  Principal who;
  Instant now = Instant::FromMicros(0);
  std::string reason;
};

/// Asks that a payment be taken back.
///
/// Errors: reversal.unknown_reference, reversal.done_already, and those of AskApproval.
Result<std::int64_t> AskReversal(Tx& tx, const Agency& agency, std::string_view partner,
                                 std::int64_t partner_id, std::string_view reference,
                                 const Asking& asking);

/// Asks that a person's identity be corrected; `evidence`: what was shown at the counter.
///
/// Errors: those of PlanCorrection and AskApproval.
Result<std::int64_t> AskCorrection(Tx& tx, const Agency& agency, std::int64_t person_id,
                                   const PersonChanges& changes, std::string_view evidence,
                                   const Asking& asking);

/// Asks that two persons be merged, or that a merge be undone.
///
/// Errors: those of CheckMerge (FindMerge) and AskApproval.
Result<std::int64_t> AskMerge(Tx& tx, const Agency& agency, const MergePair& pair,
                              const Asking& asking);
Result<std::int64_t> AskUnmerge(Tx& tx, const Agency& agency, std::int64_t merge_id,
                                const Asking& asking);

/// {"nik":["337201******0001","337201******0002"]}: for the audit trail.
std::string MaskedChange(std::span<const FieldCorrection> fields);

/// What is asked for, as JSON: whoever decides must see what a name becomes.
///
/// Errors: approval.payload_unreadable.
Result<std::string> ShownPayload(const Approval& approval, Identity identity);

/// Does what was approved; the note says what changed.
///
/// Errors: approval.kind_not_here (nothing in this program does it yet), and those of what is done.
Result<AuditNote> DoApproved(Tx& tx, const Agency& agency, const Approval& approval, Instant now);

}  // namespace jaring
