#include "channels/http/account_page.h"

#include "access/audit.h"
#include "access/second_factor.h"
#include "access/totp.h"
#include "base/text.h"
#include "channels/http/account_api.h"
#include "channels/http/page_form.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::string_view kLogin = "/login";

struct AccountView {
  StaffUser user;
  std::vector<Session> sessions;
  std::int64_t codes_left = 0;
};

Result<AccountView> Look(const LoginDesk& desk, const Call& call) {
  AccountView view;
  const Principal& who = call.who();
  const auto read = desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUser(tx, who.id));
    if (!user) {
      return NotFound("user.unknown");
    }
    view.user = *user;
    JARING_ASSIGN_OR_RETURN(view.sessions, ListSessions(tx, who.kind, who.id, call.now()));
    JARING_ASSIGN_OR_RETURN(view.codes_left, CountRecoveryCodes(tx, who.id));
    return Done{};
  });
  return read ? Result<AccountView>(std::move(view)) : read.error();
}

std::string RoleWords(const PageWords& words, Role role) {
  std::string key(RoleCode(role));
  for (char& c : key) {
    c = c == '-' ? '_' : c;
  }
  return words("role/" + key);
}

std::string Section(const std::string& title, const std::string& inner) {
  return "<section class=\"card\"><h2>" + title + "</h2>" + inner + "</section>";
}

/// A small form within a section.
std::string InnerForm(const PageWords& words, std::string_view action, const std::string& inner,
                      const std::string& button) {
  return "<form method=\"post\" action=\"" + std::string(action) +
         "?lang=" + std::string(LanguageCode(words.language())) + "\">" + inner + "<button>" +
         button + "</button></form>";
}

std::string PasswordField(const PageWords& words, std::string_view name) {
  return FieldHtml({.name = name,
                    .label = words("account/present_password"),
                    .type = "password",
                    .autocomplete = "current-password"});
}

std::string CodeField(const PageWords& words) {
  return FieldHtml({.name = "code",
                    .label = words("account/code"),
                    .autocomplete = "one-time-code",
                    .more = "inputmode=\"numeric\" maxlength=\"7\""});
}

std::string RolesHtml(const PageWords& words, const Call& call, const AccountView& view) {
  std::string html =
      "<p>" + words("account/acting_as") + " <b>" + RoleWords(words, call.who().role) + "</b></p>";
  for (const RoleGrant& grant : view.user.grants) {
    if (grant.role == call.who().role && grant.scope == call.who().scope) {
      continue;
    }
    html += InnerForm(words, "/account/role", HiddenHtml("grant", std::to_string(grant.grant_id)),
                      words("account/act_as") + " " + RoleWords(words, grant.role) + " (" +
                          std::string(ScopeKindCode(grant.scope.kind)) +
                          (grant.scope.id == 0 ? "" : " " + std::to_string(grant.scope.id)) + ")");
  }
  return html;
}

std::string SecondFactorHtml(const PageWords& words, const AccountView& view) {
  if (!view.user.has_second_factor) {
    return "<p>" + words("account/factor_none") + "</p>" +
           InnerForm(words, "/account/second-factor", "", words("account/factor_begin"));
  }
  return "<p>" + words("account/factor_ready") + " " +
         words("account/codes_left", {std::to_string(view.codes_left)}) + "</p>" +
         InnerForm(words, "/account/recovery-codes", PasswordField(words, "password"),
                   words("account/codes_renew")) +
         "<details><summary>" + words("account/factor_remove") + "</summary>" +
         InnerForm(words, "/account/second-factor/removal",
                   FieldHtml({.name = "removal_password",
                              .label = words("account/present_password"),
                              .type = "password",
                              .autocomplete = "current-password"}) +
                       CodeField(words),
                   words("account/factor_remove")) +
         "</details>";
}

std::string SessionsHtml(const PageWords& words, const Call& call, const AccountView& view) {
  std::string html = "<ul class=\"programmes\">";
  for (const Session& session : view.sessions) {
    const bool is_current = session.session_id == call.who().session_id;
    html +=
        "<li><div><b>" + EscapeHtml(session.label) + "</b> " +
        (is_current ? "<span class=\"tag\">" + words("account/this_session") + "</span>" : "") +
        "<p class=\"soft\">" + MomentText(words, session.created_at) + "</p></div>" +
        (is_current
             ? ""
             : InnerForm(words, "/account/sessions",
                         HiddenHtml("session", std::to_string(session.session_id)),
                         words("account/end_session") + " " + std::to_string(session.session_id))) +
        "</li>";
  }
  html += "</ul>";
  if (view.sessions.size() > 1) {
    html += InnerForm(words, "/account/sessions", HiddenHtml("session", "others"),
                      words("account/end_others"));
  }
  return html;
}

