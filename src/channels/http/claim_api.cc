#include "channels/http/claim_api.h"

#include "channels/files/claim_letter.h"
#include "channels/http/body_fields.h"
#include "channels/http/claim_body.h"
#include "channels/http/page_link.h"
#include "channels/http/page_query.h"
#include "channels/json/claim_json.h"
#include "claims/paper_content.h"
#include "claims/worklist.h"
#include "registry/person_record.h"

namespace jaring {
namespace {

constexpr std::int64_t kChunk = 500;
constexpr int kMostChunks = 8;  // A page of a small region does not read all there are.
constexpr int kUsualDays = 30;

/// The {claim_number} of the path, when the caller may see whose it is.
Result<ClaimNumber> SeenClaim(Tx& tx, Call& call) {
  const auto number = ClaimNumber::Parse(call.request().Parameter("claim_number"));
  if (!number) {
    return NotFound("claim.unknown");
  }
  JARING_RETURN_IF_ERROR(FindClaim(tx, *number));
  if (!call.See(tx, number->person_id)) {
    return NotFound("claim.unknown");
  }
  return *number;
}

bool IsOfficer(Role role) {
  return role == Role::kClaimsOfficer || role == Role::kApprover || role == Role::kAuditor;
}

/// The whole claim, as the caller may see it.
Result<HttpResponse> Answer(const SiteParts& parts, Tx& tx, const Call& call,
                            const ClaimNumber& number, int status = 200) {
  JARING_ASSIGN_OR_RETURN(const ClaimView view,
                          ViewClaim(tx, parts.agency, number, call.now().JakartaDate()));
  ClaimExtras extras;
  JARING_ASSIGN_OR_RETURN(extras.papers, ListPapers(tx, number));
  JARING_ASSIGN_OR_RETURN(extras.payouts, ListPayoutsOfClaim(tx, number));
  JARING_ASSIGN_OR_RETURN(extras.schedules, ViewSchedules(tx, parts.agency, view.claim));
  HttpResponse response{
      status, kJsonType,
      ClaimJson(view, extras,
                {.messages = parts.messages,
                 .language = call.language(),
                 .identity = call.sees_identity() ? Identity::kFull : Identity::kMasked,
                 .with_questions = IsOfficer(call.who().role)}),
      ""};
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

/// Notes what was done to a claim, and answers with it.
Result<HttpResponse> Changed(const SiteParts& parts, Tx& tx, Call& call, const Claim& claim,
                             int status = 200) {
  call.Note({.person_id = claim.number.person_id,
             .subject = "claim " + claim.number.ToString(),
             .change = "{\"state\":[null,\"" + std::string(ClaimStateCode(claim.state)) + "\"]}"});
  return Answer(parts, tx, call, claim.number, status);
}

ClaimAct ActOf(const Call& call, std::string note = "") {
  return {.who = call.who(), .now = call.now(), .note = std::move(note)};
}

Result<HttpResponse> Report(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  ClaimReport report{.person_id = person_id, .facts = {}, .payees = {}};
  report.facts = ReadFactsField(reader, Need::kRequired, call.problems).value_or(ClaimFacts{});
  report.payees = ReadPayeesField(reader, call.problems).value_or(std::vector<ClaimPayee>{});
  report.is_draft = reader.Bool("draft", Need::kOptional).value_or(false);
  const std::string note(reader.Text("note", Need::kOptional).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const Claim claim,
                          ReportClaim(tx, parts.agency, report, ActOf(call, note)));
  JARING_ASSIGN_OR_RETURN(HttpResponse response, Changed(parts, tx, call, claim, 201));
  response.AddHeader("Location", "/v1/claims/" + claim.number.ToString());
  return response;
}

Result<HttpResponse> Change(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  ClaimChange change;
  change.facts = ReadFactsField(reader, Need::kOptional, call.problems);
  change.payees = ReadPayeesField(reader, call.problems);
  change.hand_in = reader.Bool("hand_in", Need::kOptional).value_or(false);
  const std::string note(reader.Text("note", Need::kOptional).value_or(""));
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const Claim claim,
                          ChangeClaim(tx, parts.agency, number, change, ActOf(call, note)));
  return Changed(parts, tx, call, claim);
}

Result<HttpResponse> Show(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  return Answer(parts, tx, call, number);
}

/// The letter about the claim as it stands, in Indonesian and the member's language.
Result<HttpResponse> ShowLetter(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  const Date today = call.now().JakartaDate();
  JARING_ASSIGN_OR_RETURN(const ClaimView view, ViewClaim(tx, parts.agency, number, today));
  JARING_ASSIGN_OR_RETURN(const auto payouts, ListPayoutsOfClaim(tx, number));
  JARING_ASSIGN_OR_RETURN(const PersonRecord person,
                          ReadPerson(tx, parts.agency, number.person_id));
  JARING_ASSIGN_OR_RETURN(
      std::string pdf,
      MakeClaimLetter(parts.agency.scheme, parts.page_texts,
                      {.view = view,
                       .payouts = payouts,
                       .is_masked = !call.sees_identity(),
                       .language = FindLanguage(person.language).value_or(Language::kIndonesian),
                       .written_on = today}));
  HttpResponse response{200, "application/pdf", std::move(pdf), ""};
  response.AddHeader("Content-Disposition", "inline; filename=\"" + number.ToString() + ".pdf\"");
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

Result<HttpResponse> ShowOfPerson(const SiteParts& /*parts*/, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t person_id, call.SeenPerson(tx));
  JARING_ASSIGN_OR_RETURN(const auto claims, ListClaimsOfPerson(tx, person_id));
  JsonWriter json;
  json.BeginObject().Key("claims").BeginList();
  for (const Claim& claim : claims) {
    json.BeginObject();
    AddClaim(json, claim);
    json.EndObject();
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

/// Claims of the caller's scope, chunk by chunk; `place`: where to go on, or nothing after the
/// last.
Result<std::vector<Claim>> ListSeen(Tx& tx, const Call& call, ClaimState state,
                                    std::optional<WorklistPlace>& place, std::int64_t limit) {
  const Scope& scope = call.who().scope;
  const WorklistPart part{state, scope.kind == ScopeKind::kBranch ? scope.id : 0};
  const bool sees_all = scope.kind == ScopeKind::kNation;
  std::vector<Claim> seen;
  bool more = true;
  for (int chunk = 0; more && chunk < kMostChunks; ++chunk) {
    const std::int64_t asked = sees_all ? limit : kChunk;
    JARING_ASSIGN_OR_RETURN(const auto claims, ListClaims(tx, part, *place, asked));
    more = static_cast<std::int64_t>(claims.size()) == asked;
    for (const Claim& claim : claims) {
      if (static_cast<std::int64_t>(seen.size()) == limit) {
        return seen;
      }
      place = WorklistPlace{claim.due_on, claim.number};
      bool sees = sees_all;
      if (!sees) {
        JARING_ASSIGN_OR_RETURN(sees, call.CanSee(tx, claim.number.person_id));
      }
      if (sees) {
        seen.push_back(claim);
      }
    }
    if (sees_all) {
      break;
    }
  }
  if (!more) {
    place.reset();
  }
  return seen;
}

/// The cursor is a claim number without its letters; its deadline says where in the list it is.
Result<WorklistPlace> PlaceOf(Tx& tx, std::int64_t cursor) {
  if (cursor == 0) {
    return WorklistPlace{};
  }
  const ClaimNumber number{cursor / 100, static_cast<int>(cursor % 100)};
  const auto claim = FindClaim(tx, number);
  return claim ? Result<WorklistPlace>(WorklistPlace{claim->due_on, number})
               : Invalid("page.cursor_malformed");
}

Result<HttpResponse> ShowWorklist(const SiteParts& /*parts*/, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request(), {"state"}));
  const auto state = FindClaimState(FindField(page.fields, "state").value_or("complete"));
  if (!state) {
    return Invalid("claim.state_unknown");
  }
  JARING_ASSIGN_OR_RETURN(WorklistPlace from, PlaceOf(tx, page.cursor));
  std::optional<WorklistPlace> place = from;
  JARING_ASSIGN_OR_RETURN(const auto claims, ListSeen(tx, call, *state, place, page.limit));
  JsonWriter json;
  json.BeginObject().Key("claims").BeginList();
  for (const Claim& claim : claims) {
    json.BeginObject();
    AddClaim(json, claim);
    json.EndObject();
  }
  json.EndList();
  const std::int64_t next = place ? place->number.person_id * 100 + place->number.claim_seq : 0;
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  AddNextLink(response, page, next);
  return response;
}

/// Figures are of the whole agency.
Result<HttpResponse> ShowFigures(const SiteParts& /*parts*/, Tx& tx, Call& call) {
  constexpr std::int64_t kMostDays = 3'660;
  if (call.who().scope.kind != ScopeKind::kNation) {
    return Invalid("access.not_allowed");
  }
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"from", "to"}));
  Date to = call.now().JakartaDate();
  if (const auto text = FindField(fields, "to")) {
    JARING_ASSIGN_OR_RETURN(to, Date::Parse(*text));
  }
  Date from = to.AddDays(-kUsualDays);
  if (const auto text = FindField(fields, "from")) {
    JARING_ASSIGN_OR_RETURN(from, Date::Parse(*text));
  }
  if (from > to || to.days() - from.days() > kMostDays) {
    return Invalid("claim.time_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const ClaimFigures figures, ReportClaimFigures(tx, from, to));
  return HttpResponse{200, kJsonType, ClaimFiguresJson(figures, from, to), ""};
}

/// The body of a step: a note, and for some a reason.
struct StepBody {
  std::string reason;
  std::string note;
};

Result<StepBody> ReadStep(Call& call, bool has_reason) {
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  StepBody body;
  if (has_reason) {
    body.reason = reader.Text("reason_code", Need::kRequired).value_or("");
  }
  body.note = reader.Text("note", Need::kOptional).value_or("");
  reader.Finish();
  return call.problems.empty() ? Result<StepBody>(std::move(body))
                               : Invalid("request.fields_wrong");
}

using Step = Result<Claim> (*)(Tx&, const Agency&, const ClaimNumber&, const ClaimAct&);

Result<HttpResponse> Take(const SiteParts& parts, Tx& tx, Call& call, Step step) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  JARING_ASSIGN_OR_RETURN(const StepBody body, ReadStep(call, false));
  JARING_ASSIGN_OR_RETURN(const Claim claim,
                          step(tx, parts.agency, number, ActOf(call, body.note)));
  return Changed(parts, tx, call, claim);
}

