#include "channels/http/worker_api.h"

#include "channels/http/session_api.h"
#include "channels/text/json_writer.h"
#include "channels/text/masking.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};

/// Hands `parsed` on, or notes which field it came from.
template <typename T>
std::optional<T> Checked(FieldReader& reader, std::string_view field, Result<T> parsed) {
  if (!parsed) {
    reader.Refuse(field, parsed.error().rule);
    return std::nullopt;
  }
  return std::move(parsed).value();
}

/// phone, or nik with birth_date, or (for a PIN) nik or member_number.
WorkerName ReadName(FieldReader& reader, const Agency& agency) {
  WorkerName who;
  if (const auto phone = reader.Text("phone", Need::kOptional)) {
    who.phone = Checked(reader, "phone", ParsePhone(*phone)).value_or("");
  }
  if (const auto nik = reader.Text("nik", Need::kOptional)) {
    who.nik = Checked(reader, "nik", Nik::Parse(*nik, agency.is_demo));
  }
  if (const auto birth = reader.Text("birth_date", Need::kOptional)) {
    who.birth_date = Checked(reader, "birth_date", Date::Parse(*birth));
  }
  return who;
}

HttpResponse AskCode(LoginDesk& desk, const HttpRequest& request, WorkerName& who) {
  const Language language = LanguageOf(request);
  const Messages& messages = desk.parts().messages;
  const auto body = ReadJsonBody(request);
  if (!body) {
    return ProblemResponse(body.error(), messages, language);
  }
  std::vector<FieldProblem> problems;
  FieldReader reader(*body, "", problems);
  who = ReadName(reader, desk.parts().agency);
  if (problems.empty() && who.phone.empty() && !(who.nik && who.birth_date)) {
    reader.Refuse("phone", "request.field_missing");
  }
  reader.Finish();
  if (!problems.empty()) {
    return ProblemResponse(Invalid("request.fields_wrong"), messages, language, problems);
  }
  const auto wait = desk.workers().CountAsk(desk.PlaceOf(request), desk.parts().now());
  if (!wait) {
    return ProblemResponse(wait.error(), messages, language);
  }
  if (*wait) {
    return desk.Refuse(request, "login.too_many_attempts", *wait);
  }
  JsonWriter json;
  json.BeginObject().Key("expires_in").Integer(kWorkerCodeMicros / 1'000'000);
  json.Key("detail").Text(messages.Text("worker_code.on_its_way", language));
  if (desk.parts().agency.is_demo) {
    json.Key("outbox").Text("/outbox");
  }
  json.EndObject();
  return {202, kJsonType, json.Take(), ""};
}

/// The answer leaves before anybody is looked up: neither its words nor its time tell whether the
/// phone is known.
void AnswerThenMakeCode(LoginDesk& desk, const HttpRequest& request, Responder responder) {
  WorkerName who;
  HttpResponse response = AskCode(desk, request, who);
  const bool accepted = response.status == 202;
  responder.Send(std::move(response));
  if (accepted) {
    desk.MakeCodeAndSend(who);
  }
}

struct WorkerAsk {
  WorkerName who;
  std::string code;
  std::string pin;
  std::string ticket;
  std::int64_t choice = 0;
  bool wants_token = false;
};

WorkerAsk ReadAsk(const JsonValue& body, const Agency& agency,
                  std::vector<FieldProblem>& problems) {
  FieldReader reader(body, "", problems);
  WorkerAsk ask;
  ask.who = ReadName(reader, agency);
  if (const auto member = reader.Text("member_number", Need::kOptional)) {
    ask.who.member = Checked(reader, "member_number", MemberNumber::Parse(*member));
  }
  ask.code = reader.Text("code", Need::kOptional).value_or("");
  ask.pin = reader.Text("pin", Need::kOptional).value_or("");
  ask.ticket = reader.Text("ticket", Need::kOptional).value_or("");
  ask.choice = reader.Integer("choice", Need::kOptional).value_or(0);
  ask.wants_token = reader.Bool("token", Need::kOptional).value_or(false);
  const int ways =
      (ask.code.empty() ? 0 : 1) + (ask.pin.empty() ? 0 : 1) + (ask.ticket.empty() ? 0 : 1);
  const bool named = !ask.who.phone.empty() || ask.who.nik || ask.who.member;
  if (problems.empty() && (ways != 1 || (ask.ticket.empty() && !named))) {
    reader.Refuse(ways == 1 ? "phone" : "code", "request.field_missing");
  }
  reader.Finish();
  return ask;
}

