#include "channels/http/recovery_page.h"

#include "channels/http/cover_form.h"
#include "channels/http/page_form.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::int64_t kDayMicros = 86'400'000'000;

std::string DaysOf(std::int64_t micros) {
  return std::to_string(micros / kDayMicros);
}

std::string Steps(const PageWords& words, std::initializer_list<std::string_view> keys,
                  std::initializer_list<std::string_view> arguments) {
  std::string html = "<ol class=\"steps\">";
  for (const std::string_view key : keys) {
    html += "<li>" + words(key, arguments) + "</li>";
  }
  return html + "</ol>";
}

/// What was typed on /pemulihan.
struct BeginForm {
  CoverForm identity;
  std::string phone;
  std::vector<FormProblem> problems;
};

HttpResponse ShowBegin(const LoginDesk& desk, const PageWords& words, int status,
                       const BeginForm& form, const std::string& alert) {
  const std::string days = DaysOf(RecoveryTerms{}.delay_micros);
  const Messages& messages = desk.parts().messages;
  const std::string phone = FieldHtml({.name = "new_phone",
                                       .label = words("recovery/new_phone"),
                                       .hint = words("recovery/new_phone_hint"),
                                       .type = "tel",
                                       .autocomplete = "tel",
                                       .value = form.phone});
  const std::string summary =
      form.problems.empty() ? alert : ProblemSummaryHtml(words, messages, form.problems);
  const std::string title =
      (summary.empty() ? "" : words("cover/errors_title") + ": ") + words("recovery/title");
  const std::string body =
      "<div class=\"narrow\">" + summary + "<h1>" + words("recovery/title") +
      "</h1><p class=\"lead\">" + words("recovery/lead") + "</p><section class=\"card\"><h2>" +
      words("recovery/pin_title") + "</h2><p>" + words("recovery/pin_text") + "</p><p><a href=\"" +
      LoginDesk::PathIn(words, "/masuk") + "\">" + words("recovery/pin_link") +
      "</a></p></section><section class=\"card\"><h2>" + words("recovery/counter_title") +
      "</h2><p>" + words("recovery/counter_text", {days}) + "</p></section><h2>" +
      words("recovery/witness_title") + "</h2>" +
      Steps(words, {"recovery/witness_step1", "recovery/witness_step2", "recovery/witness_step3"},
            {days}) +
      FormHtml(words, "/pemulihan",
               IdentityFieldsHtml(words, messages, form.identity, form.problems) + phone,
               words("recovery/begin")) +
      "<p class=\"soft\">" + words("cover/ask_any") + "</p></div>";
  return desk.PrivatePage(status, words, title, "/pemulihan", body);
}

/// "ABCD-EFGH": two halves are easier to read out.
std::string ReadableCode(const std::string& code) {
  const std::size_t half = code.size() / 2;
  return code.substr(0, half) + "-" + code.substr(half);
}

HttpResponse ShowCode(const LoginDesk& desk, const PageWords& words, const std::string& code) {
  const RecoveryTerms terms;
  const std::string days = DaysOf(terms.delay_micros);
  const std::string body = "<div class=\"narrow\"><h1>" + words("recovery/code_title") +
                           "</h1><p class=\"lead\">" + words("recovery/code_lead") +
                           "</p><section class=\"card\"><h2>" + words("recovery/code_label") +
                           "</h2><p class=\"code\">" + ReadableCode(code) + "</p></section><h2>" +
                           words("recovery/next_title") + "</h2>" +
                           Steps(words, {"recovery/next_step1"},
                                 {std::to_string(terms.witnesses), DaysOf(terms.open_micros)}) +
                           Steps(words, {"recovery/next_step2", "recovery/next_step3"}, {days}) +
                           "<p class=\"soft\">" + words("recovery/code_unknown") + " " +
                           EscapeHtml(desk.ContactWords(words.language())) + "</p></div>";
  return desk.PrivatePage(200, words, words("recovery/code_title"), "/pemulihan", body);
}

HttpResponse Begin(LoginDesk& desk, const HttpRequest& request) {
  const PageWords words = desk.WordsFor(request);
  BeginForm form{.identity = ReadCoverForm(request.body),
                 .phone = PostedForm(request.body)("new_phone"),
                 .problems = {}};
  const Agency& agency = desk.parts().agency;
  const CoverQuery query = CheckCoverForm(form.identity, agency.is_demo);
  form.problems = query.problems;
  const auto phone = ParsePhone(form.phone);
  if (!phone) {
    form.problems.push_back({"new_phone", phone.error().rule});
  }
  if (!form.problems.empty()) {
    return ShowBegin(desk, words, 422, form, "");
  }
  const auto wait = desk.workers().CountAsk(desk.PlaceOf(request), desk.parts().now());
  if (!wait || *wait) {
    return !wait ? ErrorPage(desk.parts(), wait.error(), request)
                 : ShowBegin(desk, words, 429, form,
                             desk.RefusalHtml(words, "login.too_many_attempts", *wait));
  }
  std::string code;
  const auto begun = desk.parts().database.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(code, BeginWitnessedRecovery(tx, agency, *query.nik, *query.birth_date,
                                                         *phone, desk.parts().now()));
    return Done{};
  });
  return begun ? ShowCode(desk, words, code) : ErrorPage(desk.parts(), begun.error(), request);
}

