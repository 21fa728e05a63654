#include "channels/http/person_care_api.h"

#include "access/consent.h"
#include "channels/files/row_problem.h"
#include "channels/http/approval_api.h"
#include "channels/http/approval_desk.h"
#include "channels/http/person_export.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxEvidence = 1'000;

std::optional<Sex> ReadSex(FieldReader& reader) {
  const auto word = reader.Text("sex", Need::kOptional);
  if (word && *word != "male" && *word != "female") {
    reader.Refuse("sex", "sex.unknown");
  }
  return word ? std::optional(*word == "male" ? Sex::kMale : Sex::kFemale) : std::nullopt;
}

template <typename T>
std::optional<T> Checked(FieldReader& reader, std::string_view field, const Result<T>& parsed) {
  if (!parsed) {
    reader.Refuse(field, parsed.error().rule);
    return std::nullopt;
  }
  return *parsed;
}

PersonChanges ReadChanges(const JsonValue& object, const Agency& agency, Call& call) {
  PersonChanges changes;
  FieldReader reader(object, "/changes", call.problems);
  if (const auto text = reader.Text("nik", Need::kOptional)) {
    changes.nik = Checked(reader, "nik", Nik::Parse(*text, agency.is_demo));
  }
  if (const auto text = reader.Text("name", Need::kOptional)) {
    changes.name = std::string(*text);
  }
  if (const auto text = reader.Text("birth_date", Need::kOptional)) {
    changes.birth_date = Checked(reader, "birth_date", Date::Parse(*text));
  }
  changes.sex = ReadSex(reader);
  if (const auto text = reader.Text("phone", Need::kOptional)) {
    changes.phone = Checked(reader, "phone", ParsePhone(*text));
  }
  reader.Finish();
  return changes;
}

Result<HttpResponse> AskToCorrect(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  const JsonValue* object = reader.Object("changes", Need::kRequired);
  const std::string reason(reader.Text("reason", Need::kRequired).value_or(""));
  const std::string evidence(reader.Text("evidence", Need::kOptional).value_or(""));
  const std::string agreed(reader.Text("consent_text_version", Need::kOptional).value_or(""));
  if (evidence.size() > kMaxEvidence) {
    reader.Refuse("evidence", "correction.evidence_too_long");
  }
  reader.Finish();
  const PersonChanges changes =
      object == nullptr ? PersonChanges{} : ReadChanges(*object, agency, call);
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_RETURN_IF_ERROR(NeedHelperConsent(tx, call.who(), person_id, agreed, call.now()));
  JARING_ASSIGN_OR_RETURN(const std::int64_t approval_id,
                          AskCorrection(tx, agency, person_id, changes, evidence,
                                        {.who = call.who(), .now = call.now(), .reason = reason}));
  call.Note({.person_id = person_id,
             .subject = "approval " + std::to_string(approval_id),
             .reason = reason});
  return AskedResponse(approval_id);
}