Result<HttpResponse> Refuse(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  JARING_ASSIGN_OR_RETURN(const StepBody body, ReadStep(call, true));
  JARING_ASSIGN_OR_RETURN(const Claim claim, RefuseClaim(tx, parts.agency, number, body.reason,
                                                         ActOf(call, body.note)));
  return Changed(parts, tx, call, claim);
}

Result<PaperStore*> StoreOf(const SiteParts& parts) {
  return parts.papers != nullptr
             ? Result<PaperStore*>(parts.papers)
             : Error{ErrorCode::kUnavailable, "paper.no_store", "claims.papers is not set"};
}

Result<HttpResponse> BringPaper(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  JARING_ASSIGN_OR_RETURN(PaperStore* const store, StoreOf(parts));
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"code"}));
  const std::string code(FindField(fields, "code").value_or(""));
  JARING_ASSIGN_OR_RETURN(const StoredPaper paper, AddPaper(tx, parts.agency, *store, number, code,
                                                            call.request().body, ActOf(call)));
  call.Note({.person_id = number.person_id,
             .subject = "claim " + number.ToString() + " paper " + std::to_string(paper.paper_no)});
  return Answer(parts, tx, call, number, 201);
}

Result<HttpResponse> ShowPaper(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const ClaimNumber number, SeenClaim(tx, call));
  JARING_ASSIGN_OR_RETURN(const std::int64_t paper_no, call.Number("paper_no", "paper.unknown"));
  JARING_ASSIGN_OR_RETURN(PaperStore* const store, StoreOf(parts));
  if (paper_no > ClaimNumber::kMost) {
    return NotFound("paper.unknown");
  }
  JARING_ASSIGN_OR_RETURN(PaperBytes paper,
                          ReadPaper(tx, parts.agency, *store, number, static_cast<int>(paper_no)));
  call.Note({.person_id = number.person_id,
             .subject = "claim " + number.ToString() + " paper " + std::to_string(paper_no)});
  HttpResponse response{200, "", std::move(paper.bytes), ""};
  response.content_type = paper.media_type == "application/pdf" ? "application/pdf"
                          : paper.media_type == "image/png"     ? "image/png"
                                                                : "image/jpeg";
  // Shown as what it is and nothing else, whatever is in it.
  response.AddHeader("X-Content-Type-Options", "nosniff");
  response.AddHeader("Content-Security-Policy", "sandbox; default-src 'none'");
  response.AddHeader("Cache-Control", "no-store");
  return response;
}

}  // namespace

void AddClaimRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const RouteOptions on_worker{.run_on = RunOn::kWorker};
  using Work = Result<HttpResponse> (*)(const SiteParts&, Tx&, Call&);
  const auto with = [&parts](Work work) {
    return [&parts, work](Tx& tx, Call& call) { return work(parts, tx, call); };
  };
  const auto step = [&parts](Step taken) {
    return [&parts, taken](Tx& tx, Call& call) { return Take(parts, tx, call, taken); };
  };
  const std::string one = "/v1/claims/{claim_number}";
  router.Add(HttpMethod::kPost, "/v1/people/{person_id}/claims",
             gate.Write(Action::kReportClaims, with(Report)), on_worker);
  router.Add(HttpMethod::kGet, "/v1/people/{person_id}/claims",
             gate.Read(Action::kReadClaims, with(ShowOfPerson)));
  router.Add(HttpMethod::kGet, "/v1/claim_figures",
             gate.Read(Action::kReadInsight, with(ShowFigures)), on_worker);
  router.Add(HttpMethod::kGet, "/v1/claims", gate.Read(Action::kListClaims, with(ShowWorklist)),
             on_worker);
  router.Add(HttpMethod::kGet, one, gate.Read(Action::kReadClaims, with(Show)), on_worker);
  router.Add(HttpMethod::kGet, one + "/letter", gate.Read(Action::kReadClaims, with(ShowLetter)),
             on_worker);
  router.Add(HttpMethod::kPatch, one, gate.Write(Action::kReportClaims, with(Change)), on_worker);
  router.Add(HttpMethod::kPost, one + "/papers",
             gate.Write(Action::kReportClaims, with(BringPaper)),
             {.run_on = RunOn::kWorker, .body_limit = kMostPaperBytes + 1});
  router.Add(HttpMethod::kGet, one + "/papers/{paper_no}",
             gate.Read(Action::kReadClaimPapers, with(ShowPaper)), on_worker);
  router.Add(HttpMethod::kPost, one + "/objection",
             gate.Write(Action::kReportClaims, step(ObjectToRefusal)), on_worker);
  router.Add(HttpMethod::kPost, one + "/withdrawal",
             gate.Write(Action::kReportClaims, step(WithdrawClaim)), on_worker);
  router.Add(HttpMethod::kPost, one + "/completion",
             gate.Write(Action::kDecideClaims, step(CompleteClaim)), on_worker);
  router.Add(HttpMethod::kPost, one + "/approval",
             gate.Write(Action::kDecideClaims, step(ApproveClaim)), on_worker);
  router.Add(HttpMethod::kPost, one + "/refusal", gate.Write(Action::kDecideClaims, with(Refuse)),
             on_worker);
  router.Add(HttpMethod::kPost, one + "/new_payout",
             gate.Write(Action::kDecideClaims, step(PayAgain)), on_worker);
}

}  // namespace jaring
