#include "channels/http/notice_api.h"

#include "channels/http/body_fields.h"
#include "channels/http/page_link.h"
#include "channels/http/page_query.h"
#include "channels/json/claim_json.h"
#include "channels/text/masking.h"
#include "claims/claim_notice.h"
#include "claims/paper_content.h"

namespace jaring {
namespace {

constexpr std::int64_t kChunk = 200;
constexpr int kMostChunks = 20;  // A page of a small region does not read all there are.

ClaimAct ActOf(const Call& call) {
  return {.who = call.who(), .now = call.now()};
}

void ReadMember(FieldReader& reader, const Agency& agency, NoticeTold& told,
                std::vector<FieldProblem>& problems) {
  const JsonValue* object = reader.Object("member", Need::kRequired);
  if (object == nullptr) {
    return;
  }
  FieldReader member(*object, reader.PointerTo("member"), problems);
  told.member_name = member.Text("name", Need::kRequired).value_or("");
  if (const auto nik = member.Text("nik", Need::kOptional)) {
    told.nik = Checked(member, "nik", Nik::Parse(*nik, agency.is_demo));
  }
  if (const auto number = member.Text("member_number", Need::kOptional)) {
    told.member = Checked(member, "member_number", MemberNumber::Parse(*number));
  }
  member.Finish();
}

void ReadReporter(FieldReader& reader, NoticeTold& told, std::vector<FieldProblem>& problems) {
  const JsonValue* object = reader.Object("reporter", Need::kRequired);
  if (object == nullptr) {
    return;
  }
  FieldReader reporter(*object, reader.PointerTo("reporter"), problems);
  told.reporter_name = reporter.Text("name", Need::kRequired).value_or("");
  if (const auto phone = reporter.Text("phone", Need::kRequired)) {
    told.reporter_phone = Checked(reporter, "phone", ParsePhone(*phone)).value_or("");
  }
  told.reporter_relation = reporter.Text("relation", Need::kRequired).value_or("");
  if (!told.reporter_relation.empty() && !IsReporterRelation(told.reporter_relation)) {
    reporter.Refuse("relation", "notice.relation_unknown");
  }
  reporter.Finish();
}

Result<NoticeReport> ReadReport(const Agency& agency, Call& call) {
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  NoticeReport report;
  if (const auto word = reader.Text("kind", Need::kRequired)) {
    const auto kind = FindClaimKind(*word);
    if (!kind || *kind == ClaimKind::kSavings) {
      reader.Refuse("kind", "notice.kind_wrong");
    }
    report.kind = kind.value_or(ClaimKind::kDeath);
  }
  if (const auto on = reader.Text("on", Need::kRequired)) {
    report.on = Checked(reader, "on", Date::Parse(*on)).value_or(report.on);
  }
  report.told.place = reader.Text("place", Need::kOptional).value_or("");
  report.told.told = reader.Text("told", Need::kOptional).value_or("");
  ReadMember(reader, agency, report.told, call.problems);
  ReadReporter(reader, report.told, call.problems);
  reader.Finish();
  return call.problems.empty() ? Result<NoticeReport>(std::move(report))
                               : Invalid("request.fields_wrong");
}

HttpResponse PrivateAnswer(int status, std::string json) {
  HttpResponse response{status, kJsonType, std::move(json), ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

/// What whoever has the code may know: how far it is, and what is still to be brought. No name, no
/// amount: a neighbour may have told it.
Result<std::string> FollowedJson(const SiteParts& parts, Tx& tx, const Notice& notice,
                                 std::string_view code, Date today) {
  JsonWriter json;
  json.BeginObject().Key("notice_code").Text(code);
  json.Key("kind").Text(ClaimKindCode(notice.kind)).Key("on").Text(notice.event_on.ToString());
  json.Key("state").Text(NoticeStateCode(notice.state));
  json.Key("received_at").Text(notice.received_at.ToString());
  json.Key("reason_code");
  notice.reason.empty() ? json.Null() : json.Text(notice.reason);
  json.Key("claim");
  if (notice.claim) {
    JARING_ASSIGN_OR_RETURN(const ClaimView view,
                            ViewClaim(tx, parts.agency, *notice.claim, today));
    json.BeginObject().Key("state").Text(ClaimStateCode(view.claim.state));
    json.Key("due_on");
    view.claim.due_on ? json.Text(view.claim.due_on->ToString()) : json.Null();
    AddPapersNeeded(json, view);
    json.EndObject();
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

Result<HttpResponse> Send(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const NoticeReport report, ReadReport(parts.agency, call));
  JARING_ASSIGN_OR_RETURN(const NewNotice made, SendNotice(tx, parts.agency, report, ActOf(call)));
  call.Note({.subject = "notice " + std::to_string(made.notice.notice_id)});
  JARING_ASSIGN_OR_RETURN(
      std::string json, FollowedJson(parts, tx, made.notice, made.code, call.now().JakartaDate()));
  HttpResponse response = PrivateAnswer(201, std::move(json));
  response.AddHeader("Location", "/v1/claim_notices/" + made.code);
  return response;
}

Result<HttpResponse> Follow(const SiteParts& parts, Tx& tx, Call& call) {
  const std::string_view code = call.request().Parameter("notice_code");
  JARING_ASSIGN_OR_RETURN(const Notice notice, FindNoticeByCode(tx, parts.agency, code));
  JARING_ASSIGN_OR_RETURN(std::string json,
                          FollowedJson(parts, tx, notice, code, call.now().JakartaDate()));
  return PrivateAnswer(200, std::move(json));
}

/// To the claim the notice was taken up as.
Result<HttpResponse> BringPaper(const SiteParts& parts, Tx& tx, Call& call) {
  const std::string_view code = call.request().Parameter("notice_code");
  JARING_ASSIGN_OR_RETURN(const Notice notice, FindNoticeByCode(tx, parts.agency, code));
  if (!notice.claim) {
    return Conflict("notice.not_taken_up");
  }
  if (parts.papers == nullptr) {
    return Error{ErrorCode::kUnavailable, "paper.no_store", "claims.papers is not set"};
  }
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"code"}));
  const std::string paper_code(FindField(fields, "code").value_or(""));
  JARING_ASSIGN_OR_RETURN(const StoredPaper paper,
                          AddPaper(tx, parts.agency, *parts.papers, *notice.claim, paper_code,
                                   call.request().body, ActOf(call)));
  call.Note({.person_id = notice.claim->person_id,
             .subject = "claim " + notice.claim->ToString() + " paper " +
                        std::to_string(paper.paper_no) + " by notice " +
                        std::to_string(notice.notice_id)});
  JARING_ASSIGN_OR_RETURN(std::string json,
                          FollowedJson(parts, tx, notice, code, call.now().JakartaDate()));
  return PrivateAnswer(201, std::move(json));
}

void AddTold(JsonWriter& json, const NoticeTold& told, Identity identity) {
  const bool in_full = identity == Identity::kFull;
  json.Key("member").BeginObject();
  json.Key("name").Text(in_full ? told.member_name : MaskedName(told.member_name)).Key("nik");
  told.nik ? json.Text(in_full ? told.nik->Reveal() : MaskedNik(told.nik->Reveal())) : json.Null();
  json.Key("member_number");
  told.member ? json.Text(told.member->ToString()) : json.Null();
  json.EndObject().Key("reporter").BeginObject();
  json.Key("name").Text(in_full ? told.reporter_name : MaskedName(told.reporter_name));
  json.Key("phone").Text(in_full ? told.reporter_phone : MaskedPhone(told.reporter_phone));
  json.Key("relation").Text(told.reporter_relation).EndObject();
  json.Key("place").Text(in_full ? told.place : "").Key("told").Text(in_full ? told.told : "");
}

/// As officers see it.
void AddNotice(JsonWriter& json, const Notice& notice, Identity identity) {
  json.BeginObject().Key("notice_id").Integer(notice.notice_id);
  json.Key("kind").Text(ClaimKindCode(notice.kind)).Key("on").Text(notice.event_on.ToString());
  json.Key("state").Text(NoticeStateCode(notice.state));
  json.Key("received_at").Text(notice.received_at.ToString());
  json.Key("told_by").Text(ActorKindCode(notice.teller_kind)).Key("person_id");
  notice.person_id ? json.Integer(*notice.person_id) : json.Null();
  json.Key("claim_number");
  notice.claim ? json.Text(notice.claim->ToString()) : json.Null();
  json.Key("reason_code");
  notice.reason.empty() ? json.Null() : json.Text(notice.reason);
  AddTold(json, notice.told, identity);
  json.EndObject();
}

/// A notice of nobody the register knows is seen by who works for the whole agency.
Result<bool> CanSeeNotice(Tx& tx, const Call& call, const Notice& notice) {
  if (call.who().scope.kind == ScopeKind::kNation) {
    return true;
  }
  return notice.person_id ? call.CanSee(tx, *notice.person_id) : Result<bool>(false);
}

/// Notices of the caller's scope, chunk by chunk; `place`: where to go on, 0 after the last.
Result<std::vector<Notice>> ListSeen(const SiteParts& parts, Tx& tx, const Call& call,
                                     NoticeState state, std::int64_t& place, std::int64_t limit) {
  const Scope& scope = call.who().scope;
  const std::int64_t branch_id = scope.kind == ScopeKind::kBranch ? scope.id : 0;
  std::vector<Notice> seen;
  bool more = true;
  for (int chunk = 0; more && chunk < kMostChunks; ++chunk) {
    JARING_ASSIGN_OR_RETURN(auto notices,
                            ListNotices(tx, parts.agency, state, branch_id, place, kChunk));
    more = static_cast<std::int64_t>(notices.size()) == kChunk;
    for (Notice& notice : notices) {
      if (static_cast<std::int64_t>(seen.size()) == limit) {
        return seen;
      }
      place = notice.notice_id;
      JARING_ASSIGN_OR_RETURN(const bool sees, CanSeeNotice(tx, call, notice));
      if (sees) {
        seen.push_back(std::move(notice));
      }
    }
  }
  place = more ? place : 0;
  return seen;
}

Identity IdentityOf(const Call& call) {
  return call.sees_identity() ? Identity::kFull : Identity::kMasked;
}

Result<HttpResponse> List(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request(), {"state"}));
  const auto state = FindNoticeState(FindField(page.fields, "state").value_or("received"));
  if (!state) {
    return Invalid("notice.state_unknown");
  }
  std::int64_t place = page.cursor;
  JARING_ASSIGN_OR_RETURN(const auto notices, ListSeen(parts, tx, call, *state, place, page.limit));
  JsonWriter json;
  json.BeginObject().Key("notices").BeginList();
  for (const Notice& notice : notices) {
    AddNotice(json, notice, IdentityOf(call));
    call.Note({.person_id = notice.person_id.value_or(0),
               .subject = "notice " + std::to_string(notice.notice_id)});
  }
  json.EndList();
  AddNextCursor(json, place);
  json.EndObject();
  HttpResponse response = PrivateAnswer(200, json.Take());
  AddNextLink(response, page, place);
  return response;
}

