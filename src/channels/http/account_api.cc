#include "channels/http/account_api.h"

#include <qrencode.h>

#include "access/second_factor.h"
#include "access/totp.h"
#include "channels/http/page_shell.h"
#include "channels/http/session_api.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};

HttpResponse Private(int status, std::string body) {
  HttpResponse response{status, kJsonType, std::move(body), ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

/// These are about passwords; workers have none.
Result<Done> OnlyStaff(const Call& call) {
  return call.who().kind == ActorKind::kStaffUser ? Result<Done>(Done{})
                                                  : Invalid("access.not_allowed");
}

/// Text fields of a body, all required, by name.
Result<std::vector<std::string>> ReadTexts(Call& call, std::initializer_list<const char*> names) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  std::vector<std::string> texts;
  for (const char* name : names) {
    texts.emplace_back(reader.Text(name, Need::kRequired).value_or(""));
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  return texts;
}

std::string LabelOf(const Call& call) {
  return BrowserLabel(call.request().Header("User-Agent"));
}

/// A client with a cookie gets the new session as a cookie, one with a token as a token.
HttpResponse WithSession(LoginDesk& desk, const Call& call, JsonWriter& json,
                         const OpenedSession& opened) {
  const bool has_cookie = call.request().Header("Authorization").empty();
  json.Key("session_id").Integer(opened.session.session_id);
  if (!has_cookie) {
    json.Key("token").Text(opened.token);
  }
  json.EndObject();
  HttpResponse response = Private(200, json.Take());
  desk.gate().authenticator().ForgetAll();
  if (has_cookie) {
    desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), opened);
  }
  return response;
}

void WriteCodes(JsonWriter& json, const std::vector<std::string>& codes) {
  json.Key("recovery_codes").BeginList();
  for (const std::string& code : codes) {
    json.Text(code);
  }
  json.EndList();
}

Result<HttpResponse> Show(LoginDesk& desk, const Call& call) {
  const Principal& who = call.who();
  std::optional<StaffUser> user;
  std::int64_t codes = 0;
  JARING_RETURN_IF_ERROR(desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    if (who.kind == ActorKind::kStaffUser) {
      JARING_ASSIGN_OR_RETURN(user, FindStaffUser(tx, who.id));
      JARING_ASSIGN_OR_RETURN(codes, CountRecoveryCodes(tx, who.id));
    }
    return Done{};
  }));
  JsonWriter json;
  json.BeginObject().Key("kind").Text(ActorKindCode(who.kind));
  json.Key("id").Integer(who.id).Key("role").Text(RoleCode(who.role));
  json.Key("scope").BeginObject().Key("kind").Text(ScopeKindCode(who.scope.kind));
  json.Key("id").Integer(who.scope.id).EndObject();
  json.Key("second_factor").Bool(who.second_factor);
  if (user) {
    json.Key("email").Text(user->email).Key("name").Text(user->name);
    json.Key("second_factor_set_up").Bool(user->has_second_factor);
    json.Key("recovery_codes_left").Integer(codes);
    WriteGrants(json, *user);
  }
  json.EndObject();
  return Private(200, json.Take());
}

Result<HttpResponse> ChangePassword(LoginDesk& desk, Call& call) {
  JARING_RETURN_IF_ERROR(OnlyStaff(call));
  JARING_ASSIGN_OR_RETURN(const auto texts, ReadTexts(call, {"password", "new_password"}));
  JARING_RETURN_IF_ERROR(desk.CheckNewPasswordOf(call.who().id, texts[1]));
  JARING_RETURN_IF_ERROR(desk.account().ChangePassword(call.who(), texts[0], texts[1], call.now()));
  desk.gate().authenticator().ForgetAll();
  return HttpResponse{204, "", "", ""};
}

