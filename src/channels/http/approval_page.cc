#include "channels/http/approval_page.h"

#include <algorithm>

#include "base/text.h"
#include "channels/http/approval_api.h"
#include "channels/http/approval_desk.h"
#include "channels/http/page_form.h"

namespace jaring {
namespace {

constexpr RouteOptions kOnWorker{.run_on = RunOn::kWorker};
constexpr std::string_view kPath = "/loket/persetujuan";
constexpr std::int64_t kMostShown = 50;

std::string KindWords(const PageWords& words, ApprovalKind kind) {
  std::string key = "approval/kind_" + std::string(ApprovalKindCode(kind));
  std::replace(key.begin(), key.end(), '-', '_');
  return words(key);
}

/// What stands in the list: nothing of a person.
std::string HeadHtml(const PageWords& words, const Approval& approval) {
  const std::string actor = std::string(ActorKindCode(approval.asked_by_kind)) + " " +
                            std::to_string(approval.asked_by_id);
  return "<h2>" + KindWords(words, approval.ask.kind) + "</h2><p class=\"soft\">" +
         EscapeHtml(approval.ask.subject) + "</p><p>" +
         words("approval/asked", {MomentText(words, approval.asked_at), actor}) + "</p><p>" +
         words("approval/reason_given") + " <b>" + EscapeHtml(approval.ask.reason) + "</b></p>";
}

Result<HttpResponse> ShowList(LoginDesk& desk, Call& call, const std::string& top) {
  const PageWords words = desk.WordsFor(call.request());
  std::vector<Approval> waiting;
  JARING_RETURN_IF_ERROR(desk.parts().database.Read([&](Tx& tx) -> Result<Done> {
    std::int64_t after = 0;
    JARING_ASSIGN_OR_RETURN(
        waiting, ListSeenApprovals(tx, call, ApprovalState::kWaiting, after, kMostShown));
    return Done{};
  }));
  std::string items;
  for (const Approval& approval : waiting) {
    const std::string number = std::to_string(approval.approval_id);
    items += "<section class=\"card\">" + HeadHtml(words, approval) +
             "<form method=\"post\" action=\"" + LoginDesk::PathIn(words, kPath) + "\">" +
             HiddenHtml("approval", number) + "<button>" + words("approval/look") + " (" + number +
             ")</button></form></section>";
  }
  const std::string body = "<div class=\"narrow\">" + top + "<h1>" + words("approval/title") +
                           "</h1><p class=\"lead\">" + words("approval/lead") + "</p>" +
                           (items.empty() ? "<p>" + words("approval/none") + "</p>" : items) +
                           "<p><a href=\"" + LoginDesk::PathIn(words, "/account") + "\">" +
                           words("account/title") + "</a></p></div>";
  return desk.PrivatePage(200, words, words("approval/title"), kPath, body);
}

/// The payload as the API tells it, one line a field.
std::string PayloadHtml(const PageWords& words, std::string_view json) {
  const auto value = ParseJson(json);
  if (!value) {
    return "";
  }
  std::string items;
  for (const auto& member : value->members) {
    const std::string label = "recovery/" + member.name;  // The rest keeps the API's names.
    items += "<li><b>" + (words.Has(label) ? words(label) : EscapeHtml(member.name)) +
             "</b>: " + EscapeHtml(member.value.text) + "</li>";
  }
  return "<ul>" + items + "</ul>";
}

/// One of them, with what is asked for: the look is in the audit trail.
Result<HttpResponse> ShowOne(LoginDesk& desk, Call& call, std::int64_t id, int status,
                             const std::string& top) {
  const PageWords words = desk.WordsFor(call.request());
  Approval approval;
  std::string payload;
  JARING_RETURN_IF_ERROR(desk.WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(approval, SeeApproval(tx, desk.parts().agency, call, id));
    const bool in_full = GrantOf(Action::kReadApprovals, call.who().role) == Grant::kFull;
    JARING_ASSIGN_OR_RETURN(payload,
                            ShownPayload(approval, in_full ? Identity::kFull : Identity::kMasked));
    if (approval.ask.person_id != 0) {
      call.Note({.action = std::string(ActionName(Action::kReadApprovals)),
                 .person_id = approval.ask.person_id,
                 .subject = "approval " + std::to_string(id)});
    }
    return Done{};
  }));
  // A textarea: Enter in it ends a line and decides nothing.
  const std::string inner =
      HiddenHtml("approval", std::to_string(id)) + "<div class=\"field\"><label for=\"reason\">" +
      words("approval/reason") + "</label><p class=\"hint\" id=\"reason-hint\">" +
      words("approval/reason_hint") +
      "</p><textarea id=\"reason\" name=\"reason\" rows=\"3\" maxlength=\"500\" " +
      "aria-describedby=\"reason-hint\"></textarea></div>";
  const std::string buttons =
      "<p><button name=\"decision\" value=\"approve\">" + words("approval/approve") +
      "</button></p><p class=\"quiet\"><button name=\"decision\" value=\"refuse\">" +
      words("approval/refuse") + "</button></p>";
  const std::string title = words("approval/decide", {std::to_string(id)});
  const std::string body =
      "<div class=\"narrow\">" + top + "<h1>" + title + "</h1><section class=\"card\">" +
      HeadHtml(words, approval) + PayloadHtml(words, payload) + "</section><form class=\"card\" " +
      "method=\"post\" action=\"" + LoginDesk::PathIn(words, "/loket/persetujuan/putusan") + "\">" +
      inner + buttons + "</form><p><a href=\"" + LoginDesk::PathIn(words, kPath) + "\">" +
      words("approval/back") + "</a></p></div>";
  return desk.PrivatePage(status, words, title, kPath, body);
}

