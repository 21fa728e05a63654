#include "channels/http/login_page.h"

#include "channels/http/oidc_api.h"
#include "channels/http/page_form.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};

/// The agency's own login comes first: who has one need not remember another password.
std::string ProviderHtml(const LoginDesk& desk, const PageWords& words) {
  if (!desk.parts().oidc.is_on()) {
    return "";
  }
  return "<section class=\"card\"><h2>" + words("oidc/title") + "</h2><p>" + words("oidc/lead") +
         "</p><p><a class=\"button\" href=\"" + LoginDesk::PathIn(words, kOidcStartPath) + "\">" +
         words("oidc/start") + "</a></p></section><h2>" + words("oidc/by_password") + "</h2>";
}

HttpResponse LoginForm(const LoginDesk& desk, const PageWords& words, int status,
                       const std::string& alert, const std::string& email,
                       const std::string& next) {
  std::string inner = HiddenHtml("next", next);
  inner += FieldHtml({.name = "email",
                      .label = words("login/email"),
                      .type = "email",
                      .autocomplete = "username",
                      .value = email});
  inner += FieldHtml({.name = "password",
                      .label = words("login/password"),
                      .type = "password",
                      .autocomplete = "current-password"});
  inner += FieldHtml({.name = "code",
                      .label = words("login/code"),
                      .hint = words("login/code_hint"),
                      .autocomplete = "one-time-code"});
  const std::string body =
      "<div class=\"narrow\">" + alert + "<h1>" + words("login/title") + "</h1><p class=\"lead\">" +
      words("login/lead") + "</p>" + ProviderHtml(desk, words) +
      FormHtml(words, "/login", inner, words("login/submit")) + "<p class=\"soft\">" +
      EscapeHtml(desk.ContactWords(words.language())) +
      "</p><p><a href=\"/masuk?lang=" + std::string(LanguageCode(words.language())) + "\">" +
      words("login/worker_way") + "</a></p></div>";
  return desk.PrivatePage(status, words, words("login/title"), "/login", body);
}

/// Where to go after the login; empty: where the user's work begins.
std::string ReadNext(const PostedForm& fields) {
  const std::string next = fields("next");
  return next.empty() ? "" : SafePath(next, "/account");
}

HttpResponse ShowLogin(const LoginDesk& desk, const HttpRequest& request) {
  const PageWords words = desk.WordsFor(request);
  const PostedForm query(request.query);
  return LoginForm(desk, words, 200, "", "", ReadNext(query));
}

HttpResponse DoLogin(LoginDesk& desk, const HttpRequest& request) {
  if (!IsFromOurPages(request)) {
    return ErrorPage(desk.parts(), Invalid("request.cross_site"), request);
  }
  const PageWords words = desk.WordsFor(request);
  const PostedForm form(request.body);
  const std::string next = ReadNext(form);
  LoginRequest login{.email = form("email"), .password = form("password")};
  const SecondFactorProof proof = ReadSecondFactor(form("code"));
  login.code = proof.code;
  login.recovery_code = proof.recovery_code;
  login.place = desk.PlaceOf(request);
  const auto outcome = desk.staff().LogIn(login, desk.parts().now());
  if (!outcome) {
    return ErrorPage(desk.parts(), outcome.error(), request);
  }
  if (!outcome->rule.empty()) {
    const std::string alert = desk.RefusalHtml(words, outcome->rule, outcome->open_at);
    HttpResponse response =
        LoginForm(desk, words, HttpStatusOf(Invalid(outcome->rule)), alert, form("email"), next);
    return response;
  }
  const Principal& who = outcome->opened.session.principal;
  // Without the second factor here means that none is set up: it is, on one's own account's page.
  const std::string home(who.second_factor ? HomePath(who) : "/account");
  const std::string path = next.empty() ? home : next;
  const bool has_query = path.find('?') != std::string::npos;
  HttpResponse response = RedirectTo(path + (has_query ? "&" : "?") +
                                     "lang=" + std::string(LanguageCode(words.language())));
  desk.GiveSession(response, request, login.place, outcome->opened);
  return response;
}

HttpResponse InviteForm(const LoginDesk& desk, const PageWords& words, int status,
                        const std::string& alert) {
  std::string inner = FieldHtml(
      {.name = "invite", .label = words("login/invite_code"), .autocomplete = "one-time-code"});
  inner += FieldHtml({.name = "new_password",
                      .label = words("login/new_password"),
                      .hint = words("login/new_password_hint"),
                      .type = "password",
                      .autocomplete = "new-password"});
  inner += FieldHtml({.name = "again",
                      .label = words("login/password_again"),
                      .type = "password",
                      .autocomplete = "new-password"});
  const std::string body = "<div class=\"narrow\">" + alert + "<h1>" + words("login/invite_title") +
                           "</h1><p class=\"lead\">" + words("login/invite_lead") + "</p>" +
                           FormHtml(words, "/invite", inner, words("login/invite_submit")) +
                           "</div>";
  return desk.PrivatePage(status, words, words("login/invite_title"), "/invite", body);
}

Result<Done> Redeem(LoginDesk& desk, const PostedForm& form) {
  const std::string password = form("new_password");
  if (password != form("again")) {
    return Invalid("password.not_twice_the_same");
  }
  std::int64_t user_id = 0;
  const Instant now = desk.parts().now();
  JARING_RETURN_IF_ERROR(desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(user_id, FindInvite(tx, form("invite"), now));
    return Done{};
  }));
  JARING_RETURN_IF_ERROR(desk.CheckNewPasswordOf(user_id, password));
  JARING_RETURN_IF_ERROR(desk.account().RedeemInvite(form("invite"), password, now));
  desk.gate().authenticator().ForgetAll();
  return Done{};
}

HttpResponse DoInvite(LoginDesk& desk, const HttpRequest& request) {
  if (!IsFromOurPages(request)) {
    return ErrorPage(desk.parts(), Invalid("request.cross_site"), request);
  }
  const PageWords words = desk.WordsFor(request);
  const auto redeemed = Redeem(desk, PostedForm(request.body));
  if (!redeemed) {
    return InviteForm(desk, words, HttpStatusOf(redeemed.error()),
                      desk.RefusalHtml(words, redeemed.error().rule, std::nullopt));
  }
  return RedirectTo("/login?lang=" + std::string(LanguageCode(words.language())));
}

}  // namespace

void AddLoginPages(Router& router, LoginDesk& desk) {
  const auto page = [&](auto* handler) {
    return Open(AtOnce([&desk, handler](const HttpRequest& r) { return handler(desk, r); }));
  };
  router.Add(HttpMethod::kGet, "/login", page(ShowLogin));
  router.Add(HttpMethod::kPost, "/login", page(DoLogin), kOnWorker);
  router.Add(HttpMethod::kGet, "/invite", Open(AtOnce([&desk](const HttpRequest& request) {
               return InviteForm(desk, desk.WordsFor(request), 200, "");
             })));
  router.Add(HttpMethod::kPost, "/invite", page(DoInvite), kOnWorker);
}

}  // namespace jaring