Result<HttpResponse> ShowCorrections(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const auto corrections, ListCorrections(tx, agency, person_id));
  JsonWriter json;
  json.BeginObject().Key("corrections").BeginList();
  for (const Correction& correction : corrections) {
    json.BeginObject().Key("correction_id").Integer(correction.correction_id);
    json.Key("applied_at").Text(correction.applied_at.ToString());
    json.Key("reason").Text(correction.reason).Key("changes").BeginObject();
    for (const FieldCorrection& field : correction.fields) {
      const std::string_view code = CorrectedFieldCode(field.field);
      const auto shown = [&](const std::string& value) {
        return call.sees_identity() ? value : MaskedField(code, value);
      };
      json.Key(code).BeginObject().Key("from").Text(shown(field.from));
      json.Key("to").Text(shown(field.to)).EndObject();
    }
    json.EndObject().EndObject();
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> AskToMerge(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  const MergePair pair{reader.Integer("keep", Need::kRequired).value_or(0),
                       reader.Integer("merge", Need::kRequired).value_or(0)};
  const std::string reason(reader.Text("reason", Need::kRequired).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_RETURN_IF_ERROR(call.See(tx, pair.kept_person_id));
  JARING_RETURN_IF_ERROR(call.See(tx, pair.merged_person_id));
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t approval_id,
      AskMerge(tx, agency, pair, {.who = call.who(), .now = call.now(), .reason = reason}));
  for (const std::int64_t person_id : {pair.kept_person_id, pair.merged_person_id}) {
    call.Note({.person_id = person_id,
               .subject = "approval " + std::to_string(approval_id),
               .reason = reason});
  }
  return AskedResponse(approval_id);
}

Result<HttpResponse> AskToUndo(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t merge_id, call.Number("merge_id", "merge.unknown"));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  const std::string reason(reader.Text("reason", Need::kRequired).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const MergePair pair, FindMerge(tx, merge_id));
  if (!call.See(tx, pair.kept_person_id)) {
    return NotFound("merge.unknown");
  }
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t approval_id,
      AskUnmerge(tx, agency, merge_id, {.who = call.who(), .now = call.now(), .reason = reason}));
  for (const std::int64_t person_id : {pair.kept_person_id, pair.merged_person_id}) {
    call.Note({.person_id = person_id,
               .subject = "approval " + std::to_string(approval_id),
               .reason = reason});
  }
  return AskedResponse(approval_id);
}

Door DoorOf(Role role) {
  switch (role) {
    case Role::kAgent:
      return Door::kAgent;
    case Role::kKiosk:
      return Door::kKiosk;
    case Role::kBranchStaff:
      return Door::kCounter;
    default:
      return Door::kWeb;
  }
}

