#include "channels/http/login_desk.h"

#include <array>

#include "access/agency_setting.h"
#include "access/audit.h"
#include "access/totp.h"
#include "base/text.h"
#include "channels/http/page_form.h"

namespace jaring {
namespace {

constexpr std::string_view kYearSeconds = "31536000";

struct Mark {
  std::string_view word;
  std::string_view name;
};

// The first that is found counts: each of these also says it is the ones below it.
constexpr std::array<Mark, 8> kBrowsers = {{{"Edg", "Edge"},
                                            {"OPR/", "Opera"},
                                            {"SamsungBrowser", "Samsung Internet"},
                                            {"UCBrowser", "UC Browser"},
                                            {"Firefox", "Firefox"},
                                            {"Chrome", "Chrome"},
                                            {"Safari", "Safari"},
                                            {"curl", "curl"}}};
constexpr std::array<Mark, 6> kSystems = {{{"Android", "Android"},
                                           {"iPhone", "iPhone"},
                                           {"iPad", "iPad"},
                                           {"Windows", "Windows"},
                                           {"Mac OS", "macOS"},
                                           {"Linux", "Linux"}}};

template <std::size_t n>
std::string_view NameIn(const std::array<Mark, n>& marks, std::string_view text) {
  for (const Mark& mark : marks) {
    if (text.find(mark.word) != std::string_view::npos) {
      return mark.name;
    }
  }
  return "";
}

bool LooksLikeToken(std::string_view text) {
  constexpr std::size_t kTokenLetters = 43;
  return text.size() == kTokenLetters;
}

}  // namespace

std::string BrowserLabel(std::string_view user_agent) {
  const std::string_view browser = NameIn(kBrowsers, user_agent);
  const std::string_view system = NameIn(kSystems, user_agent);
  if (browser.empty() && system.empty()) {
    return "-";
  }
  std::string label(browser.empty() ? system : browser);
  if (!browser.empty() && !system.empty()) {
    label.append(", ").append(system);
  }
  return label;
}

SecondFactorProof ReadSecondFactor(std::string_view typed) {
  constexpr std::size_t kAppDigits = 6;
  std::size_t digits = 0;
  bool is_app_code = true;
  for (const char c : typed) {
    digits += IsDigit(c) ? 1U : 0U;
    is_app_code = is_app_code && (IsDigit(c) || c == ' ');
  }
  is_app_code = is_app_code && digits == kAppDigits;
  SecondFactorProof proof;
  (is_app_code ? proof.code : proof.recovery_code) = typed;
  return proof;
}

std::string_view HomePath(const Principal& who) {
  if (who.kind == ActorKind::kWorker) {
    return "/saya";
  }
  if (!who.second_factor) {
    return "/login/second-factor";
  }
  if (IsAllowed(Action::kRecoverAccess, who.role) || who.role == Role::kAgent) {
    return "/loket";
  }
  if (IsAllowed(Action::kDecideApprovals, who.role)) {
    return "/loket/persetujuan";
  }
  return IsAllowed(Action::kReadInsight, who.role) ? "/" : "/account";
}

LoginDesk::LoginDesk(const SiteParts& parts, Gate& gate, std::function<void()> wake_sender)
    : parts_(parts),
      gate_(gate),
      hasher_(parts.password_cost),
      staff_(parts.database, parts.agency.sealer, hasher_, parts.session_terms),
      account_(parts.database, parts.agency.sealer, hasher_, parts.session_terms),
      workers_(parts.database, parts.agency, hasher_, parts.session_terms),
      wake_sender_(std::move(wake_sender)) {
  if (auto list = PasswordList::Load(parts.breached_passwords)) {
    passwords_ = std::move(list).value();
  }
}

void LoginDesk::MakeCodeAndSend(const WorkerName& who) {
  if (workers_.MakeCode(who, parts_.now())) {
    wake_sender_();
  }
}

LoginPlace LoginDesk::PlaceOf(const HttpRequest& request) const {
  LoginPlace place;
  const std::string_view cookie = request.Cookie(kBrowserCookie);
  place.browser = LooksLikeToken(cookie) ? std::string(cookie) : NewToken();
  // Not the address alone: a whole office may sit behind one.
  place.caller = std::string(request.peer) + "\n" + std::string(request.Header("User-Agent"));
  place.label = BrowserLabel(request.Header("User-Agent"));
  return place;
}

Result<Done> LoginDesk::CheckNewPassword(std::string_view password,
                                         const PasswordOwner& owner) const {
  if (!passwords_) {
    return Internal("password_list.missing");
  }
  return CheckPassword(*passwords_, password, owner);
}

Result<Done> LoginDesk::CheckNewPasswordOf(std::int64_t user_id, std::string_view password) const {
  std::optional<StaffUser> user;
  JARING_RETURN_IF_ERROR(parts_.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(user, FindStaffUser(tx, user_id));
    return Done{};
  }));
  return user ? CheckNewPassword(password, {user->email, user->name}) : NotFound("user.unknown");
}

