#include "channels/http/approval_desk.h"

#include <array>

#include "access/person_place.h"
#include "access/recovery.h"
#include "channels/files/row_problem.h"
#include "channels/http/approval_payload.h"
#include "channels/text/json_writer.h"
#include "collection/person_merge.h"
#include "collection/reversal.h"

namespace jaring {
namespace {

using Payload = ApprovalPayload;

std::string Show(const std::vector<std::pair<std::string_view, std::string>>& fields) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [name, value] : fields) {
    json.Key(name).Text(value);
  }
  json.EndObject();
  return json.Take();
}

/// As it is, or for those who may not know.
std::string Field(std::string_view name, const std::string& value, Identity identity) {
  return identity == Identity::kFull ? value : MaskedField(name, value);
}

std::string ShowReversal(const Payload& payload, Identity /*identity*/) {
  return Show({{"partner", payload.Text("partner")},
               {"reference", payload.Text("reference")},
               {"amount", std::to_string(payload.Integer("amount"))}});
}

Result<AuditNote> DoReversal(Tx& tx, const Agency& agency, const Approval&, const Payload& payload,
                             Instant now) {
  const std::string reference = payload.Text("reference");
  const std::int64_t partner_id = payload.Integer("partner_id");
  JARING_ASSIGN_OR_RETURN(const Reversible target, FindReversible(tx, partner_id, reference));
  PaymentRequest request;
  request.partner_id = partner_id;
  request.reference = reference;
  request.amount = -target.amount;
  request.paid_at = now;
  request.channel = "reversal";
  JARING_ASSIGN_OR_RETURN(const auto outcomes,
                          PostPayments(tx, agency, std::span(&request, 1), now));
  if (outcomes[0].status == PaymentStatus::kRefused) {
    return Conflict(std::string(outcomes[0].rule));
  }
  return AuditNote{.person_id = target.person_id,
                   .subject = "payment " + payload.Text("partner") + " " + reference,
                   .change = "{\"reversed\":[false,true]}"};
}

constexpr std::array<std::string_view, 5> kCorrected = {"nik", "name", "birth_date", "sex",
                                                        "phone"};

std::string ShowCorrection(const Payload& payload, Identity identity) {
  std::vector<std::pair<std::string_view, std::string>> fields;
  for (const std::string_view name : kCorrected) {
    if (payload.Has(name)) {
      fields.emplace_back(name, Field(name, payload.Text(name), identity));
    }
  }
  fields.emplace_back("evidence", payload.Text("evidence"));
  return Show(fields);
}

Result<AuditNote> DoCorrection(Tx& tx, const Agency& agency, const Approval& approval,
                               const Payload& payload, Instant now) {
  JARING_ASSIGN_OR_RETURN(const PersonChanges changes, UnpackChanges(payload));
  JARING_ASSIGN_OR_RETURN(const auto fields, ApplyCorrection(tx, agency, approval.ask.person_id,
                                                             changes, approval.ask.reason, now));
  return AuditNote{.person_id = approval.ask.person_id,
                   .subject = approval.ask.subject,
                   .change = MaskedChange(fields)};
}

std::string ShowMerge(const Payload& payload, Identity /*identity*/) {
  return Show({{"keep", std::to_string(payload.Integer("keep"))},
               {"merge", std::to_string(payload.Integer("merge"))}});
}

Result<AuditNote> DoMerge(Tx& tx, const Agency& agency, const Approval& approval,
                          const Payload& payload, Instant now) {
  const MergePair pair{payload.Integer("keep"), payload.Integer("merge")};
  JARING_ASSIGN_OR_RETURN(const std::int64_t merge_id, MergePersons(tx, agency, pair, now));
  return AuditNote{.person_id = pair.kept_person_id,
                   .subject = approval.ask.subject,
                   .change = "{\"merge_id\":[null," + std::to_string(merge_id) + "]}"};
}

std::string ShowUnmerge(const Payload& payload, Identity /*identity*/) {
  return Show({{"merge_id", std::to_string(payload.Integer("merge_id"))}});
}

Result<AuditNote> DoUnmerge(Tx& tx, const Agency& agency, const Approval& approval,
                            const Payload& payload, Instant now) {
  const std::int64_t merge_id = payload.Integer("merge_id");
  JARING_ASSIGN_OR_RETURN(const MergePair pair, UndoMerge(tx, agency, merge_id, now));
  return AuditNote{.person_id = pair.kept_person_id,
                   .subject = approval.ask.subject,
                   .change = "{\"merge_id\":[" + std::to_string(merge_id) + ",null]}"};
}

std::string ShowRecovery(const Payload& payload, Identity identity) {
  return Show({{"new_phone", Field("phone", payload.Text("new_phone"), identity)}});
}

Result<AuditNote> DoRecovery(Tx& tx, const Agency& agency, const Approval& approval,
                             const Payload& /*payload*/, Instant now) {
  return StartApprovedRecovery(tx, agency, approval, now);
}

/// What each kind is shown as, and what is done when it is approved.
struct Line {
  ApprovalKind kind;
  std::string (*show)(const Payload& payload, Identity identity);
  Result<AuditNote> (*act)(Tx& tx, const Agency& agency, const Approval& approval,
                           const Payload& payload, Instant now);
};
constexpr std::array kLines = {
    Line{ApprovalKind::kReversal, ShowReversal, DoReversal},
    Line{ApprovalKind::kMerge, ShowMerge, DoMerge},
    Line{ApprovalKind::kUnmerge, ShowUnmerge, DoUnmerge},
    Line{ApprovalKind::kCorrection, ShowCorrection, DoCorrection},
    Line{ApprovalKind::kRecovery, ShowRecovery, DoRecovery},
};

