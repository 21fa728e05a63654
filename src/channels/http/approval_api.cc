#include "channels/http/approval_api.h"

#include <array>

#include "channels/http/approval_desk.h"
#include "channels/http/page_query.h"
#include "collection/reversal.h"
#include "registry/group.h"
#include "rules/identity.h"

namespace jaring {
namespace {

constexpr std::int64_t kChunk = 500;
constexpr int kMostChunks = 20;  // A page of a small branch does not read all there are.

/// In the caller's scope: by the person's place, or by the branch it was asked at.
Result<bool> CanSeeApproval(Tx& tx, const Approval& approval, const Call& call) {
  if (approval.ask.person_id != 0) {
    JARING_ASSIGN_OR_RETURN(const bool sees, call.CanSee(tx, approval.ask.person_id));
    if (sees) {
      return true;
    }
  }
  return Reaches(call.who().scope, {.branch_id = approval.ask.branch_id});
}

void AddActor(JsonWriter& json, std::string_view key, ActorKind kind, std::int64_t id) {
  json.Key(key).BeginObject().Key("kind").Text(ActorKindCode(kind));
  json.Key("id").Integer(id).EndObject();
}

void AddApproval(JsonWriter& json, const Approval& approval) {
  json.Key("approval_id").Integer(approval.approval_id);
  json.Key("kind").Text(ApprovalKindCode(approval.ask.kind));
  json.Key("state").Text(ApprovalStateCode(approval.state));
  json.Key("person_id");
  approval.ask.person_id == 0 ? json.Null() : json.Integer(approval.ask.person_id);
  json.Key("subject").Text(approval.ask.subject);
  json.Key("reason").Text(approval.ask.reason);
  json.Key("asked_at").Text(approval.asked_at.ToString());
  AddActor(json, "asked_by", approval.asked_by_kind, approval.asked_by_id);
  if (approval.decided_at) {
    json.Key("decided_at").Text(approval.decided_at->ToString());
    AddActor(json, "decided_by", approval.decided_by_kind, approval.decided_by_id);
    json.Key("decision_reason").Text(approval.decision_reason);
  }
}

Result<ApprovalState> ReadState(const PageQuery& page) {
  const std::string_view word = FindField(page.fields, "state").value_or("waiting");
  for (const ApprovalState state :
       {ApprovalState::kWaiting, ApprovalState::kApproved, ApprovalState::kRefused}) {
    if (ApprovalStateCode(state) == word) {
      return state;
    }
  }
  return Invalid("approval.state_unknown");
}

Result<HttpResponse> List(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request(), {"state"}));
  JARING_ASSIGN_OR_RETURN(const ApprovalState state, ReadState(page));
  JsonWriter json;
  json.BeginObject().Key("approvals").BeginList();
  std::int64_t after = page.cursor;
  JARING_ASSIGN_OR_RETURN(const auto approvals,
                          ListSeenApprovals(tx, call, state, after, page.limit));
  for (const Approval& approval : approvals) {
    json.BeginObject();
    AddApproval(json, approval);
    json.EndObject();
  }
  json.EndList();
  AddNextCursor(json, after);
  json.EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<Approval> Get(Tx& tx, const Agency& agency, const Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, call.Number("approval_id", "approval.unknown"));
  return SeeApproval(tx, agency, call, id);
}

Result<std::string> ApprovalJson(const Approval& approval, const Call& call) {
  JARING_ASSIGN_OR_RETURN(
      const std::string payload,
      ShownPayload(approval, call.sees_identity() ? Identity::kFull : Identity::kMasked));
  JsonWriter json;
  json.BeginObject();
  AddApproval(json, approval);
  json.EndObject();
  std::string text = json.Take();
  text.pop_back();
  return text + ",\"payload\":" + payload + "}";
}

Result<HttpResponse> Show(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Approval approval, Get(tx, agency, call));
  if (approval.ask.person_id != 0) {
    call.Note({.person_id = approval.ask.person_id,
               .subject = "approval " + std::to_string(approval.approval_id)});
  }
  JARING_ASSIGN_OR_RETURN(std::string text, ApprovalJson(approval, call));
  return HttpResponse{200, kJsonType, std::move(text), ""};
}

struct DecisionBody {
  Decision decision = Decision::kRefuse;
  std::string reason;
};

Result<DecisionBody> ReadDecision(Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  DecisionBody body;
  const auto word = reader.Text("decision", Need::kRequired);
  body.reason = reader.Text("reason", Need::kOptional).value_or("");
  if (word && *word != "approve" && *word != "refuse") {
    reader.Refuse("decision", "approval.decision_unknown");
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  body.decision = *word == "approve" ? Decision::kApprove : Decision::kRefuse;
  return body;
}

Result<HttpResponse> Decide(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const DecisionBody body, ReadDecision(call));
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, call.Number("approval_id", "approval.unknown"));
  JARING_ASSIGN_OR_RETURN(const Approval approval,
                          DecideSeen(tx, agency, call, id, body.decision, body.reason));
  JARING_ASSIGN_OR_RETURN(std::string text, ApprovalJson(approval, call));
  return HttpResponse{200, kJsonType, std::move(text), ""};
}

struct ReversalBody {
  std::string partner;
  std::string reference;
  std::string reason;
};