Result<std::string> LoginDesk::OtpauthOf(std::int64_t user_id, std::string_view secret) const {
  std::optional<StaffUser> user;
  JARING_RETURN_IF_ERROR(parts_.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(user, FindStaffUser(tx, user_id));
    return Done{};
  }));
  return user ? Result<std::string>(OtpauthUri("Jaring", user->email, secret))
              : NotFound("user.unknown");
}

std::string LoginDesk::ContactWords(Language language) const {
  std::string contact;
  const auto read = parts_.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(contact, FindContact(tx));
    return Done{};
  });
  if (!read || contact.empty()) {
    return parts_.messages.Text("login.contact_operator", language);
  }
  return parts_.messages.Text("login.contact", language) + " " + contact;
}

HttpResponse LoginDesk::Refuse(const HttpRequest& request, const std::string& rule,
                               std::optional<Instant> open_at) const {
  const Language language = LanguageOf(request);
  ProblemMore more{.contact = ContactWords(language)};
  if (open_at) {
    more.retry_after_seconds = (open_at->micros() - parts_.now().micros()) / 1'000'000 + 1;
  }
  return ProblemResponse(Invalid(rule), parts_.messages, language, {}, more);
}

void LoginDesk::GiveSession(HttpResponse& response, const HttpRequest& request,
                            const LoginPlace& place, const OpenedSession& opened) {
  const Session& session = opened.session;
  const std::int64_t lifetime = session.expires_at.micros() - session.created_at.micros();
  response.AddHeader("Set-Cookie", SessionCookie(opened.token, lifetime));
  if (request.Cookie(kBrowserCookie) != place.browser) {
    response.AddHeader("Set-Cookie", std::string(kBrowserCookie) + "=" + place.browser +
                                         "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=" +
                                         std::string(kYearSeconds));
  }
  // The browser keeps one session: the one it had must not live on unseen.
  const auto old = gate_.authenticator().Identify(request);
  if (!old || old->is_anonymous() || old->session_id == session.session_id) {
    return;
  }
  const auto ended = parts_.database.Write([&](Tx& tx) {
    return EndSession(tx, old->kind, old->id, old->session_id, session.created_at);
  });
  if (ended) {
    gate_.authenticator().ForgetAll();
  }
}

Result<OpenedSession> LoginDesk::Raise(Call& call, const SecondFactorProof& proof) {
  constexpr AttemptLimits kLimits;
  const Principal& who = call.who();
  if (who.kind != ActorKind::kStaffUser || who.session_id == 0) {
    return Invalid("access.not_allowed");
  }
  const Sealer& sealer = parts_.agency.sealer;
  const std::string key = AttemptKeys(sealer).Of("raise", std::to_string(who.id));
  // In a transaction of its own, so that a refusal does not take the count back.
  std::optional<Instant> open_at;
  JARING_RETURN_IF_ERROR(parts_.database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(open_at, CountAttempt(tx, key, kLimits, call.now()));
    return Done{};
  }));
  if (open_at) {
    return Invalid("login.too_many_attempts");
  }
  OpenedSession opened;
  call.Note({.action = "session:raise", .subject = "second factor"});
  JARING_RETURN_IF_ERROR(WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        opened, RaiseSession(tx, sealer, parts_.session_terms, who, proof,
                             BrowserLabel(call.request().Header("User-Agent")), call.now()));
    return ForgetAttempts(tx, key);
  }));
  gate_.authenticator().ForgetAll();
  return opened;
}

Result<Done> LoginDesk::WriteNoted(Call& call, const std::function<Result<Done>(Tx&)>& work) {
  auto done = parts_.database.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(work(tx));
    return RecordAudit(tx, parts_.agency.sealer.audit_key(), call.TakeEntries());
  });
  static_cast<void>(call.TakeEntries());  // What was rolled back was not seen.
  return done;
}

Guarded LoginDesk::Account(AccountHandler handler) {
  return gate_.Queued(Action::kUseOwnAccount,
                      [this, handler = std::move(handler)](Call call, Responder responder) {
                        auto response = handler(call);
                        responder.Send(response ? std::move(response).value()
                                                : ProblemResponse(response.error(), parts_.messages,
                                                                  call.language(), call.problems));
                      });
}