const Line* FindLine(ApprovalKind kind) {
  for (const Line& line : kLines) {
    if (line.kind == kind) {
      return &line;
    }
  }
  return nullptr;
}

}  // namespace

Result<std::int64_t> AskReversal(Tx& tx, const Agency& agency, std::string_view partner,
                                 std::int64_t partner_id, std::string_view reference,
                                 const Asking& asking) {
  JARING_ASSIGN_OR_RETURN(const Reversible target, FindReversible(tx, partner_id, reference));
  ApprovalAsk ask{.kind = ApprovalKind::kReversal,
                  .person_id = target.person_id,
                  .subject = "payment " + std::string(partner) + " " + std::string(reference),
                  .reason = asking.reason};
  JARING_ASSIGN_OR_RETURN(ask.branch_id, BranchOfPerson(tx, target.person_id));
  JsonWriter json;
  json.BeginObject().Key("partner").Text(partner).Key("partner_id").Integer(partner_id);
  json.Key("reference").Text(reference).Key("amount").Integer(target.amount.rupiah()).EndObject();
  ask.payload = json.Take();
  return AskApproval(tx, agency.sealer, ask, asking.who, asking.now);
}

Result<std::int64_t> AskCorrection(Tx& tx, const Agency& agency, std::int64_t person_id,
                                   const PersonChanges& changes, std::string_view evidence,
                                   const Asking& asking) {
  JARING_ASSIGN_OR_RETURN(const auto fields,
                          PlanCorrection(tx, agency, person_id, changes, asking.now.JakartaDate()));
  std::string names;
  for (const FieldCorrection& field : fields) {
    names.append(names.empty() ? "" : ", ").append(CorrectedFieldCode(field.field));
  }
  ApprovalAsk ask{.kind = ApprovalKind::kCorrection,
                  .person_id = person_id,
                  .subject = "correction of " + names,
                  .payload = PackChanges(changes, evidence),
                  .reason = asking.reason};
  JARING_ASSIGN_OR_RETURN(ask.branch_id, BranchOfPerson(tx, person_id));
  return AskApproval(tx, agency.sealer, ask, asking.who, asking.now);
}

Result<std::int64_t> AskMerge(Tx& tx, const Agency& agency, const MergePair& pair,
                              const Asking& asking) {
  JARING_RETURN_IF_ERROR(CheckMerge(tx, agency, pair));
  ApprovalAsk ask{.kind = ApprovalKind::kMerge,
                  .person_id = pair.kept_person_id,
                  .subject = "merge of " + std::to_string(pair.merged_person_id) + " into " +
                             std::to_string(pair.kept_person_id),
                  .reason = asking.reason};
  JARING_ASSIGN_OR_RETURN(ask.branch_id, BranchOfPerson(tx, pair.kept_person_id));
  JsonWriter json;
  json.BeginObject().Key("keep").Integer(pair.kept_person_id);
  json.Key("merge").Integer(pair.merged_person_id).EndObject();
  ask.payload = json.Take();
  return AskApproval(tx, agency.sealer, ask, asking.who, asking.now);
}

Result<std::int64_t> AskUnmerge(Tx& tx, const Agency& agency, std::int64_t merge_id,
                                const Asking& asking) {
  JARING_ASSIGN_OR_RETURN(const MergePair pair, FindMerge(tx, merge_id));
  ApprovalAsk ask{.kind = ApprovalKind::kUnmerge,
                  .person_id = pair.kept_person_id,
                  .subject = "undo of merge " + std::to_string(merge_id),
                  .reason = asking.reason};
  JARING_ASSIGN_OR_RETURN(ask.branch_id, BranchOfPerson(tx, pair.kept_person_id));
  JsonWriter json;
  json.BeginObject().Key("merge_id").Integer(merge_id).EndObject();
  ask.payload = json.Take();
  return AskApproval(tx, agency.sealer, ask, asking.who, asking.now);
}

std::string MaskedChange(std::span<const FieldCorrection> fields) {
  JsonWriter json;
  json.BeginObject();
  for (const FieldCorrection& field : fields) {
    const std::string_view code = CorrectedFieldCode(field.field);
    json.Key(code).BeginList().Text(MaskedField(code, field.from));
    json.Text(MaskedField(code, field.to)).EndList();
  }
  json.EndObject();
  return json.Take();
}

Result<std::string> ShownPayload(const Approval& approval, Identity identity) {
  JARING_ASSIGN_OR_RETURN(const Payload payload, Payload::Parse(approval));
  const Line* line = FindLine(approval.ask.kind);
  return line == nullptr ? "{}" : line->show(payload, identity);
}

Result<AuditNote> DoApproved(Tx& tx, const Agency& agency, const Approval& approval, Instant now) {
  const Line* line = FindLine(approval.ask.kind);
  if (line == nullptr) {
    return Conflict("approval.kind_not_here");
  }
  JARING_ASSIGN_OR_RETURN(const Payload payload, Payload::Parse(approval));
  return line->act(tx, agency, approval, payload, now);
}

}  // namespace jaring