/// The {notice_id} of the path, when the caller may see it.
Result<Notice> SeenNotice(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t id, call.Number("notice_id", "notice.unknown"));
  JARING_ASSIGN_OR_RETURN(const Notice notice, FindNotice(tx, parts.agency, id));
  JARING_ASSIGN_OR_RETURN(const bool sees, CanSeeNotice(tx, call, notice));
  return sees ? Result<Notice>(notice) : NotFound("notice.unknown");
}

HttpResponse Decided(Call& call, const Notice& notice) {
  call.Note({.person_id = notice.claim ? notice.claim->person_id : 0,
             .subject = "notice " + std::to_string(notice.notice_id),
             .change = R"({"state":["received",")" + std::string(NoticeStateCode(notice.state)) +
                       "\"]}"});
  JsonWriter json;
  AddNotice(json, notice, IdentityOf(call));
  return PrivateAnswer(200, json.Take());
}

Result<HttpResponse> TakeUp(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Notice notice, SeenNotice(parts, tx, call));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  const std::int64_t person_id = reader.Integer("person_id", Need::kRequired).value_or(0);
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t seen, call.See(tx, person_id));
  JARING_ASSIGN_OR_RETURN(const Notice taken,
                          TakeUpNotice(tx, parts.agency, notice.notice_id, seen, ActOf(call)));
  return Decided(call, taken);
}