Result<Done> LoginDesk::EndSessionsOf(Call& call, const std::function<Result<Done>(Tx&)>& end) {
  call.Note({.action = "session:end", .subject = std::string(call.request().path)});
  const std::vector<AuditEntry> entries = call.TakeEntries();
  auto ended = parts_.database.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(end(tx));
    return RecordAudit(tx, parts_.agency.sealer.audit_key(), entries);
  });
  gate_.authenticator().ForgetAll();
  return ended;
}

Result<HttpResponse> LoginDesk::LogOut(Call& call) {
  const Principal who = call.who();
  JARING_RETURN_IF_ERROR(EndSessionsOf(
      call, [&](Tx& tx) { return EndSession(tx, who.kind, who.id, who.session_id, call.now()); }));
  HttpResponse response = RedirectTo("/cover?lang=" + std::string(LanguageCode(call.language())));
  response.AddHeader("Set-Cookie", EndedSessionCookie());
  return response;
}

std::string LoginDesk::PathIn(const PageWords& words, std::string_view path) {
  return std::string(path) + "?lang=" + std::string(LanguageCode(words.language()));
}

PageWords LoginDesk::WordsFor(const HttpRequest& request) const {
  return {parts_.page_texts, LanguageOf(request)};
}

HttpResponse LoginDesk::PrivatePage(int status, const PageWords& words, const std::string& title,
                                    std::string_view path, std::string body) const {
  HttpResponse response =
      PageResponse(status, words, {title, path, "login", std::move(body), parts_.agency.is_demo});
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

std::string LoginDesk::RefusalHtml(const PageWords& words, const std::string& rule,
                                   std::optional<Instant> open_at) const {
  std::string sentence = parts_.messages.Text(rule, words.language());
  if (open_at) {
    // Rounded up: who comes at that minute gets in.
    sentence += " (" + MomentText(words, Instant::FromMicros(open_at->micros() + 59'999'999)) + ")";
  }
  if (rule.starts_with("login.")) {
    sentence += " " + ContactWords(words.language());
  }
  return AlertHtml(words, sentence);
}

void LoginDesk::AnswerPage(const HttpRequest& request, const Principal& who, Action action,
                           const AccountHandler& handler, Responder& responder) {
  responder.NoteCaller(ActorKindCode(who.kind), who.id);
  if (const RateVerdict verdict = gate_.Take(who, action, request); !verdict.allowed) {
    HttpResponse wait =
        ErrorPage(parts_, {ErrorCode::kUnavailable, "request.too_many", ""}, request);
    wait.AddHeader("Retry-After", std::to_string(verdict.retry_after_seconds));
    responder.Send(std::move(wait));
    return;
  }
  Call call(request, who, action, parts_.now(), LanguageOf(request));
  auto response = handler(call);
  responder.Send(response ? std::move(response).value()
                          : ErrorPage(parts_, response.error(), request));
}

Guarded LoginDesk::StaffPage(Action action, AccountHandler handler) {
  return {action, [this, action, handler = std::move(handler)](const HttpRequest& request,
                                                               Responder responder) {
            const auto who = gate_.Admit(request, action);
            if (!who || who->kind != ActorKind::kStaffUser) {
              const std::string rule = who ? "login.required" : who.error().rule;
              const bool bare = rule == "access.second_factor_needed";
              if (!bare && rule != "login.required" && rule != "login.token_unknown") {
                responder.Send(ErrorPage(parts_, who.error(), request));
                return;
              }
              const bool may_return = request.method == HttpMethod::kGet;
              responder.Send(RedirectTo(
                  PathIn(WordsFor(request), bare ? "/login/second-factor" : "/login") +
                  (may_return ? "&next=" + EncodeForm(SafePath(request.path, "/")) : "")));
              return;
            }
            AnswerPage(request, *who, action, handler, responder);
          }};
}

Guarded LoginDesk::Page(ActorKind kind, std::string_view login_path, AccountHandler handler) {
  constexpr Action kAction = Action::kUseOwnAccount;
  return {
      kAction, [this, kind, login_path, handler = std::move(handler)](const HttpRequest& request,
                                                                      Responder responder) {
        const auto who = gate_.Admit(request, kAction);
        if (!who && who.error().rule == "request.cross_site") {
          responder.Send(ErrorPage(parts_, who.error(), request));
          return;
        }
        if (!who || who->kind != kind) {
          const bool may_return = request.method == HttpMethod::kGet;
          responder.Send(RedirectTo(
              std::string(login_path) + "?lang=" + std::string(LanguageCode(LanguageOf(request))) +
              (may_return ? "&next=" + EncodeForm(SafePath(request.path, "/")) : "")));
          return;
        }
        AnswerPage(request, *who, kAction, handler, responder);
      }};
}

}  // namespace jaring