HttpResponse ShowStop(const LoginDesk& desk, const PageWords& words, int status,
                      const std::string& top) {
  const std::string body =
      "<div class=\"narrow\">" + top + "<h1>" + words("recovery/stop_title") +
      "</h1><p class=\"lead\">" + words("recovery/stop_lead") + "</p>" +
      FormHtml(words, "/berhenti",
               FieldHtml({.name = "code", .label = words("recovery/stop_code")}),
               words("recovery/stop_submit")) +
      "<p class=\"soft\">" + words("cover/ask_any") + "</p></div>";
  return desk.PrivatePage(status, words, words("recovery/stop_title"), "/berhenti", body);
}

HttpResponse Stop(LoginDesk& desk, const HttpRequest& request) {
  const PageWords words = desk.WordsFor(request);
  const Instant now = desk.parts().now();
  const auto wait = desk.workers().CountAsk(desk.PlaceOf(request), now);
  if (!wait || *wait) {
    return !wait ? ErrorPage(desk.parts(), wait.error(), request)
                 : ShowStop(desk, words, 429,
                            desk.RefusalHtml(words, "login.too_many_attempts", *wait));
  }
  const std::string code = PostedForm(request.body)("code");
  const auto stopped = desk.parts().database.Write(
      [&](Tx& tx) { return StopRecovery(tx, desk.parts().agency, code, now); });
  return stopped ? ShowStop(desk, words, 200, NoticeHtml(words("recovery/stopped")))
                 : ShowStop(desk, words, HttpStatusOf(stopped.error()),
                            desk.RefusalHtml(words, stopped.error().rule, std::nullopt));
}

}  // namespace

std::string RecoveryStateHtml(const PageWords& words, const OpenRecovery& recovery) {
  const std::string asked = MomentText(words, recovery.asked_at);
  if (recovery.effective_at) {
    return "<p>" + words("recovery/asked_at", {asked}) + "</p><p><b>" +
           words("recovery/happens_at", {MomentText(words, *recovery.effective_at)}) + "</b></p>";
  }
  return "<p>" + words("recovery/asked_at", {asked}) + "</p><p><b>" +
         words("recovery/witnesses",
               {std::to_string(recovery.witnesses), std::to_string(RecoveryTerms{}.witnesses),
                MomentText(words, recovery.expires_at)}) +
         "</b></p>";
}

std::string OwnRecoveriesHtml(const PageWords& words, const std::vector<OpenRecovery>& open) {
  std::string html;
  for (const OpenRecovery& recovery : open) {
    html +=
        "<section class=\"errors\" aria-labelledby=\"recovery-title\"><h2 id=\"recovery-title\">" +
        words("recovery/own_title") + "</h2>" + RecoveryStateHtml(words, recovery) + "<p>" +
        words("recovery/own_text") + "</p><form method=\"post\" action=\"" +
        LoginDesk::PathIn(words, "/saya/pemulihan") + "\">" +
        HiddenHtml("recovery", std::to_string(recovery.recovery_id)) + "<button>" +
        words("recovery/not_me") + "</button></form></section>";
  }
  return html.empty() ? "" : "<div class=\"narrow\">" + html + "</div>";
}

std::string WitnessFormHtml(const PageWords& words) {
  return "<section class=\"card\"><h2>" + words("recovery/be_witness") + "</h2><p>" +
         words("recovery/be_witness_text") + "</p><form method=\"post\" action=\"" +
         LoginDesk::PathIn(words, "/saya/saksi") + "\">" +
         FieldHtml({.name = "witness_code",
                    .label = words("recovery/code_label"),
                    .hint = words("recovery/code_hint"),
                    .more = "autocapitalize=\"characters\" spellcheck=\"false\""}) +
         "<button>" + words("recovery/confirm") + "</button></form></section>";
}

void AddRecoveryPages(Router& router, LoginDesk& desk) {
  const auto form = [&](HttpResponse (*handler)(LoginDesk&, const HttpRequest&)) {
    return Open(AtOnce([&desk, handler](const HttpRequest& request) {
      return IsFromOurPages(request)
                 ? handler(desk, request)
                 : ErrorPage(desk.parts(), Invalid("request.cross_site"), request);
    }));
  };
  router.Add(HttpMethod::kGet, "/pemulihan", Open(AtOnce([&desk](const HttpRequest& request) {
               return ShowBegin(desk, desk.WordsFor(request), 200, {}, "");
             })),
             kOnWorker);
  router.Add(HttpMethod::kPost, "/pemulihan", form(Begin), kOnWorker);
  router.Add(HttpMethod::kGet, "/berhenti", Open(AtOnce([&desk](const HttpRequest& request) {
               return ShowStop(desk, desk.WordsFor(request), 200, "");
             })),
             kOnWorker);
  router.Add(HttpMethod::kPost, "/berhenti", form(Stop), kOnWorker);
}

}  // namespace jaring
