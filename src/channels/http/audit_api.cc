#include "channels/http/audit_api.h"

#include "access/looks.h"
#include "channels/files/row_problem.h"
#include "channels/http/page_query.h"

namespace jaring {
namespace {

void AddTextOrNull(JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  text.empty() ? json.Null() : json.Text(text);
}

void AddEntry(JsonWriter& json, const AuditEntry& entry) {
  json.BeginObject().Key("entry_id").Integer(entry.entry_id);
  json.Key("at").Text(entry.at.ToString());
  json.Key("actor").BeginObject().Key("kind").Text(ActorKindCode(entry.who.kind));
  json.Key("id").Integer(entry.who.id).Key("role").Text(RoleCode(entry.who.role));
  json.Key("scope").Text(ScopeKindCode(entry.who.scope.kind));
  json.Key("scope_id").Integer(entry.who.scope.id);
  json.Key("device_id");
  entry.who.device_id == 0 ? json.Null() : json.Integer(entry.who.device_id);
  json.EndObject().Key("action").Text(entry.note.action).Key("person_id");
  entry.note.person_id == 0 ? json.Null() : json.Integer(entry.note.person_id);
  AddTextOrNull(json, "subject", entry.note.subject);
  AddTextOrNull(json, "change", entry.note.change);
  AddTextOrNull(json, "reason", entry.note.reason);
  AddTextOrNull(json, "request_id", entry.request_id);
  json.EndObject();
}

Result<HttpResponse> ListTrail(Tx& tx, Call& call) {
  if (call.who().scope.kind != ScopeKind::kNation) {
    return Invalid("access.not_allowed");  // What was done lies in no region: all of it or nothing.
  }
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  JARING_ASSIGN_OR_RETURN(const auto entries, ListAudit(tx, page.cursor, page.limit));
  call.Note({.subject = "audit trail"});
  JsonWriter json;
  json.BeginObject().Key("entries").BeginList();
  for (const AuditEntry& entry : entries) {
    AddEntry(json, entry);
  }
  json.EndList();
  const bool full = static_cast<std::int64_t>(entries.size()) == page.limit;
  AddNextCursor(json, full && entries.back().entry_id > 1 ? entries.back().entry_id : 0);
  json.EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> ListPersonsLooks(Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const auto looks, ListLooks(tx, person_id, page.cursor, page.limit));
  const bool masked = call.who().role == Role::kWorker;
  JsonWriter json;
  json.BeginObject().Key("person_id").Integer(person_id).Key("looks").BeginList();
  for (const Look& look : looks) {
    json.BeginObject().Key("at").Text(look.at.ToString());
    json.Key("kind").Text(ActorKindCode(look.actor_kind)).Key("role").Text(RoleCode(look.role));
    AddTextOrNull(json, "name", masked ? MaskedName(look.name) : look.name);
    AddTextOrNull(json, "office", look.office);
    json.Key("what").Text(look.what);
    AddTextOrNull(json, "why", look.why);
    json.EndObject();
  }
  json.EndList();
  const bool full = static_cast<std::int64_t>(looks.size()) == page.limit;
  AddNextCursor(json, full ? looks.back().entry_id : 0);
  json.EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

}  // namespace

void AddAuditRoutes(Router& router, Gate& gate) {
  router.Add(HttpMethod::kGet, "/v1/audit", gate.Read(Action::kReadAudit, ListTrail),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, "/v1/people/{person_id}/looks",
             gate.Read(Action::kReadLooks, ListPersonsLooks), {.run_on = RunOn::kWorker});
}

}  // namespace jaring
