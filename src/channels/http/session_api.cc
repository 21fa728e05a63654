#include "channels/http/session_api.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};

void WriteScope(JsonWriter& json, const Scope& scope) {
  json.BeginObject().Key("kind").Text(ScopeKindCode(scope.kind));
  json.Key("id").Integer(scope.id).EndObject();
}

/// {"kind": "branch", "id": 3}.
std::optional<Scope> ReadScopeField(FieldReader& reader, std::vector<FieldProblem>& problems) {
  const JsonValue* object = reader.Object("scope", Need::kOptional);
  if (object == nullptr) {
    return std::nullopt;
  }
  FieldReader fields(*object, reader.PointerTo("scope"), problems);
  const auto kind = FindScopeKind(fields.Text("kind", Need::kRequired).value_or(""));
  const std::int64_t id = fields.Integer("id", Need::kOptional).value_or(0);
  if (!kind) {
    fields.Refuse("kind", "scope.malformed");
  }
  fields.Finish();
  return kind ? std::optional(Scope{*kind, id}) : std::nullopt;
}

struct SessionAsk {
  LoginRequest login;
  bool wants_token = false;
};

SessionAsk ReadAsk(const JsonValue& body, std::vector<FieldProblem>& problems) {
  FieldReader reader(body, "", problems);
  SessionAsk ask;
  ask.login.email = reader.Text("email", Need::kRequired).value_or("");
  ask.login.password = reader.Text("password", Need::kRequired).value_or("");
  ask.login.code = reader.Text("code", Need::kOptional).value_or("");
  ask.login.recovery_code = reader.Text("recovery_code", Need::kOptional).value_or("");
  if (const auto role = reader.Text("role", Need::kOptional)) {
    ask.login.role = FindRole(*role);
    if (!ask.login.role) {
      reader.Refuse("role", "role.unknown");
    }
  }
  ask.login.scope = ReadScopeField(reader, problems);
  ask.wants_token = reader.Bool("token", Need::kOptional).value_or(false);
  reader.Finish();
  return ask;
}

HttpResponse LogIn(LoginDesk& desk, const HttpRequest& request) {
  const Language language = LanguageOf(request);
  const Messages& messages = desk.parts().messages;
  const auto body = ReadJsonBody(request);
  if (!body) {
    return ProblemResponse(body.error(), messages, language);
  }
  std::vector<FieldProblem> problems;
  SessionAsk ask = ReadAsk(*body, problems);
  if (!problems.empty()) {
    return ProblemResponse(Invalid("request.fields_wrong"), messages, language, problems);
  }
  ask.login.place = desk.PlaceOf(request);
  if (ask.wants_token) {
    ask.login.place.browser.clear();  // A program: there is no browser to know again.
  }
  const auto outcome = desk.staff().LogIn(ask.login, desk.parts().now());
  if (!outcome) {
    return ProblemResponse(outcome.error(), messages, language);
  }
  if (!outcome->rule.empty()) {
    return desk.Refuse(request, outcome->rule, outcome->open_at);
  }
  HttpResponse response{201, kJsonType,
                        SessionJson(outcome->opened, &outcome->user, ask.wants_token), ""};
  response.AddHeader("Cache-Control", "no-store");
  if (!ask.wants_token) {
    desk.GiveSession(response, request, ask.login.place, outcome->opened);
  }
  return response;
}

Result<HttpResponse> List(LoginDesk& desk, const Call& call) {
  std::vector<Session> sessions;
  JARING_RETURN_IF_ERROR(desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(sessions, ListSessions(tx, call.who().kind, call.who().id, call.now()));
    return Done{};
  }));
  JsonWriter json;
  json.BeginObject().Key("sessions").BeginList();
  for (const Session& session : sessions) {
    json.BeginObject().Key("session_id").Integer(session.session_id);
    json.Key("role").Text(RoleCode(session.principal.role)).Key("scope");
    WriteScope(json, session.principal.scope);
    json.Key("label").Text(session.label);
    json.Key("second_factor").Bool(session.principal.second_factor);
    json.Key("created_at").Text(session.created_at.ToString());
    json.Key("expires_at").Text(session.ends_at().ToString());
    json.Key("current").Bool(session.session_id == call.who().session_id).EndObject();
  }
  json.EndList().EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