Result<HttpResponse> Decide(LoginDesk& desk, Call& call) {
  const PageWords words = desk.WordsFor(call.request());
  const PostedForm form(call.request().body);
  const std::int64_t id = ParseInteger(form("approval")).value_or(0);
  const bool approves = form("decision") == "approve";
  const bool refuses = form("decision") == "refuse";
  const auto decided = desk.WriteNoted(call, [&](Tx& tx) -> Result<Done> {
    if (!approves && !refuses) {
      return Invalid("approval.decision_unknown");
    }
    JARING_RETURN_IF_ERROR(DecideSeen(tx, desk.parts().agency, call, id,
                                      approves ? Decision::kApprove : Decision::kRefuse,
                                      form("reason")));
    return Done{};
  });
  if (!decided) {
    return ShowOne(desk, call, id, HttpStatusOf(decided.error()),
                   desk.RefusalHtml(words, decided.error().rule, std::nullopt));
  }
  return ShowList(desk, call,
                  NoticeHtml(words(approves ? "approval/approved" : "approval/refused")));
}

}  // namespace

void AddApprovalPages(Router& router, LoginDesk& desk) {
  const auto add = [&](HttpMethod method, std::string path, Action action,
                       std::function<Result<HttpResponse>(Call&)> handler) {
    router.Add(method, std::move(path), desk.StaffPage(action, std::move(handler)), kOnWorker);
  };
  add(HttpMethod::kGet, std::string(kPath), Action::kReadApprovals,
      [&desk](Call& call) { return ShowList(desk, call, ""); });
  add(HttpMethod::kPost, std::string(kPath), Action::kReadApprovals, [&desk](Call& call) {
    const std::int64_t id = ParseInteger(PostedForm(call.request().body)("approval")).value_or(0);
    return ShowOne(desk, call, id, 200, "");
  });
  add(HttpMethod::kPost, "/loket/persetujuan/putusan", Action::kDecideApprovals,
      [&desk](Call& call) { return Decide(desk, call); });
}

}  // namespace jaring