Result<ReversalBody> ReadReversal(Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  ReversalBody body;
  body.partner = reader.Text("partner", Need::kRequired).value_or("");
  body.reference = reader.Text("reference", Need::kRequired).value_or("");
  body.reason = reader.Text("reason", Need::kRequired).value_or("");
  reader.Finish();
  return call.problems.empty() ? Result<ReversalBody>(std::move(body))
                               : Invalid("request.fields_wrong");
}

/// A partner asks for its own payments, staff for those of people in their scope.
Result<HttpResponse> AskForReversal(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ReversalBody body, ReadReversal(call));
  JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, body.partner));
  const bool is_partner = call.who().scope.kind == ScopeKind::kPartner;
  // Another partner's references cannot be tried out: it reads as a partner there is not.
  if (!partner || (is_partner && !call.Reach({.partner_id = partner->partner_id}, ""))) {
    return Invalid("partner.unknown");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id,
                          FindOwnerOf(tx, partner->partner_id, body.reference));
  if (is_partner) {
    call.Note({.person_id = person_id});
  } else if (person_id == 0) {
    JARING_RETURN_IF_ERROR(call.Reach({}, "reversal.unknown_reference"));
  } else if (!call.See(tx, person_id)) {
    return NotFound("reversal.unknown_reference");
  }
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t approval_id,
      AskReversal(tx, agency, partner->code, partner->partner_id, body.reference,
                  {.who = call.who(), .now = call.now(), .reason = body.reason}));
  call.Note({.person_id = person_id,
             .subject = "payment " + partner->code + " " + body.reference,
             .reason = body.reason});
  return AskedResponse(approval_id);
}

}  // namespace

Result<Approval> SeeApproval(Tx& tx, const Agency& agency, const Call& call,
                             std::int64_t approval_id) {
  JARING_ASSIGN_OR_RETURN(Approval approval, FindApproval(tx, agency.sealer, approval_id));
  JARING_ASSIGN_OR_RETURN(const bool sees, CanSeeApproval(tx, approval, call));
  return sees ? Result<Approval>(std::move(approval)) : NotFound("approval.unknown");
}

Result<std::vector<Approval>> ListSeenApprovals(Tx& tx, const Call& call, ApprovalState state,
                                                std::int64_t& after, std::int64_t limit) {
  const auto most = static_cast<std::size_t>(limit);
  std::vector<Approval> seen;
  bool more = true;
  for (int chunk = 0; more && chunk < kMostChunks && seen.size() < most; ++chunk) {
    JARING_ASSIGN_OR_RETURN(auto approvals, ListApprovals(tx, state, after, kChunk));
    more = static_cast<std::int64_t>(approvals.size()) == kChunk;
    for (std::size_t i = 0; i < approvals.size() && seen.size() < most; ++i) {
      after = approvals[i].approval_id;
      JARING_ASSIGN_OR_RETURN(const bool sees, CanSeeApproval(tx, approvals[i], call));
      if (sees) {
        seen.push_back(std::move(approvals[i]));
        more = more || i + 1 < approvals.size();
      }
    }
  }
  after = more ? after : 0;
  return seen;
}

Result<Approval> DecideSeen(Tx& tx, const Agency& agency, Call& call, std::int64_t approval_id,
                            Decision decision, const std::string& reason) {
  JARING_RETURN_IF_ERROR(SeeApproval(tx, agency, call, approval_id));
  JARING_ASSIGN_OR_RETURN(
      Approval approval,
      DecideApproval(tx, agency.sealer, approval_id, decision, reason, call.who(), call.now()));
  AuditNote note{.person_id = approval.ask.person_id, .subject = approval.ask.subject};
  if (decision == Decision::kApprove) {
    JARING_ASSIGN_OR_RETURN(note, DoApproved(tx, agency, approval, call.now()));
  }
  note.subject = "approval " + std::to_string(approval_id) + ": " + note.subject;
  note.reason = reason.empty() ? approval.ask.reason : reason;
  call.Note(std::move(note));
  return approval;
}

HttpResponse AskedResponse(std::int64_t approval_id) {
  JsonWriter json;
  json.BeginObject().Key("approval_id").Integer(approval_id).Key("state").Text("waiting");
  json.EndObject();
  return {202, kJsonType, json.Take(), ""};
}

void AddApprovalRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const Agency& agency = parts.agency;
  router.Add(HttpMethod::kGet, "/v1/approvals",
             gate.Read(Action::kReadApprovals, [](Tx& tx, Call& call) { return List(tx, call); }),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, "/v1/approvals/{approval_id}",
             gate.Read(Action::kReadApprovals,
                       [&agency](Tx& tx, Call& call) { return Show(agency, tx, call); }));
  router.Add(HttpMethod::kPost, "/v1/approvals/{approval_id}/decisions",
             gate.Write(Action::kDecideApprovals,
                        [&agency](Tx& tx, Call& call) { return Decide(agency, tx, call); }),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kPost, "/v1/reversals",
             gate.Write(Action::kAskReversal,
                        [&agency](Tx& tx, Call& call) { return AskForReversal(agency, tx, call); }),
             {.run_on = RunOn::kWorker});
}

}  // namespace jaring