Result<Consent> ReadConsent(Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  const auto kind_word = reader.Text("kind", Need::kRequired);
  const auto decision = reader.Text("decision", Need::kRequired);
  Consent consent{.helper_id = reader.Integer("helper_id", Need::kOptional).value_or(0),
                  .at = call.now(),
                  .door = DoorOf(call.who().role),
                  .actor_kind = call.who().kind,
                  .actor_id = call.who().id};
  consent.text_version = reader.Text("text_version", Need::kRequired).value_or("");
  const auto kind = kind_word ? FindConsentKind(*kind_word) : std::nullopt;
  if (kind_word && !kind) {
    reader.Refuse("kind", "consent.kind_unknown");
  }
  if (decision && *decision != "give" && *decision != "withdraw") {
    reader.Refuse("decision", "consent.decision_unknown");
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  consent.kind = *kind;
  consent.decision = *decision == "give" ? ConsentDecision::kGiven : ConsentDecision::kWithdrawn;
  return consent;
}

/// A helper notes a person's other decisions only with her consent; an agent cannot give another
/// agent what the person gave to nobody.
Result<Done> CheckHelperMayNote(Tx& tx, const Call& call, const Consent& consent) {
  if (consent.kind != ConsentKind::kHelper) {
    return NeedHelperConsent(tx, call.who(), consent.person_id, "", call.now());
  }
  const bool own = call.who().role != Role::kAgent || consent.helper_id == call.who().scope.id;
  return own ? Result<Done>(Done{}) : Invalid("consent.helper_not_own");
}

void AddConsent(JsonWriter& json, const Consent& consent) {
  json.BeginObject().Key("kind").Text(ConsentKindCode(consent.kind));
  json.Key("helper_id");
  consent.helper_id == 0 ? json.Null() : json.Integer(consent.helper_id);
  json.Key("decision").Text(consent.decision == ConsentDecision::kGiven ? "give" : "withdraw");
  json.Key("at").Text(consent.at.ToString()).Key("door").Text(DoorCode(consent.door));
  json.Key("noted_by").Text(ActorKindCode(consent.actor_kind));
  json.Key("text_version").Text(consent.text_version).EndObject();
}

Result<HttpResponse> ChangeConsent(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(Consent consent, ReadConsent(call));
  consent.person_id = person_id;
  JARING_RETURN_IF_ERROR(CheckHelperMayNote(tx, call, consent));
  JARING_RETURN_IF_ERROR(RecordConsent(tx, consent));
  call.Note({.person_id = person_id,
             .subject = "consent " + std::string(ConsentKindCode(consent.kind)),
             .change = consent.decision == ConsentDecision::kGiven ? "{\"given\":[false,true]}"
                                                                   : "{\"given\":[true,false]}"});
  JsonWriter json;
  AddConsent(json, consent);
  return HttpResponse{201, kJsonType, json.Take(), ""};
}

Result<HttpResponse> ShowConsents(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const auto consents, ListConsents(tx, person_id));
  JsonWriter json;
  json.BeginObject().Key("consents").BeginList();
  for (const Consent& consent : consents) {
    AddConsent(json, consent);
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

/// A file to keep. It is noted even when a worker takes out her own.
HttpResponse FileResponse(std::string_view type, const char* name, std::string body) {
  HttpResponse response{200, type, std::move(body), ""};
  response.AddHeader("Content-Disposition", std::string("attachment; filename=\"") + name + "\"");
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

Result<HttpResponse> Export(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_RETURN_IF_ERROR(NeedHelperConsent(tx, call.who(), person_id, "", call.now()));
  call.Note({.person_id = person_id, .subject = "export"});
  JARING_ASSIGN_OR_RETURN(std::string json, PersonExportJson(tx, agency, person_id, call.now()));
  return FileResponse(kJsonType, "jaring-data.json", std::move(json));
}

Result<HttpResponse> ExportPdf(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_RETURN_IF_ERROR(NeedHelperConsent(tx, call.who(), person_id, "", call.now()));
  call.Note({.person_id = person_id, .subject = "export"});
  JARING_ASSIGN_OR_RETURN(std::string pdf, PersonExportPdf(tx, agency, person_id, call.now()));
  return FileResponse("application/pdf", "jaring-data.pdf", std::move(pdf));
}

}  // namespace

void AddPersonCareRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const Agency& agency = parts.agency;
  const RouteOptions on_worker{.run_on = RunOn::kWorker};
  using Work = Result<HttpResponse> (*)(const Agency&, Tx&, Call&);
  const auto with_agency = [&agency](Work work) {
    return [&agency, work](Tx& tx, Call& call) { return work(agency, tx, call); };
  };
  router.Add(HttpMethod::kPost, "/v1/people/{person_id}/corrections",
             gate.Write(Action::kAskCorrection, with_agency(AskToCorrect)), on_worker);
  router.Add(HttpMethod::kGet, "/v1/people/{person_id}/corrections",
             gate.Read(Action::kReadPerson, with_agency(ShowCorrections)));
  router.Add(HttpMethod::kPost, "/v1/merges",
             gate.Write(Action::kAskMerge, with_agency(AskToMerge)), on_worker);
  router.Add(HttpMethod::kPost, "/v1/merges/{merge_id}/undo",
             gate.Write(Action::kAskMerge, with_agency(AskToUndo)), on_worker);
  router.Add(HttpMethod::kPost, "/v1/people/{person_id}/consents",
             gate.Write(Action::kChangeConsent, ChangeConsent), on_worker);
  router.Add(HttpMethod::kGet, "/v1/people/{person_id}/export",
             gate.Read(Action::kExportPerson, with_agency(Export)), on_worker);
  router.Add(HttpMethod::kGet, "/v1/people/{person_id}/export.pdf",
             gate.Read(Action::kExportPerson, with_agency(ExportPdf)), on_worker);
  router.Add(HttpMethod::kGet, "/v1/people/{person_id}/consents",
             gate.Read(Action::kReadPerson, ShowConsents));
}

}  // namespace jaring