std::string PasswordHtml(const PageWords& words) {
  return InnerForm(words, "/account/password",
                   FieldHtml({.name = "old_password",
                              .label = words("account/present_password"),
                              .type = "password",
                              .autocomplete = "current-password"}) +
                       FieldHtml({.name = "new_password",
                                  .label = words("login/new_password"),
                                  .hint = words("login/new_password_hint"),
                                  .type = "password",
                                  .autocomplete = "new-password"}) +
                       FieldHtml({.name = "again",
                                  .label = words("login/password_again"),
                                  .type = "password",
                                  .autocomplete = "new-password"}),
                   words("account/password_change"));
}

/// The way to the page where this user's work begins, if she has one.
std::string WorkHtml(const PageWords& words, std::string_view home) {
  if (!home.starts_with("/loket")) {
    return "";
  }
  return "<p><a href=\"" + LoginDesk::PathIn(words, home) + "\">" +
         words(home == "/loket" ? "account/counter" : "approval/title") + "</a></p>";
}

Result<HttpResponse> Show(const LoginDesk& desk, const Call& call, int status,
                          const std::string& top) {
  const PageWords words = desk.WordsFor(call.request());
  JARING_ASSIGN_OR_RETURN(const AccountView view, Look(desk, call));
  const std::string body =
      "<div class=\"narrow\">" + top + "<h1>" + words("account/title") + "</h1><p class=\"lead\">" +
      EscapeHtml(view.user.name) + "<br>" + EscapeHtml(view.user.email) + "</p>" +
      (call.who().second_factor ? "" : NoticeHtml(words("account/bare"))) +
      WorkHtml(words, HomePath(call.who())) +
      Section(words("account/roles"), RolesHtml(words, call, view)) +
      Section(words("account/factor"), SecondFactorHtml(words, view)) +
      Section(words("account/sessions"), SessionsHtml(words, call, view)) +
      Section(words("account/password"), PasswordHtml(words)) +
      QuietHtml(FormHtml(words, "/account/logout", "", words("account/logout"))) + "</div>";
  return desk.PrivatePage(status, words, words("account/title"), "/account", body);
}

/// The account again, with what went wrong on top.
Result<HttpResponse> ShowError(const LoginDesk& desk, const Call& call, const Error& error) {
  const PageWords words = desk.WordsFor(call.request());
  return Show(desk, call, HttpStatusOf(error), desk.RefusalHtml(words, error.rule, std::nullopt));
}

HttpResponse Back(const Call& call, std::string_view path = "/account") {
  return RedirectTo(std::string(path) + "?lang=" + std::string(LanguageCode(call.language())));
}

Result<HttpResponse> ShowSetUp(const LoginDesk& desk, const Call& call, const std::string& secret,
                               int status, const std::string& top) {
  const PageWords words = desk.WordsFor(call.request());
  JARING_ASSIGN_OR_RETURN(const std::string uri, desk.OtpauthOf(call.who().id, secret));
  const std::string body =
      "<div class=\"narrow\">" + top + "<h1>" + words("account/factor_title") + "</h1><p>" +
      words("account/factor_scan") + "</p>" + QrSvg(uri, words("account/qr_label")) + "<p>" +
      words("account/factor_type") + " <span class=\"secret\">" + Base32(secret) + "</span></p>" +
      FormHtml(words, "/account/second-factor/confirmation", CodeField(words),
               words("account/factor_confirm")) +
      "</div>";
  return desk.PrivatePage(status, words, words("account/factor_title"), "/account", body);
}

/// Shown once: after that only their hashes are left.
HttpResponse ShowCodes(const LoginDesk& desk, const Call& call,
                       const std::vector<std::string>& codes) {
  const PageWords words = desk.WordsFor(call.request());
  std::string list;
  for (const std::string& code : codes) {
    list += "<li class=\"secret\">" + EscapeHtml(code) + "</li>";
  }
  const std::string body = "<div class=\"narrow\"><h1>" + words("account/codes_title") +
                           "</h1><p class=\"lead\">" + words("account/codes_lead") +
                           "</p><ol class=\"card codes\">" + list + "</ol><p><a href=\"/account" +
                           "?lang=" + std::string(LanguageCode(words.language())) + "\">" +
                           words("account/codes_done") + "</a></p></div>";
  return desk.PrivatePage(200, words, words("account/codes_title"), "/account", body);
}

Result<HttpResponse> Begin(LoginDesk& desk, Call& call) {
  const auto secret = desk.account().BeginSecondFactor(call.who(), call.now());
  return secret ? ShowSetUp(desk, call, *secret, 200, "") : ShowError(desk, call, secret.error());
}

