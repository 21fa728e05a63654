#include "channels/http/counter_page.h"

#include "access/consent.h"
#include "base/text.h"
#include "channels/http/page_form.h"
#include "channels/http/recovery_desk.h"
#include "channels/http/recovery_page.h"
#include "channels/text/masking.h"
#include "registry/person_phone.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::string_view kPath = "/loket";

/// What is shown of a person at the counter.
struct CounterView {
  PersonContact person;
  std::vector<OpenRecovery> open;
  std::optional<Instant> asked_at;  // Waits for a second person.
};

/// What was typed to ask for a new phone; shown again when something is wrong with it.
struct AskForm {
  std::string phone;
  std::string reason;
  bool checked = false;
  bool consent = false;
};

/// NIK or member number, told apart by their lengths; 0: nobody.
///
/// Errors: those of Nik::Parse and MemberNumber::Parse.
Result<std::int64_t> FindTyped(Tx& tx, const Agency& agency, const std::string& typed) {
  constexpr std::size_t kMemberDigits = 11;
  std::string digits;
  for (const char c : typed) {
    digits += IsDigit(c) ? std::string(1, c) : "";
  }
  if (digits.size() == kMemberDigits) {
    JARING_ASSIGN_OR_RETURN(const MemberNumber member, MemberNumber::Parse(digits));
    return member.person_id;
  }
  JARING_ASSIGN_OR_RETURN(const Nik nik, Nik::Parse(digits, agency.is_demo));
  JARING_ASSIGN_OR_RETURN(const auto person_id, FindPersonByNik(tx, agency, nik));
  return person_id.value_or(0);
}

/// Errors: member.unknown (also out of scope).
Result<CounterView> Look(Tx& tx, const Agency& agency, Call& call, std::int64_t person_id) {
  JARING_RETURN_IF_ERROR(call.See(tx, person_id));
  CounterView view;
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonContact(tx, agency.sealer, person_id));
  if (!person) {
    return NotFound("member.unknown");
  }
  view.person = *person;
  JARING_ASSIGN_OR_RETURN(view.open, ListOpenRecoveries(tx, person_id, call.now()));
  JARING_ASSIGN_OR_RETURN(view.asked_at, FindRecoveryAsked(tx, person_id));
  return view;
}

HttpResponse ShowSearch(const LoginDesk& desk, const PageWords& words, int status,
                        const std::string& top) {
  const std::string number = FieldHtml({.name = "number",
                                        .label = words("worker/number"),
                                        .hint = words("worker/number_hint"),
                                        .more = "inputmode=\"numeric\""});
  const std::string body =
      "<div class=\"narrow\">" + top + "<h1>" + words("counter/title") + "</h1><p class=\"lead\">" +
      words("counter/lead") + "</p>" + FormHtml(words, kPath, number, words("counter/find")) +
      "<p><a href=\"" + LoginDesk::PathIn(words, "/pemulihan") + "\">" +
      words("counter/witness_way") + "</a></p><p><a href=\"" +
      LoginDesk::PathIn(words, "/account") + "\">" + words("account/title") + "</a></p></div>";
  return desk.PrivatePage(status, words, words("counter/title"), kPath, body);
}

