#include "channels/http/worker_page.h"

#include <algorithm>

#include "access/audit.h"
#include "base/text.h"
#include "channels/http/cover_answer.h"
#include "channels/http/cover_page.h"
#include "channels/http/page_form.h"
#include "channels/http/recovery_page.h"
#include "channels/text/masking.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::string_view kLogin = "/masuk";

/// What somebody typed as herself: a phone, a NIK or a member number, told apart by their lengths.
struct TypedName {
  WorkerName who;
  std::string rule;  // What is wrong with it; empty: nothing.
};

TypedName ReadName(const std::string& text, bool allow_fake) {
  constexpr std::size_t kNikDigits = 16;
  constexpr std::size_t kMemberDigits = 11;
  std::string digits;
  for (const char c : text) {
    digits += IsDigit(c) ? std::string(1, c) : "";
  }
  TypedName typed;
  if (digits.size() == kNikDigits) {
    auto nik = Nik::Parse(digits, allow_fake);
    typed.rule = nik ? "" : nik.error().rule;
    typed.who.nik = nik ? std::optional(*nik) : std::nullopt;
    return typed;
  }
  // Phones begin with 0 or 62; member numbers do not begin with 0 and have 11 digits.
  if (digits.size() == kMemberDigits && digits.front() != '0' && !digits.starts_with("62")) {
    if (const auto member = MemberNumber::Parse(digits)) {
      typed.who.member = *member;
      return typed;
    }
  }
  auto phone = ParsePhone(text);
  typed.rule = phone ? "" : "worker_name.malformed";
  typed.who.phone = phone ? *phone : "";
  return typed;
}

std::string TabsHtml(const PageWords& words) {
  const std::string lang = "?lang=" + std::string(LanguageCode(words.language()));
  return "<p><a href=\"/cover" + lang + "\">" + words("worker/without_login") +
         "</a></p><p><a href=\"/login" + lang + "\">" + words("worker/staff_way") + "</a></p>";
}

HttpResponse ShowForms(const LoginDesk& desk, const PageWords& words, int status,
                       const std::string& alert) {
  const std::string phone = FieldHtml({.name = "phone",
                                       .label = words("worker/phone"),
                                       .hint = words("worker/phone_hint"),
                                       .type = "tel",
                                       .autocomplete = "tel"});
  const std::string number = FieldHtml({.name = "number",
                                        .label = words("worker/number"),
                                        .hint = words("worker/number_hint"),
                                        .more = "inputmode=\"numeric\""}) +
                             FieldHtml({.name = "pin",
                                        .label = words("worker/pin"),
                                        .type = "password",
                                        .autocomplete = "current-password",
                                        .more = "inputmode=\"numeric\" maxlength=\"6\""});
  const std::string body =
      "<div class=\"narrow\">" + alert + "<h1>" + words("worker/title") +
      "</h1><p class=\"lead\">" + words("worker/lead") + "</p><h2>" + words("worker/by_code") +
      "</h2>" + FormHtml(words, "/masuk", phone, words("worker/send_code")) + "<h2>" +
      words("worker/by_pin") + "</h2>" +
      FormHtml(words, "/masuk/pin", number, words("worker/enter")) +
      "<section class=\"card\"><h2>" + words("worker/no_phone") + "</h2><p>" +
      words("worker/no_phone_text") + "</p><p><a href=\"" + LoginDesk::PathIn(words, "/pemulihan") +
      "\">" + words("worker/no_phone_link") + "</a></p></section>" + TabsHtml(words) + "</div>";
  return desk.PrivatePage(status, words, words("worker/title"), "/masuk", body);
}