Result<HttpResponse> Confirm(LoginDesk& desk, Call& call) {
  const PostedForm form(call.request().body);
  const auto ready = desk.account().ConfirmSecondFactor(
      call.who(), form("code"), BrowserLabel(call.request().Header("User-Agent")), call.now());
  if (!ready && ready.error().rule == "second_factor.code_wrong") {
    std::string secret;
    JARING_RETURN_IF_ERROR(desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(secret,
                              FindBegunSecret(tx, desk.parts().agency.sealer, call.who().id));
      return Done{};
    }));
    const PageWords words = desk.WordsFor(call.request());
    return ShowSetUp(desk, call, secret, 422,
                     desk.RefusalHtml(words, ready.error().rule, std::nullopt));
  }
  if (!ready) {
    return ShowError(desk, call, ready.error());
  }
  desk.gate().authenticator().ForgetAll();
  HttpResponse response = ShowCodes(desk, call, ready->recovery_codes);
  desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), ready->opened);
  return response;
}

Result<HttpResponse> Remove(LoginDesk& desk, Call& call) {
  const PostedForm form(call.request().body);
  const auto opened = desk.account().RemoveSecondFactor(
      call.who(), form("removal_password"), form("code"),
      BrowserLabel(call.request().Header("User-Agent")), call.now());
  if (!opened) {
    return ShowError(desk, call, opened.error());
  }
  desk.gate().authenticator().ForgetAll();
  HttpResponse response = Back(call);
  desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), *opened);
  return response;
}

Result<HttpResponse> Renew(LoginDesk& desk, Call& call) {
  const PostedForm form(call.request().body);
  const auto codes = desk.account().RenewRecoveryCodes(call.who(), form("password"), call.now());
  return codes ? Result<HttpResponse>(ShowCodes(desk, call, *codes))
               : ShowError(desk, call, codes.error());
}

Result<Done> ChangePassword(LoginDesk& desk, const Call& call) {
  const PostedForm form(call.request().body);
  const std::string fresh = form("new_password");
  if (fresh != form("again")) {
    return Invalid("password.not_twice_the_same");
  }
  JARING_RETURN_IF_ERROR(desk.CheckNewPasswordOf(call.who().id, fresh));
  return desk.account().ChangePassword(call.who(), form("old_password"), fresh, call.now());
}

Result<HttpResponse> Password(LoginDesk& desk, Call& call) {
  const auto changed = ChangePassword(desk, call);
  if (!changed) {
    return ShowError(desk, call, changed.error());
  }
  desk.gate().authenticator().ForgetAll();
  const PageWords words = desk.WordsFor(call.request());
  return Show(desk, call, 200, NoticeHtml(words("account/password_changed")));
}

Result<HttpResponse> SwitchRole(LoginDesk& desk, Call& call) {
  const PostedForm form(call.request().body);
  JARING_ASSIGN_OR_RETURN(const AccountView view, Look(desk, call));
  for (const RoleGrant& grant : view.user.grants) {
    if (std::to_string(grant.grant_id) != form("grant")) {
      continue;
    }
    JARING_ASSIGN_OR_RETURN(
        const OpenedSession opened,
        desk.account().SwitchRole(call.who(), grant.role, grant.scope,
                                  BrowserLabel(call.request().Header("User-Agent")), call.now()));
    desk.gate().authenticator().ForgetAll();
    HttpResponse response = Back(call);
    desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), opened);
    return response;
  }
  return ShowError(desk, call, Invalid("login.no_role"));
}

Result<HttpResponse> EndSome(LoginDesk& desk, Call& call) {
  const std::string which = PostedForm(call.request().body)("session");
  const Principal& who = call.who();
  const auto ended = desk.EndSessionsOf(call, [&](Tx& tx) {
    return which == "others"
               ? EndSessions(tx, who.kind, who.id, who.session_id, call.now())
               : EndSession(tx, who.kind, who.id, ParseInteger(which).value_or(0), call.now());
  });
  return ended ? Result<HttpResponse>(Back(call)) : ShowError(desk, call, ended.error());
}

}  // namespace

void AddAccountPages(Router& router, LoginDesk& desk) {
  const auto add = [&](const char* path, auto* handler) {
    router.Add(HttpMethod::kPost, path,
               desk.Page(ActorKind::kStaffUser, kLogin,
                         [&desk, handler](Call& call) { return handler(desk, call); }),
               kOnWorker);
  };
  router.Add(HttpMethod::kGet, "/account",
             desk.Page(ActorKind::kStaffUser, kLogin,
                       [&desk](Call& call) { return Show(desk, call, 200, ""); }),
             kOnWorker);
  add("/account/second-factor", Begin);
  add("/account/second-factor/confirmation", Confirm);
  add("/account/second-factor/removal", Remove);
  add("/account/recovery-codes", Renew);
  add("/account/password", Password);
  add("/account/role", SwitchRole);
  add("/account/sessions", EndSome);
  router.Add(
      HttpMethod::kPost, "/account/logout",
      desk.Page(ActorKind::kStaffUser, kLogin, [&desk](Call& call) { return desk.LogOut(call); }),
      kOnWorker);
}

}  // namespace jaring