std::string AskHtml(const PageWords& words, std::int64_t person_id, const AskForm& form) {
  std::string inner = HiddenHtml("person", std::to_string(person_id));
  inner += FieldHtml({.name = "new_phone",
                      .label = words("recovery/new_phone"),
                      .hint = words("recovery/new_phone_hint"),
                      .type = "tel",
                      .value = form.phone});
  inner += FieldHtml({.name = "reason",
                      .label = words("counter/reason"),
                      .hint = words("counter/reason_hint"),
                      .value = form.reason});
  inner += TickHtml("identity_checked", words("counter/checked"), form.checked);
  inner += TickHtml("consent", words("counter/consent"), form.consent);
  return "<h2>" + words("counter/begin_title") + "</h2><p>" +
         words("counter/begin_text",
               {std::to_string(RecoveryTerms{}.delay_micros / 86'400'000'000)}) +
         "</p>" + FormHtml(words, "/loket/pemulihan", inner, words("counter/begin"));
}

std::string StateHtml(const PageWords& words, const CounterView& view, bool may_stop) {
  std::string html;
  if (view.asked_at) {
    html += "<p>" + words("recovery/asked_at", {MomentText(words, *view.asked_at)}) + "</p><p><b>" +
            words("counter/waits_for_approval") + "</b></p>";
  }
  for (const OpenRecovery& recovery : view.open) {
    html += RecoveryStateHtml(words, recovery);
    if (may_stop) {
      html += "<form method=\"post\" action=\"" +
              LoginDesk::PathIn(words, "/loket/pemulihan/hentikan") + "\">" +
              HiddenHtml("person", std::to_string(view.person.person_id)) +
              HiddenHtml("recovery", std::to_string(recovery.recovery_id)) + "<button>" +
              words("counter/stop") + "</button></form>";
    }
  }
  return "<section class=\"card\"><h2>" + words("counter/state_title") + "</h2>" +
         (html.empty() ? "<p>" + words("counter/state_none") + "</p>" : html) + "</section>";
}

HttpResponse ShowPerson(const LoginDesk& desk, const Call& call, int status,
                        const CounterView& view, const AskForm& form, const std::string& top) {
  const PageWords words = desk.WordsFor(call.request());
  const bool may_recover = IsAllowed(Action::kRecoverAccess, call.who().role);
  const PersonContact& person = view.person;
  const std::string phone =
      person.phone.empty() ? words("counter/no_phone") : EscapeHtml(MaskedPhone(person.phone));
  const std::string name = EscapeHtml(call.sees_identity() ? person.name : MaskedName(person.name));
  const bool can_begin = may_recover && !view.asked_at;
  const std::string body =
      "<div class=\"narrow\">" + top + "<h1>" + name + "</h1><p class=\"lead\">" +
      words("counter/phone_now") + " <b>" + phone + "</b>" +
      (call.sees_identity()
           ? "<br>" + words("counter/born") + " " + EscapeHtml(words.Day(person.birth_date))
           : "") +
      "</p>" + StateHtml(words, view, may_recover) +
      (can_begin ? AskHtml(words, person.person_id, form) : "") +
      (may_recover ? "" : "<p>" + words("counter/not_here") + "</p>") + "<p><a href=\"" +
      LoginDesk::PathIn(words, "/pemulihan") + "\">" + words("counter/witness_way") +
      "</a></p><p><a href=\"" + LoginDesk::PathIn(words, kPath) + "\">" + words("counter/another") +
      "</a></p></div>";
  return desk.PrivatePage(status, words, words("counter/title"), kPath, body);
}

Result<HttpResponse> Find(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const std::string typed = PostedForm(call.request().body)("number");
  const Agency& agency = desk.parts().agency;
  CounterView view;
  const auto found = desk.WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, FindTyped(tx, agency, typed));
    JARING_ASSIGN_OR_RETURN(view, Look(tx, agency, call, person_id));
    return Done{};
  });
  return found ? ShowPerson(desk, call, 200, view, {}, "")
               : ShowSearch(desk, words, HttpStatusOf(found.error()),
                            desk.RefusalHtml(words, found.error().rule, std::nullopt));
}

/// The person again after something was done, or was refused.
Result<HttpResponse> ShowAgain(LoginDesk& desk, Call& call, std::int64_t person_id,
                               const AskForm& form, const Result<Done>& done,
                               const std::string& notice) {
  const PageWords words = desk.WordsFor(call.request());
  CounterView view;
  JARING_RETURN_IF_ERROR(desk.WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(view, Look(tx, desk.parts().agency, call, person_id));
    return Done{};
  }));
  return done ? ShowPerson(desk, call, 200, view, {}, NoticeHtml(notice))
              : ShowPerson(desk, call, HttpStatusOf(done.error()), view, form,
                           desk.RefusalHtml(words, done.error().rule, std::nullopt));
}

Result<HttpResponse> Ask(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const PostedForm posted(call.request().body);
  const AskForm form{.phone = posted("new_phone"),
                     .reason = posted("reason"),
                     .checked = posted("identity_checked") == "yes",
                     .consent = posted("consent") == "yes"};
  CounterRecovery recovery{.person_id = ParseInteger(posted("person")).value_or(0),
                           .new_phone = "",
                           .reason = form.reason,
                           .identity_checked = form.checked,
                           .consent_text_version = ""};
  recovery.consent_text_version = form.consent ? kHelperWords : "";
  const auto done = desk.WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(recovery.new_phone, ParsePhone(form.phone));
    JARING_RETURN_IF_ERROR(AskRecoveryAtCounter(tx, desk.parts().agency, call, recovery));
    return Done{};
  });
  return ShowAgain(desk, call, recovery.person_id, form, done, words("counter/asked"));
}

Result<HttpResponse> Stop(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const PostedForm posted(call.request().body);
  const std::int64_t person_id = ParseInteger(posted("person")).value_or(0);
  const std::int64_t recovery_id = ParseInteger(posted("recovery")).value_or(0);
  const auto done = desk.WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(call.See(tx, person_id));
    return StopRecoveryOf(tx, desk.parts().agency, call.who(), person_id, recovery_id, call.now());
  });
  return ShowAgain(desk, call, person_id, {}, done, words("counter/stopped"));
}

}  // namespace

void AddCounterPages(Router& router, LoginDesk& desk) {
  const auto post = [&](const char* path, Action action,
                        Result<HttpResponse> (*handler)(LoginDesk&, Call&)) {
    router.Add(HttpMethod::kPost, path,
               desk.StaffPage(action, [&desk, handler](Call& call) { return handler(desk, call); }),
               kOnWorker);
  };
  router.Add(HttpMethod::kGet, std::string(kPath),
             desk.StaffPage(Action::kReadPerson,
                            [&desk](Call& call) -> Result<HttpResponse> {
                              return ShowSearch(desk, desk.WordsFor(call.request()), 200, "");
                            }),
             kOnWorker);
  post("/loket", Action::kReadPerson, Find);
  post("/loket/pemulihan", Action::kRecoverAccess, Ask);
  post("/loket/pemulihan/hentikan", Action::kRecoverAccess, Stop);
}

}  // namespace jaring
