#include "channels/http/recovery_api.h"

#include "channels/http/recovery_desk.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};

/// At a counter, by staff who saw the identity papers; a second person decides.
Result<HttpResponse> AskAtCounter(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  const std::string text(reader.Text("new_phone", Need::kRequired).value_or(""));
  const std::string reason(reader.Text("reason", Need::kRequired).value_or(""));
  CounterRecovery recovery{.person_id = person_id, .new_phone = "", .reason = reason};
  recovery.identity_checked = reader.Bool("identity_checked", Need::kRequired).value_or(false);
  recovery.consent_text_version = reader.Text("consent_text_version", Need::kOptional).value_or("");
  const auto phone = ParsePhone(text);
  if (!phone && call.problems.empty()) {
    reader.Refuse("new_phone", phone.error().rule);
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  recovery.new_phone = *phone;
  JARING_ASSIGN_OR_RETURN(const std::int64_t approval_id,
                          AskRecoveryAtCounter(tx, agency, call, recovery));
  JsonWriter json;
  json.BeginObject().Key("approval_id").Integer(approval_id);
  json.Key("state").Text("waiting").EndObject();
  return HttpResponse{202, kJsonType, json.Take(), ""};
}

/// What is open to everyone is slowed by caller; empty: go on.
std::optional<HttpResponse> TooSoon(LoginDesk& desk, const HttpRequest& request) {
  const auto wait = desk.workers().CountAsk(desk.PlaceOf(request), desk.parts().now());
  if (!wait) {
    return ProblemResponse(wait.error(), desk.parts().messages, LanguageOf(request));
  }
  return *wait ? std::optional(desk.Refuse(request, "login.too_many_attempts", *wait))
               : std::nullopt;
}

HttpResponse BeginForWitnesses(LoginDesk& desk, const HttpRequest& request) {
  const Language language = LanguageOf(request);
  const Messages& messages = desk.parts().messages;
  const Agency& agency = desk.parts().agency;
  const auto body = ReadJsonBody(request);
  if (!body) {
    return ProblemResponse(body.error(), messages, language);
  }
  std::vector<FieldProblem> problems;
  FieldReader reader(*body, "", problems);
  const auto nik = Nik::Parse(reader.Text("nik", Need::kRequired).value_or(""), agency.is_demo);
  const auto birth = Date::Parse(reader.Text("birth_date", Need::kRequired).value_or(""));
  const auto phone = ParsePhone(reader.Text("new_phone", Need::kRequired).value_or(""));
  reader.Finish();
  const auto refuse = [&](std::string_view name, const Error& error) {
    if (problems.empty()) {
      reader.Refuse(name, error.rule);
    }
  };
  nik ? void() : refuse("nik", nik.error());
  birth ? void() : refuse("birth_date", birth.error());
  phone ? void() : refuse("new_phone", phone.error());
  if (!problems.empty()) {
    return ProblemResponse(Invalid("request.fields_wrong"), messages, language, problems);
  }
  if (auto wait = TooSoon(desk, request)) {
    return std::move(*wait);
  }
  std::string code;
  const auto written = desk.parts().database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        code, BeginWitnessedRecovery(tx, agency, *nik, *birth, *phone, desk.parts().now()));
    return Done{};
  });
  if (!written) {
    return ProblemResponse(written.error(), messages, language);
  }
  JsonWriter json;
  json.BeginObject().Key("code").Text(code);
  json.Key("witnesses").Integer(RecoveryTerms{}.witnesses).EndObject();
  HttpResponse response{202, kJsonType, json.Take(), ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

Result<HttpResponse> Witness(LoginDesk& desk, Call& call) {
  if (call.who().kind != ActorKind::kWorker) {
    return Invalid("access.not_allowed");
  }
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  const std::string code(reader.Text("code", Need::kRequired).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  if (auto wait = TooSoon(desk, call.request())) {
    return std::move(*wait);
  }
  int missing = 0;
  JARING_RETURN_IF_ERROR(desk.parts().database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(missing,
                            WitnessRecovery(tx, desk.parts().agency, call.who(), code, call.now()));
    return Done{};
  }));
  JsonWriter json;
  json.BeginObject().Key("witnesses_missing").Integer(missing).EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<Done> StopByCode(LoginDesk& desk, const std::string& code) {
  return desk.parts().database.Write(
      [&](Tx& tx) { return StopRecovery(tx, desk.parts().agency, code, desk.parts().now()); });
}

HttpResponse Stop(LoginDesk& desk, const HttpRequest& request) {
  const Language language = LanguageOf(request);
  const Messages& messages = desk.parts().messages;
  const auto body = ReadJsonBody(request);
  if (!body) {
    return ProblemResponse(body.error(), messages, language);
  }
  std::vector<FieldProblem> problems;
  FieldReader reader(*body, "", problems);
  const std::string code(reader.Text("code", Need::kRequired).value_or(""));
  reader.Finish();
  if (!problems.empty()) {
    return ProblemResponse(Invalid("request.fields_wrong"), messages, language, problems);
  }
  if (auto wait = TooSoon(desk, request)) {
    return std::move(*wait);
  }
  const auto stopped = StopByCode(desk, code);
  return stopped ? HttpResponse{204, "", "", ""}
                 : ProblemResponse(stopped.error(), messages, language);
}

}  // namespace

void AddRecoveryRoutes(Router& router, LoginDesk& desk) {
  router.Add(HttpMethod::kPost, "/v1/people/{person_id}/recoveries",
             desk.gate().Write(Action::kRecoverAccess,
                               [&desk](Tx& tx, Call& call) {
                                 return AskAtCounter(desk.parts().agency, tx, call);
                               }),
             kOnWorker);
  const auto open = [&](auto* handler) {
    return Open(AtOnce([&desk, handler](const HttpRequest& r) { return handler(desk, r); }));
  };
  router.Add(HttpMethod::kPost, "/v1/recoveries", open(BeginForWitnesses), kOnWorker);
  router.Add(HttpMethod::kPost, "/v1/recoveries/stops", open(Stop), kOnWorker);
  router.Add(HttpMethod::kPut, "/v1/recoveries/witness",
             desk.Account([&desk](Call& call) { return Witness(desk, call); }), kOnWorker);
}

}  // namespace jaring