HttpResponse ShowCodeForm(const LoginDesk& desk, const PageWords& words, int status,
                          const std::string& alert, const std::string& phone) {
  const std::string inner =
      HiddenHtml("phone", phone) + FieldHtml({.name = "code",
                                              .label = words("worker/code"),
                                              .hint = words("worker/code_hint"),
                                              .autocomplete = "one-time-code",
                                              .more = "inputmode=\"numeric\" maxlength=\"7\""});
  const std::string lang = "?lang=" + std::string(LanguageCode(words.language()));
  const std::string outbox =
      desk.parts().agency.is_demo
          ? "<p><a href=\"/outbox" + lang + "\">" + words("worker/see_outbox") + "</a></p>"
          : "";
  const std::string body =
      "<div class=\"narrow\">" + alert + "<h1>" + words("worker/code_title") +
      "</h1><p class=\"lead\">" +
      EscapeHtml(desk.parts().messages.Text("worker_code.on_its_way", words.language())) + "</p>" +
      FormHtml(words, "/masuk/kode", inner, words("worker/enter")) + "<p class=\"soft\">" +
      EscapeHtml(desk.ContactWords(words.language())) + "</p>" + outbox + "<p><a href=\"/masuk" +
      lang + "\">" + words("worker/again") + "</a></p></div>";
  return desk.PrivatePage(status, words, words("worker/code_title"), "/masuk", body);
}

HttpResponse ShowChoices(const LoginDesk& desk, const PageWords& words,
                         const WorkerOutcome& outcome) {
  std::string forms;
  for (std::size_t i = 0; i < outcome.choices.size(); ++i) {
    const std::string inner =
        HiddenHtml("ticket", outcome.ticket) + HiddenHtml("choice", std::to_string(i));
    // Two of a family may share their first letters: the place tells them apart.
    forms += FormHtml(
        words, "/masuk/pilih", inner,
        EscapeHtml(MaskedName(outcome.choices[i].name)) + " (" + std::to_string(i + 1) + ")");
  }
  const std::string body = "<div class=\"narrow\"><h1>" + words("worker/who_title") +
                           "</h1><p class=\"lead\">" + words("worker/who_lead") + "</p>" + forms +
                           "</div>";
  return desk.PrivatePage(200, words, words("worker/who_title"), "/masuk", body);
}

/// Asks for a code; the work is done after the answer has left.
void Ask(LoginDesk& desk, const HttpRequest& request, Responder responder) {
  if (!IsFromOurPages(request)) {
    responder.Send(ErrorPage(desk.parts(), Invalid("request.cross_site"), request));
    return;
  }
  const PageWords words = desk.WordsFor(request);
  const std::string phone = PostedForm(request.body)("phone");
  const auto parsed = ParsePhone(phone);
  if (!parsed) {
    responder.Send(
        ShowForms(desk, words, 422, desk.RefusalHtml(words, parsed.error().rule, std::nullopt)));
    return;
  }
  const auto wait = desk.workers().CountAsk(desk.PlaceOf(request), desk.parts().now());
  if (!wait || *wait) {
    responder.Send(!wait ? ErrorPage(desk.parts(), wait.error(), request)
                         : ShowForms(desk, words, 429,
                                     desk.RefusalHtml(words, "login.too_many_attempts", *wait)));
    return;
  }
  const WorkerName who{.phone = *parsed};
  responder.Send(ShowCodeForm(desk, words, 200, "", phone));
  desk.MakeCodeAndSend(who);
}

/// In, one of several, or refused with `again`.
HttpResponse AnswerOutcome(LoginDesk& desk, const HttpRequest& request, const LoginPlace& place,
                           const Result<WorkerOutcome>& outcome,
                           const std::function<HttpResponse(int, const std::string&)>& again) {
  const PageWords words = desk.WordsFor(request);
  if (!outcome) {
    return ErrorPage(desk.parts(), outcome.error(), request);
  }
  if (!outcome->rule.empty()) {
    return again(HttpStatusOf(Invalid(outcome->rule)),
                 desk.RefusalHtml(words, outcome->rule, outcome->open_at));
  }
  if (!outcome->ticket.empty()) {
    return ShowChoices(desk, words, *outcome);
  }
  HttpResponse response = RedirectTo("/saya?lang=" + std::string(LanguageCode(words.language())));
  desk.GiveSession(response, request, place, outcome->opened);
  return response;
}