/// The session goes on as another, under another grant.
Result<HttpResponse> Switch(LoginDesk& desk, Call& call) {
  if (call.who().kind != ActorKind::kStaffUser) {
    return Invalid("access.not_allowed");
  }
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  const auto role = FindRole(reader.Text("role", Need::kRequired).value_or(""));
  const auto scope = ReadScopeField(reader, call.problems);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(
      const OpenedSession opened,
      desk.account().SwitchRole(call.who(), role.value_or(Role::kNobody),
                                scope.value_or(Scope{ScopeKind::kNation, 0}),
                                BrowserLabel(call.request().Header("User-Agent")), call.now()));
  desk.gate().authenticator().ForgetAll();
  const bool has_cookie = call.request().Header("Authorization").empty();
  HttpResponse response{200, kJsonType, SessionJson(opened, nullptr, !has_cookie), ""};
  response.AddHeader("Cache-Control", "no-store");
  if (has_cookie) {
    desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), opened);
  }
  return response;
}

/// Ends sessions of the caller; 204.
Result<HttpResponse> End(LoginDesk& desk, Call& call, const std::function<Result<Done>(Tx&)>& end) {
  JARING_RETURN_IF_ERROR(desk.EndSessionsOf(call, end));
  return HttpResponse{204, "", "", ""};
}

Result<HttpResponse> EndCurrent(LoginDesk& desk, Call& call) {
  const Principal who = call.who();
  JARING_ASSIGN_OR_RETURN(HttpResponse response, End(desk, call, [&](Tx& tx) {
                            return EndSession(tx, who.kind, who.id, who.session_id, call.now());
                          }));
  response.AddHeader("Set-Cookie", EndedSessionCookie());
  return response;
}

}  // namespace

void WriteGrants(JsonWriter& json, const StaffUser& user) {
  json.Key("grants").BeginList();
  for (const RoleGrant& grant : user.grants) {
    json.BeginObject().Key("role").Text(RoleCode(grant.role)).Key("scope");
    WriteScope(json, grant.scope);
    json.EndObject();
  }
  json.EndList();
}

std::string SessionJson(const OpenedSession& opened, const StaffUser* user, bool with_token) {
  const Session& session = opened.session;
  JsonWriter json;
  json.BeginObject().Key("session_id").Integer(session.session_id);
  json.Key("kind").Text(ActorKindCode(session.principal.kind));
  json.Key("role").Text(RoleCode(session.principal.role)).Key("scope");
  WriteScope(json, session.principal.scope);
  json.Key("second_factor").Bool(session.principal.second_factor);
  json.Key("expires_at").Text(session.expires_at.ToString());
  if (user != nullptr) {
    json.Key("second_factor_set_up").Bool(user->has_second_factor);
    json.Key("user_id").Integer(user->user_id);
    json.Key("name").Text(user->name);
    WriteGrants(json, *user);
  }
  if (with_token) {
    json.Key("token").Text(opened.token);
  }
  json.EndObject();
  return json.Take();
}

void AddSessionRoutes(Router& router, LoginDesk& desk) {
  router.Add(HttpMethod::kPost, "/v1/sessions",
             Open(AtOnce([&desk](const HttpRequest& request) { return LogIn(desk, request); })),
             kOnWorker);
  router.Add(HttpMethod::kGet, "/v1/sessions",
             desk.Account([&desk](Call& call) { return List(desk, call); }));
  router.Add(HttpMethod::kDelete, "/v1/sessions", desk.Account([&desk](Call& call) {
    const Principal who = call.who();
    return End(desk, call, [&call, who](Tx& tx) {
      return EndSessions(tx, who.kind, who.id, who.session_id, call.now());
    });
  }),
             kOnWorker);
  router.Add(HttpMethod::kPut, "/v1/sessions/current",
             desk.Account([&desk](Call& call) { return Switch(desk, call); }), kOnWorker);
  router.Add(HttpMethod::kDelete, "/v1/sessions/current",
             desk.Account([&desk](Call& call) { return EndCurrent(desk, call); }), kOnWorker);
  router.Add(HttpMethod::kDelete, "/v1/sessions/{session_id}",
             desk.Account([&desk](Call& call) -> Result<HttpResponse> {
               JARING_ASSIGN_OR_RETURN(const std::int64_t id,
                                       call.Number("session_id", "session.unknown"));
               const Principal who = call.who();
               return End(desk, call, [&call, who, id](Tx& tx) {
                 return EndSession(tx, who.kind, who.id, id, call.now());
               });
             }),
             kOnWorker);
}

}  // namespace jaring