Result<WorkerOutcome> Enter(LoginDesk& desk, const WorkerAsk& ask, const LoginPlace& place) {
  const Instant now = desk.parts().now();
  if (!ask.ticket.empty()) {
    return desk.workers().Choose(ask.ticket, static_cast<std::size_t>(ask.choice), place, now);
  }
  return ask.pin.empty() ? desk.workers().EnterByCode(ask.who, ask.code, place, now)
                         : desk.workers().EnterByPin(ask.who, ask.pin, place, now);
}

std::string ChoicesJson(const WorkerOutcome& outcome) {
  JsonWriter json;
  json.BeginObject().Key("ticket").Text(outcome.ticket).Key("choices").BeginList();
  for (const WorkerChoice& choice : outcome.choices) {
    json.Text(MaskedName(choice.name));
  }
  json.EndList().EndObject();
  return json.Take();
}

HttpResponse LogIn(LoginDesk& desk, const HttpRequest& request) {
  const Language language = LanguageOf(request);
  const Messages& messages = desk.parts().messages;
  const auto body = ReadJsonBody(request);
  if (!body) {
    return ProblemResponse(body.error(), messages, language);
  }
  std::vector<FieldProblem> problems;
  const WorkerAsk ask = ReadAsk(*body, desk.parts().agency, problems);
  if (!problems.empty()) {
    return ProblemResponse(Invalid("request.fields_wrong"), messages, language, problems);
  }
  LoginPlace place = desk.PlaceOf(request);
  if (ask.wants_token) {
    place.browser.clear();  // A program: there is no browser to know again.
  }
  const auto outcome = Enter(desk, ask, place);
  if (!outcome) {
    return ProblemResponse(outcome.error(), messages, language);
  }
  if (!outcome->rule.empty()) {
    return desk.Refuse(request, outcome->rule, outcome->open_at);
  }
  const bool chosen = outcome->ticket.empty();
  HttpResponse response{
      chosen ? 201 : 200, kJsonType,
      chosen ? SessionJson(outcome->opened, nullptr, ask.wants_token) : ChoicesJson(*outcome), ""};
  response.AddHeader("Cache-Control", "no-store");
  if (chosen && !ask.wants_token) {
    desk.GiveSession(response, request, place, outcome->opened);
  }
  return response;
}

Result<HttpResponse> SetPin(LoginDesk& desk, Call& call) {
  if (call.who().kind != ActorKind::kWorker) {
    return Invalid("access.not_allowed");
  }
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  const std::string pin(reader.Text("pin", Need::kRequired).value_or(""));
  const std::string old_pin(reader.Text("old_pin", Need::kOptional).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_RETURN_IF_ERROR(desk.workers().SetPin(call.who(), pin, old_pin, call.now()));
  return HttpResponse{204, "", "", ""};
}

}  // namespace

void AddWorkerRoutes(Router& router, LoginDesk& desk) {
  router.Add(HttpMethod::kPost, "/v1/worker-codes",
             Open([&desk](const HttpRequest& request, Responder responder) {
               AnswerThenMakeCode(desk, request, std::move(responder));
             }),
             kOnWorker);
  router.Add(HttpMethod::kPost, "/v1/worker-sessions",
             Open(AtOnce([&desk](const HttpRequest& request) { return LogIn(desk, request); })),
             kOnWorker);
  router.Add(HttpMethod::kPut, "/v1/account/pin",
             desk.Account([&desk](Call& call) { return SetPin(desk, call); }), kOnWorker);
}

}  // namespace jaring