HttpResponse EnterCode(LoginDesk& desk, const HttpRequest& request) {
  const PageWords words = desk.WordsFor(request);
  const PostedForm form(request.body);
  const LoginPlace place = desk.PlaceOf(request);
  std::string code;
  for (const char c : form("code")) {
    code += IsDigit(c) ? std::string(1, c) : "";
  }
  const auto phone = ParsePhone(form("phone"));
  if (!phone) {
    return ShowForms(desk, words, 422, desk.RefusalHtml(words, phone.error().rule, std::nullopt));
  }
  return AnswerOutcome(
      desk, request, place,
      desk.workers().EnterByCode({.phone = *phone}, code, place, desk.parts().now()),
      [&](int status, const std::string& alert) {
        return ShowCodeForm(desk, words, status, alert, form("phone"));
      });
}

HttpResponse EnterPin(LoginDesk& desk, const HttpRequest& request) {
  const PageWords words = desk.WordsFor(request);
  const PostedForm form(request.body);
  const LoginPlace place = desk.PlaceOf(request);
  const auto again = [&](int status, const std::string& alert) {
    return ShowForms(desk, words, status, alert);
  };
  const TypedName typed = ReadName(form("number"), desk.parts().agency.is_demo);
  if (!typed.rule.empty() || !typed.who.phone.empty()) {
    return again(422, desk.RefusalHtml(words, "worker_name.malformed", std::nullopt));
  }
  return AnswerOutcome(desk, request, place,
                       desk.workers().EnterByPin(typed.who, form("pin"), place, desk.parts().now()),
                       again);
}

HttpResponse Pick(LoginDesk& desk, const HttpRequest& request) {
  const PageWords words = desk.WordsFor(request);
  const PostedForm form(request.body);
  const LoginPlace place = desk.PlaceOf(request);
  const auto choice = static_cast<std::size_t>(ParseInteger(form("choice")).value_or(-1));
  return AnswerOutcome(
      desk, request, place,
      desk.workers().Choose(form("ticket"), choice, place, desk.parts().now()),
      [&](int status, const std::string& alert) { return ShowForms(desk, words, status, alert); });
}

/// Forms of strangers' pages are refused before they are read.
Guarded OwnForm(LoginDesk& desk, HttpResponse (*handler)(LoginDesk&, const HttpRequest&)) {
  return Open(AtOnce([&desk, handler](const HttpRequest& request) {
    return IsFromOurPages(request)
               ? handler(desk, request)
               : ErrorPage(desk.parts(), Invalid("request.cross_site"), request);
  }));
}

struct OwnView {
  MemberView member;
  std::string branch;
  std::vector<AuditEntry> looks;
  std::vector<Branch> branches;
  std::vector<OpenRecovery> recoveries;
};

Result<OwnView> Look(const LoginDesk& desk, const Call& call) {
  constexpr std::int64_t kMostLooks = 50;
  std::optional<OwnView> view;
  const std::int64_t person_id = call.who().id;
  const auto read = desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        MemberView member,
        ViewMember(tx, desk.parts().agency, {{person_id, 1}, call.now().JakartaDate(), {}}));
    view.emplace(OwnView{.member = std::move(member)});
    JARING_ASSIGN_OR_RETURN(view->branch, FindBranchName(tx, view->member));
    JARING_ASSIGN_OR_RETURN(view->looks, ListAuditOfPerson(tx, person_id, 0, kMostLooks));
    JARING_ASSIGN_OR_RETURN(view->branches, ListBranches(tx));
    JARING_ASSIGN_OR_RETURN(view->recoveries, ListOpenRecoveries(tx, person_id, call.now()));
    return Done{};
  });
  return read ? Result<OwnView>(std::move(*view)) : read.error();
}

/// Who it was: a role and an office, never a name. "Petugas kantor cabang, Surakarta".
std::string WhoWords(const PageWords& words, const OwnView& view, const Principal& who) {
  std::string key(who.is_anonymous() ? "stranger" : RoleCode(who.role));
  for (char& c : key) {
    c = c == '-' ? '_' : c;
  }
  std::string text = words("role/" + key);
  for (const Branch& branch : view.branches) {
    if (who.scope.kind == ScopeKind::kBranch && branch.branch_id == who.scope.id) {
      text += ", " + EscapeHtml(branch.name);
    }
  }
  return text;
}

