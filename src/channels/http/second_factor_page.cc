#include "channels/http/second_factor_page.h"

#include "channels/http/page_form.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::string_view kPath = "/login/second-factor";

HttpResponse ShowForm(const LoginDesk& desk, const PageWords& words, int status,
                      const std::string& alert, const std::string& next) {
  const std::string inner =
      HiddenHtml("next", next) + FieldHtml({.name = "code",
                                            .label = words("login/code"),
                                            .hint = words("second_factor/code_hint"),
                                            .autocomplete = "one-time-code"});
  const std::string body =
      "<div class=\"narrow\">" + alert + "<h1>" + words("second_factor/title") +
      "</h1><p class=\"lead\">" + words("second_factor/lead") + "</p>" +
      FormHtml(words, kPath, inner, words("second_factor/submit")) + "<details><summary>" +
      words("second_factor/no_phone") + "</summary><p>" + words("second_factor/no_phone_text") +
      "</p><p>" + EscapeHtml(desk.ContactWords(words.language())) + "</p></details>" +
      QuietHtml(FormHtml(words, "/account/logout", "", words("account/logout"))) + "</div>";
  return desk.PrivatePage(status, words, words("second_factor/title"), kPath, body);
}

HttpResponse GoOn(const PageWords& words, const Principal& who, const std::string& next) {
  return RedirectTo(LoginDesk::PathIn(words, next.empty() ? HomePath(who) : next));
}

/// A path of ours without a query: where the user was going.
std::string ReadNext(const PostedForm& fields) {
  const std::string next = SafePath(fields("next"), "");
  return next.find('?') == std::string::npos ? next : "";
}

Result<HttpResponse> Show(const LoginDesk& desk, const Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const std::string next = ReadNext(PostedForm(call.request().query));
  if (call.who().second_factor) {
    return GoOn(words, call.who(), next);
  }
  std::optional<StaffUser> user;
  JARING_RETURN_IF_ERROR(desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(user, FindStaffUser(tx, call.who().id));
    return Done{};
  }));
  // Who has none sets it up on her own account's page first.
  return user && user->has_second_factor ? ShowForm(desk, words, 200, "", next)
                                         : RedirectTo(LoginDesk::PathIn(words, "/account"));
}

Result<HttpResponse> Raise(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const PostedForm form(call.request().body);
  const std::string next = ReadNext(form);
  const auto opened = desk.Raise(call, ReadSecondFactor(form("code")));
  if (!opened) {
    return ShowForm(desk, words, HttpStatusOf(opened.error()),
                    desk.RefusalHtml(words, opened.error().rule, std::nullopt), next);
  }
  HttpResponse response = GoOn(words, opened->session.principal, next);
  desk.GiveSession(response, call.request(), desk.PlaceOf(call.request()), *opened);
  return response;
}

}  // namespace

void AddSecondFactorPage(Router& router, LoginDesk& desk) {
  router.Add(
      HttpMethod::kGet, std::string(kPath),
      desk.Page(ActorKind::kStaffUser, "/login", [&desk](Call& call) { return Show(desk, call); }),
      kOnWorker);
  router.Add(
      HttpMethod::kPost, std::string(kPath),
      desk.Page(ActorKind::kStaffUser, "/login", [&desk](Call& call) { return Raise(desk, call); }),
      kOnWorker);
}

}  // namespace jaring