Result<HttpResponse> Dismiss(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const Notice notice, SeenNotice(parts, tx, call));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  const std::string reason(reader.Text("reason_code", Need::kRequired).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const Notice dismissed,
                          DismissNotice(tx, parts.agency, notice.notice_id, reason, ActOf(call)));
  return Decided(call, dismissed);
}

}  // namespace

void AddNoticeRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const RouteOptions on_worker{.run_on = RunOn::kWorker};
  using Work = Result<HttpResponse> (*)(const SiteParts&, Tx&, Call&);
  const auto with = [&parts](Work work) {
    return [&parts, work](Tx& tx, Call& call) { return work(parts, tx, call); };
  };
  const std::string all = "/v1/claim_notices";
  router.Add(HttpMethod::kPost, all, gate.OpenWrite(Action::kReportClaims, with(Send)),
             {.run_on = RunOn::kWorker, .body_limit = 16'384});
  router.Add(HttpMethod::kGet, all + "/{notice_code}",
             gate.OpenRead(Action::kReportClaims, with(Follow)), on_worker);
  router.Add(HttpMethod::kPost, all + "/{notice_code}/papers",
             gate.OpenWrite(Action::kReportClaims, with(BringPaper)),
             {.run_on = RunOn::kWorker, .body_limit = kMostPaperBytes + 1});
  router.Add(HttpMethod::kGet, all, gate.Read(Action::kListClaims, with(List)), on_worker);
  router.Add(HttpMethod::kPost, all + "/{notice_id}/taking_up",
             gate.Write(Action::kDecideClaims, with(TakeUp)), on_worker);
  router.Add(HttpMethod::kPost, all + "/{notice_id}/dismissal",
             gate.Write(Action::kDecideClaims, with(Dismiss)), on_worker);
}

}  // namespace jaring
