#include "channels/http/oidc_api.h"

#include <openssl/crypto.h>

#include "access/oidc_user.h"
#include "base/base64.h"
#include "base/text.h"
#include "channels/http/form.h"
#include "channels/http/page_form.h"
#include "channels/http/session_api.h"
#include "registry/seal.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::string_view kCookiePlace = "oidc/browser";
constexpr std::int64_t kFlowMicros = 600'000'000;
constexpr std::size_t kRandomBytes = 32;
constexpr std::size_t kMaxCode = 2'000;

/// What the browser carries from the start to the callback, sealed: the server keeps nothing.
struct Flow {
  std::string state;
  std::string nonce;
  std::string verifier;  // PKCE.
  std::int64_t began_micros = 0;
  Language language = Language::kIndonesian;  // Of the page it began on.
};

std::string CookieText(const std::string& value, std::int64_t seconds) {
  // Lax: the provider's page sends the browser here, and a Strict cookie would stay at home.
  return std::string(kOidcCookie) + "=" + value +
         "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
}

Result<std::string> SealFlow(const Sealer& sealer, const Flow& flow) {
  const std::string text = flow.state + " " + flow.nonce + " " + flow.verifier + " " +
                           std::to_string(flow.began_micros) + " " +
                           std::string(LanguageCode(flow.language));
  JARING_ASSIGN_OR_RETURN(const std::string sealed, sealer.SealText(text, kCookiePlace));
  return ToBase64Url(sealed);
}

std::optional<Flow> UnsealFlow(const Sealer& sealer, std::string_view cookie) {
  const auto bytes = FromBase64Url(cookie);
  if (!bytes) {
    return std::nullopt;
  }
  const auto text = sealer.UnsealText(*bytes, kCookiePlace);
  if (!text) {
    return std::nullopt;
  }
  const auto words = Split(*text, ' ');
  const auto began = words.size() == 5 ? ParseInteger(words[3]) : std::nullopt;
  const auto language = began ? FindLanguage(words[4]) : std::nullopt;
  if (!language) {
    return std::nullopt;
  }
  return Flow{std::string(words[0]), std::string(words[1]), std::string(words[2]), *began,
              *language};
}