/// What was done, in words for the person it was done to; the action's name when there are none.
std::string DidWords(const PageWords& words, const AuditNote& note) {
  std::string key = "did/" + note.action;
  std::replace_if(
      key.begin(), key.end(), [](char c) { return c == ':' || c == '-'; }, '_');
  return words.Has(key) ? words(key)
                        : words(note.change.empty() ? "worker/looked" : "worker/changed") + " (" +
                              EscapeHtml(note.action) + ")";
}

std::string LooksHtml(const PageWords& words, const Call& call, const OwnView& view) {
  std::string rows;
  for (const AuditEntry& entry : view.looks) {
    if (entry.who.IsSameActor(call.who().kind, call.who().id)) {
      continue;
    }
    rows += "<li><div><b>" + WhoWords(words, view, entry.who) + "</b><p class=\"soft\">" +
            DidWords(words, entry.note) + "</p></div><div class=\"when\">" +
            MomentText(words, entry.at) + "</div></li>";
  }
  return "<section class=\"card\"><h2>" + words("worker/looks_title") + "</h2><p>" +
         words("worker/looks_lead") + "</p>" +
         (rows.empty() ? "<p>" + words("worker/looks_none") + "</p>"
                       : "<ul class=\"programmes\">" + rows + "</ul>") +
         "</section>";
}

std::string PinHtml(const PageWords& words) {
  const std::string_view digits = "inputmode=\"numeric\" maxlength=\"6\"";
  return "<section class=\"card\"><h2>" + words("worker/pin_title") +
         "</h2><form method=\"post\" action=\"/saya/pin?lang=" +
         std::string(LanguageCode(words.language())) + "\">" +
         FieldHtml({.name = "pin",
                    .label = words("worker/new_pin"),
                    .hint = words("worker/new_pin_hint"),
                    .type = "password",
                    .autocomplete = "new-password",
                    .more = digits}) +
         FieldHtml({.name = "old_pin",
                    .label = words("worker/old_pin"),
                    .hint = words("worker/old_pin_hint"),
                    .type = "password",
                    .autocomplete = "current-password",
                    .more = digits}) +
         "<button>" + words("worker/pin_set") + "</button></form></section>";
}

Result<HttpResponse> ShowOwn(const LoginDesk& desk, const Call& call, int status,
                             const std::string& top) {
  const PageWords words = desk.WordsFor(call.request());
  JARING_ASSIGN_OR_RETURN(const OwnView view, Look(desk, call));
  const std::string body =
      top + OwnRecoveriesHtml(words, view.recoveries) +
      CoverAnswerHtml(words, view.member, view.branch) + "<div class=\"narrow\">" +
      LooksHtml(words, call, view) + PinHtml(words) + WitnessFormHtml(words) +
      QuietHtml(FormHtml(words, "/saya/keluar", "", words("account/logout"))) + "</div>";
  return desk.PrivatePage(status, words, words("worker/own_title"), "/saya", body);
}

Result<HttpResponse> SetPin(LoginDesk& desk, Call& call) {
  const PostedForm form(call.request().body);
  const PageWords words = desk.WordsFor(call.request());
  const auto set = desk.workers().SetPin(call.who(), form("pin"), form("old_pin"), call.now());
  return set ? ShowOwn(desk, call, 200, NoticeHtml(words("worker/pin_ready")))
             : ShowOwn(desk, call, HttpStatusOf(set.error()),
                       desk.RefusalHtml(words, set.error().rule, std::nullopt));
}

Result<HttpResponse> StopOwn(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const std::int64_t id = ParseInteger(PostedForm(call.request().body)("recovery")).value_or(0);
  const auto stopped = desk.parts().database.Write([&](Tx& tx) {
    return StopRecoveryOf(tx, desk.parts().agency, call.who(), call.who().id, id, call.now());
  });
  return stopped ? ShowOwn(desk, call, 200, NoticeHtml(words("recovery/stopped")))
                 : ShowOwn(desk, call, HttpStatusOf(stopped.error()),
                           desk.RefusalHtml(words, stopped.error().rule, std::nullopt));
}