Result<HttpResponse> BeginFactor(LoginDesk& desk, Call& call) {
  JARING_RETURN_IF_ERROR(OnlyStaff(call));
  JARING_ASSIGN_OR_RETURN(const std::string secret,
                          desk.account().BeginSecondFactor(call.who(), call.now()));
  JARING_ASSIGN_OR_RETURN(const std::string uri, desk.OtpauthOf(call.who().id, secret));
  JsonWriter json;
  json.BeginObject().Key("secret").Text(Base32(secret)).Key("otpauth_uri").Text(uri);
  json.Key("qr_svg").Text(QrSvg(uri, "QR")).EndObject();
  return Private(200, json.Take());
}

Result<HttpResponse> ConfirmFactor(LoginDesk& desk, Call& call) {
  JARING_RETURN_IF_ERROR(OnlyStaff(call));
  JARING_ASSIGN_OR_RETURN(const auto texts, ReadTexts(call, {"code"}));
  JARING_ASSIGN_OR_RETURN(const auto ready, desk.account().ConfirmSecondFactor(
                                                call.who(), texts[0], LabelOf(call), call.now()));
  JsonWriter json;
  json.BeginObject();
  WriteCodes(json, ready.recovery_codes);
  return WithSession(desk, call, json, ready.opened);
}

Result<HttpResponse> RemoveFactor(LoginDesk& desk, Call& call) {
  JARING_RETURN_IF_ERROR(OnlyStaff(call));
  JARING_ASSIGN_OR_RETURN(const auto texts, ReadTexts(call, {"password", "code"}));
  JARING_ASSIGN_OR_RETURN(
      const auto opened,
      desk.account().RemoveSecondFactor(call.who(), texts[0], texts[1], LabelOf(call), call.now()));
  JsonWriter json;
  json.BeginObject();
  return WithSession(desk, call, json, opened);
}

Result<HttpResponse> RenewCodes(LoginDesk& desk, Call& call) {
  JARING_RETURN_IF_ERROR(OnlyStaff(call));
  JARING_ASSIGN_OR_RETURN(const auto texts, ReadTexts(call, {"password"}));
  JARING_ASSIGN_OR_RETURN(const auto codes,
                          desk.account().RenewRecoveryCodes(call.who(), texts[0], call.now()));
  JsonWriter json;
  json.BeginObject();
  WriteCodes(json, codes);
  json.EndObject();
  return Private(200, json.Take());
}

}  // namespace

std::string QrSvg(std::string_view text, std::string_view title) {
  constexpr int kQuiet = 4;
  QRcode* code = QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M);
  if (code == nullptr) {
    return "";
  }
  const std::string size = std::to_string(code->width + 2 * kQuiet);
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1U) != 0) {
        path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h1v1h-1z";
      }
    }
  }
  QRcode_free(code);
  return "<svg class=\"qr\" role=\"img\" aria-label=\"" + EscapeHtml(title) + "\" viewBox=\"0 0 " +
         size + " " + size +
         "\" width=\"232\" height=\"232\" "
         "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" +
         size + "v" + size + "H0z\"/><path fill=\"#000\" d=\"" + path + "\"/></svg>";
}

void AddAccountRoutes(Router& router, LoginDesk& desk) {
  const auto add = [&](HttpMethod method, const char* path, auto* handler) {
    router.Add(method, path,
               desk.Account([&desk, handler](Call& call) { return handler(desk, call); }),
               kOnWorker);
  };
  router.Add(HttpMethod::kGet, "/v1/account",
             desk.Account([&desk](Call& call) { return Show(desk, call); }), kOnWorker);
  add(HttpMethod::kPut, "/v1/account/password", ChangePassword);
  add(HttpMethod::kPut, "/v1/account/second-factor", BeginFactor);
  add(HttpMethod::kPut, "/v1/account/second-factor/confirmation", ConfirmFactor);
  add(HttpMethod::kPut, "/v1/account/second-factor/removal", RemoveFactor);
  add(HttpMethod::kPut, "/v1/account/recovery-codes", RenewCodes);
}

}  // namespace jaring