bool IsSame(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

class OidcDoor {
 public:
  OidcDoor(LoginDesk& desk, OidcSettings settings, Fetch fetch)
      : desk_(desk), provider_(std::move(settings), std::move(fetch)) {}

  HttpResponse Start(const HttpRequest& request) {
    const PageWords words = desk_.WordsFor(request);
    auto response = Begin(words.language());
    return response ? std::move(response).value() : Refuse(response.error(), words);
  }

  /// The cookie goes, whatever the outcome: a flow is walked once.
  HttpResponse Callback(const HttpRequest& request) {
    const auto flow = UnsealFlow(parts().agency.sealer, request.Cookie(kOidcCookie));
    // The provider does not say which language the login began in; the flow does.
    const PageWords words(parts().page_texts, flow ? flow->language : LanguageOf(request));
    auto response = Finish(request, flow, words);
    HttpResponse answer = response ? std::move(response).value() : Refuse(response.error(), words);
    answer.AddHeader("Set-Cookie", CookieText("", 0));
    return answer;
  }

 private:
  const SiteParts& parts() const { return desk_.parts(); }

  /// What went wrong, whom to ask, and the two ways on.
  HttpResponse Refuse(const Error& error, const PageWords& words) const {
    const std::string body =
        "<div class=\"narrow\"><h1>" + words("oidc/failed_title") + "</h1>" +
        AlertHtml(words, parts().messages.Text(error.rule, words.language())) +
        "<p class=\"soft\">" + EscapeHtml(desk_.ContactWords(words.language())) +
        "</p><p><a class=\"button\" href=\"" + LoginDesk::PathIn(words, kOidcStartPath) + "\">" +
        words("oidc/again") + "</a></p><p><a href=\"" + LoginDesk::PathIn(words, "/login") + "\">" +
        words("oidc/other_way") + "</a></p></div>";
    HttpResponse page =
        desk_.PrivatePage(HttpStatusOf(error), words, words("oidc/failed_title"), "/login", body);
    page.rule = error.rule;
    return page;
  }

  /// Not a redirect: the browser would not send the new Strict cookie on one that began elsewhere.
  HttpResponse Welcome(const PageWords& words, const Principal& who) const {
    const std::string home = LoginDesk::PathIn(words, HomePath(who));
    const std::string body = "<div class=\"narrow\"><h1>" + words("oidc/in_title") +
                             "</h1><p><a class=\"button\" href=\"" + home + "\">" +
                             words("oidc/go_on") + "</a></p></div>";
    HttpResponse page = desk_.PrivatePage(200, words, words("oidc/in_title"), "/login", body);
    page.AddHeader("Refresh", "0;url=" + home);
    return page;
  }

  Result<HttpResponse> Begin(Language language) {
    const Instant now = parts().now();
    const Flow flow{ToBase64Url(RandomBytes(kRandomBytes)), ToBase64Url(RandomBytes(kRandomBytes)),
                    ToBase64Url(RandomBytes(kRandomBytes)), now.micros(), language};
    JARING_ASSIGN_OR_RETURN(const std::string cookie, SealFlow(parts().agency.sealer, flow));
    JARING_ASSIGN_OR_RETURN(const std::string url,
                            provider_.AuthorizationUrl(flow.state, flow.nonce,
                                                       ToBase64Url(Sha256(flow.verifier)), now));
    HttpResponse response{303, kHtmlType, "", ""};
    response.AddHeader("Location", url);
    response.AddHeader("Cache-Control", "no-store");
    response.AddHeader("Set-Cookie", CookieText(cookie, kFlowMicros / 1'000'000));
    return response;
  }

  /// What the provider said of this browser's own flow.
  Result<std::string> CodeOf(const HttpRequest& request, const Flow& flow, Instant now) const {
    JARING_ASSIGN_OR_RETURN(const auto query, ParseForm(request.query));
    const std::int64_t age = now.micros() - flow.began_micros;
    if (age < 0 || age > kFlowMicros ||
        !IsSame(FindField(query, "state").value_or(""), flow.state)) {
      return Invalid("oidc.flow_unknown");
    }
    if (const auto issuer = FindField(query, "iss");
        issuer && *issuer != provider_.settings().issuer) {
      return Invalid("oidc.flow_unknown");  // RFC 9207: another provider's answer.
    }
    const auto code = FindField(query, "code");
    if (FindField(query, "error") || !code || code->empty() || code->size() > kMaxCode) {
      return Invalid("oidc.provider_refused");
    }
    return std::string(*code);
  }

  Result<HttpResponse> Finish(const HttpRequest& request, const std::optional<Flow>& flow,
                              const PageWords& words) {
    const Instant now = parts().now();
    if (!flow) {
      return Invalid("oidc.flow_unknown");
    }
    JARING_ASSIGN_OR_RETURN(const std::string code, CodeOf(request, *flow, now));
    JARING_ASSIGN_OR_RETURN(const OidcTokens tokens, provider_.Exchange(code, flow->verifier, now));
    JARING_ASSIGN_OR_RETURN(const IdToken token, provider_.Verify(tokens, flow->nonce, now));
    const LoginPlace place = desk_.PlaceOf(request);
    JARING_ASSIGN_OR_RETURN(const OpenedSession opened, Open(request, token, place, now));
    HttpResponse response = Welcome(words, opened.session.principal);
    desk_.GiveSession(response, request, place, opened);
    return response;
  }

  Result<OpenedSession> Open(const HttpRequest& request, const IdToken& token,
                             const LoginPlace& place, Instant now) {
    OpenedSession opened;
    JARING_RETURN_IF_ERROR(parts().database.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(opened,
                              OpenOidcSession(tx, parts().session_terms,
                                              {.issuer = provider_.settings().issuer,
                                               .subject = token.subject,
                                               .email = token.email,
                                               .second_factor = provider_.IsSecondFactor(token)},
                                              place.label, now));
      const AuditEntry entry{
          .at = now,
          .who = opened.session.principal,
          .note = {.action = "session:begin-at-provider",
                   .subject = "session " + std::to_string(opened.session.session_id)},
          .request_id = std::string(request.request_id)};
      return RecordAudit(tx, parts().agency.sealer.audit_key(), {&entry, 1});
    }));
    return opened;
  }

  LoginDesk& desk_;
  OidcProvider provider_;
};

Result<HttpResponse> Raise(LoginDesk& desk, Call& call) {
  if (call.who().kind != ActorKind::kStaffUser || call.who().session_id == 0) {
    return Invalid("access.not_allowed");
  }
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(call.request()));
  FieldReader reader(body, "", call.problems);
  SecondFactorProof proof;
  proof.code = reader.Text("code", Need::kOptional).value_or("");
  proof.recovery_code = reader.Text("recovery_code", Need::kOptional).value_or("");
  if (proof.code.empty() == proof.recovery_code.empty()) {
    reader.Refuse("code", "request.field_missing");
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const OpenedSession opened, desk.Raise(call, proof));
  const bool has_cookie = call.request().Header("Authorization").empty();
  HttpResponse response{200, kJsonType, SessionJson(opened, nullptr, !has_cookie), ""};
  response.AddHeader("Cache-Control", "no-store");
  if (has_cookie) {
    desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), opened);
  }
  return response;
}

}  // namespace

void AddOidcRoutes(Router& router, LoginDesk& desk) {
  router.Add(HttpMethod::kPost, "/v1/sessions/current/second-factor",
             desk.Account([&desk](Call& call) { return Raise(desk, call); }), kOnWorker);
  const SiteParts& parts = desk.parts();
  if (!parts.oidc.is_on()) {
    return;
  }
  const auto door = std::make_shared<OidcDoor>(desk, parts.oidc,
                                               parts.oidc_fetch ? parts.oidc_fetch : CurlFetch());
  router.Add(HttpMethod::kGet, std::string(kOidcStartPath),
             Open(AtOnce([door](const HttpRequest& request) { return door->Start(request); })),
             kOnWorker);
  router.Add(HttpMethod::kGet, "/oidc/callback",
             Open(AtOnce([door](const HttpRequest& request) { return door->Callback(request); })),
             kOnWorker);
}

}  // namespace jaring