Result<HttpResponse> Witness(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const std::string code = PostedForm(call.request().body)("witness_code");
  // Guessing codes is slowed like asking for them.
  JARING_ASSIGN_OR_RETURN(const auto wait,
                          desk.workers().CountAsk(desk.PlaceOf(call.request()), call.now()));
  if (wait) {
    return ShowOwn(desk, call, 429, desk.RefusalHtml(words, "login.too_many_attempts", wait));
  }
  int missing = 0;
  const auto witnessed = desk.parts().database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(missing,
                            WitnessRecovery(tx, desk.parts().agency, call.who(), code, call.now()));
    return Done{};
  });
  if (!witnessed) {
    return ShowOwn(desk, call, HttpStatusOf(witnessed.error()),
                   desk.RefusalHtml(words, witnessed.error().rule, std::nullopt));
  }
  return ShowOwn(desk, call, 200,
                 NoticeHtml(words(missing == 0 ? "recovery/witnessed_all" : "recovery/witnessed",
                                  {std::to_string(missing)})));
}

HttpResponse ShowOutbox(const LoginDesk& desk, const HttpRequest& request) {
  constexpr int kMostShown = 30;
  const PageWords words = desk.WordsFor(request);
  std::vector<OutboxMessage> messages;
  const auto read = desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(messages,
                            ListNewestMessages(tx, desk.parts().agency.sealer, kMostShown));
    return Done{};
  });
  if (!read) {
    return ErrorPage(desk.parts(), read.error(), request);
  }
  std::string items;
  for (const OutboxMessage& message : messages) {
    items += "<li><div><b>+" + EscapeHtml(message.phone) + "</b><p>" + EscapeHtml(message.text) +
             "</p></div><div class=\"when\">" + MomentText(words, message.created_at) +
             "</div></li>";
  }
  const std::string body = "<div class=\"narrow\"><h1>" + words("outbox/title") +
                           "</h1><p class=\"lead\">" + words("outbox/lead") + "</p>" +
                           (items.empty() ? "<p>" + words("outbox/empty") + "</p>"
                                          : "<ul class=\"card programmes\">" + items + "</ul>") +
                           "</div>";
  return desk.PrivatePage(200, words, words("outbox/title"), "/outbox", body);
}

}  // namespace

void AddWorkerPages(Router& router, LoginDesk& desk) {
  router.Add(HttpMethod::kGet, "/masuk", Open(AtOnce([&desk](const HttpRequest& request) {
               return ShowForms(desk, desk.WordsFor(request), 200, "");
             })));
  router.Add(HttpMethod::kPost, "/masuk",
             Open([&desk](const HttpRequest& request, Responder responder) {
               Ask(desk, request, std::move(responder));
             }),
             kOnWorker);
  router.Add(HttpMethod::kPost, "/masuk/kode", OwnForm(desk, EnterCode), kOnWorker);
  router.Add(HttpMethod::kPost, "/masuk/pin", OwnForm(desk, EnterPin), kOnWorker);
  router.Add(HttpMethod::kPost, "/masuk/pilih", OwnForm(desk, Pick), kOnWorker);
  router.Add(HttpMethod::kGet, "/saya",
             desk.Page(ActorKind::kWorker, kLogin,
                       [&desk](Call& call) { return ShowOwn(desk, call, 200, ""); }),
             kOnWorker);
  const auto own = [&](const char* path, auto* handler) {
    router.Add(HttpMethod::kPost, path,
               desk.Page(ActorKind::kWorker, kLogin,
                         [&desk, handler](Call& call) { return handler(desk, call); }),
               kOnWorker);
  };
  own("/saya/pin", SetPin);
  own("/saya/pemulihan", StopOwn);
  own("/saya/saksi", Witness);
  router.Add(
      HttpMethod::kPost, "/saya/keluar",
      desk.Page(ActorKind::kWorker, kLogin, [&desk](Call& call) { return desk.LogOut(call); }),
      kOnWorker);
  // An agency of real people has no such page: it would show codes to whoever looks.
  if (desk.parts().agency.is_demo) {
    router.Add(
        HttpMethod::kGet, "/outbox",
        Open(AtOnce([&desk](const HttpRequest& request) { return ShowOutbox(desk, request); })),
        kOnWorker);
  }
}

}  // namespace jaring
