#include "channels/http/payout_api.h"

#include "channels/files/payout_file.h"
#include "channels/http/body_fields.h"
#include "channels/http/page_link.h"
#include "channels/http/page_query.h"
#include "channels/json/claim_json.h"
#include "channels/text/masking.h"

namespace jaring {
namespace {

constexpr std::int64_t kListed = 50;
constexpr std::int64_t kMostPayouts = 100'000;
constexpr std::int64_t kUsualPayouts = 10'000;
constexpr std::uint64_t kMostStatusBytes = 16U << 20U;  // Larger ones: `jaring payout outcome`.

/// Runs pay claims of all branches: only for who works for the whole agency.
Result<Done> NeedNation(const Call& call) {
  return call.who().scope.kind == ScopeKind::kNation ? Result<Done>(Done{})
                                                     : Invalid("access.not_allowed");
}

HttpResponse Answer(const PayoutRun& run, int status = 200) {
  JsonWriter json;
  json.BeginObject();
  AddPayoutRun(json, run);
  json.EndObject();
  return {status, kJsonType, json.Take(), ""};
}

/// Notes what was done to a run, and answers with it.
HttpResponse Changed(Call& call, const PayoutRun& run, int status = 200) {
  call.Note({.subject = "payout run " + std::to_string(run.run_id) + " " +
                        std::string(PayoutRunStateCode(run.state))});
  return Answer(run, status);
}

Result<HttpResponse> List(const SiteParts& /*parts*/, Tx& tx, Call& call) {
  JARING_RETURN_IF_ERROR(NeedNation(call));
  JARING_ASSIGN_OR_RETURN(const auto runs, ListPayoutRuns(tx, 0, kListed));
  JsonWriter json;
  json.BeginObject().Key("runs").BeginList();
  for (const PayoutRun& run : runs) {
    json.BeginObject();
    AddPayoutRun(json, run);
    json.EndObject();
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

Result<HttpResponse> Make(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_RETURN_IF_ERROR(NeedNation(call));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  Date pay_on = call.now().JakartaDate();
  if (const auto text = reader.Text("pay_on", Need::kOptional)) {
    pay_on = Checked(reader, "pay_on", Date::Parse(*text)).value_or(pay_on);
  }
  const std::int64_t limit = reader.Integer("limit", Need::kOptional).value_or(kUsualPayouts);
  if (limit < 1 || limit > kMostPayouts) {
    reader.Refuse("limit", "claim.number_out_of_range");
  }
  reader.Finish();
  if (!call.problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(
      const PayoutRun run,
      MakePayoutRun(tx, parts.agency, pay_on, limit, {.who = call.who(), .now = call.now()}));
  return Changed(call, run, 201);
}

/// The {run_id} of the path; the body says nothing.
Result<std::int64_t> ReadRun(Call& call) {
  JARING_RETURN_IF_ERROR(NeedNation(call));
  JARING_ASSIGN_OR_RETURN(const JsonValue json, ReadJsonBody(call.request()));
  FieldReader reader(json, "", call.problems);
  reader.Finish();
  return call.problems.empty() ? call.Number("run_id", "payout.run_unknown")
                               : Invalid("request.fields_wrong");
}

Result<HttpResponse> Release(const SiteParts& /*parts*/, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, ReadRun(call));
  JARING_ASSIGN_OR_RETURN(const PayoutRun run,
                          ReleasePayoutRun(tx, run_id, {.who = call.who(), .now = call.now()}));
  return Changed(call, run);
}

Result<HttpResponse> Cancel(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, ReadRun(call));
  JARING_ASSIGN_OR_RETURN(
      const PayoutRun run,
      CancelPayoutRun(tx, parts.agency, run_id, {.who = call.who(), .now = call.now()}));
  return Changed(call, run);
}

void AddPayoutRow(JsonWriter& json, const Payout& payout, const ClaimPayee& payee,
                  Identity identity) {
  const bool in_full = identity == Identity::kFull;
  json.BeginObject().Key("claim_number").Text(payout.claim.ToString());
  json.Key("payout_no").Integer(payout.payout_no).Key("reference").Text(payout.reference());
  json.Key("state").Text(PayoutStateCode(payout.state));
  json.Key("amount").Integer(payout.amount.rupiah());
  json.Key("penalty").Integer(payout.penalty.rupiah()).Key("paid_on");
  payout.paid_on ? json.Text(payout.paid_on->ToString()) : json.Null();
  json.Key("sent_by");
  payout.sent_by ? json.Text(SentByCode(*payout.sent_by)) : json.Null();
  json.Key("payee_name").Text(in_full ? payee.name : MaskedName(payee.name));
  json.Key("institution").Text(payee.institution);
  json.Key("account").Text("****" + payee.account.substr(payee.account.size() - 4)).EndObject();
}

/// A run with a page of its payouts; the cursor is how many came before.
Result<HttpResponse> Show(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_RETURN_IF_ERROR(NeedNation(call));
  JARING_ASSIGN_OR_RETURN(const PageQuery page, ReadPageQuery(call.request()));
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, call.Number("run_id", "payout.run_unknown"));
  JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, run_id));
  const Identity identity = call.sees_identity() ? Identity::kFull : Identity::kMasked;
  JsonWriter json;
  json.BeginObject();
  AddPayoutRun(json, run);
  json.Key("list").BeginList();
  std::int64_t shown = 0;
  JARING_RETURN_IF_ERROR(ListPayoutsOfRun(
      tx, parts.agency, run_id,
      [&](const Payout& payout, const ClaimPayee& payee) -> Result<Done> {
        AddPayoutRow(json, payout, payee, identity);
        call.Note({.person_id = payout.claim.person_id, .subject = "payout " + payout.reference()});
        ++shown;
        return Done{};
      },
      {page.cursor, page.limit}));
  json.EndList();
  const std::int64_t next = shown == page.limit ? page.cursor + shown : 0;
  AddNextCursor(json, next);
  json.EndObject();
  HttpResponse response{200, kJsonType, json.Take(), ""};
  response.AddHeader("Cache-Control", "no-store");
  AddNextLink(response, page, next);
  return response;
}

Result<HttpResponse> Send(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, ReadRun(call));
  JARING_RETURN_IF_ERROR(NoteRunSent(tx, parts.agency, run_id, call.now()));
  JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, run_id));
  call.Note({.subject = "payout run " + std::to_string(run_id) + " sent"});
  return Answer(run);
}

/// Names and accounts in full: it is for the bank.
Result<HttpResponse> ShowFile(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_RETURN_IF_ERROR(NeedNation(call));
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, call.Number("run_id", "payout.run_unknown"));
  JARING_ASSIGN_OR_RETURN(std::string text,
                          FileOfRun(tx, parts.agency, run_id, parts.paying, call.now()));
  call.Note({.subject = "file of payout run " + std::to_string(run_id)});
  HttpResponse response{200, "application/xml", std::move(text), ""};
  response.AddHeader("Cache-Control", "no-store");
  response.AddHeader("Content-Disposition",
                     "attachment; filename=\"run-" + std::to_string(run_id) + ".xml\"");
  return response;
}

Result<HttpResponse> TakeStatuses(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_RETURN_IF_ERROR(NeedNation(call));
  JARING_ASSIGN_OR_RETURN(const BankFile file, ReadBankFile(call.request().body));
  JARING_ASSIGN_OR_RETURN(
      const BankFileTaken taken,
      TakeBankFile(tx, parts.agency, file,
                   parts.agency.sealer.Fingerprint("bank file " + std::string(call.request().body)),
                   {.who = call.who(), .now = call.now()}));
  call.Note({.subject = "word of the bank: " + std::to_string(taken.taken)});
  JsonWriter json;
  json.BeginObject().Key("taken").Integer(taken.taken).Key("known").Integer(taken.known);
  json.Key("others").Integer(taken.others).Key("paid_twice").BeginList();
  for (const std::string& reference : taken.paid_twice) {
    json.Text(reference);
  }
  json.EndList().Key("problems").BeginList();
  for (const BankRowProblem& problem : taken.problems) {
    json.BeginObject().Key("line").Integer(problem.line).Key("rule").Text(problem.rule);
    json.Key("words").Text(parts.messages.Text(problem.rule, call.language())).EndObject();
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

}  // namespace

void AddPayoutRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const RouteOptions on_worker{.run_on = RunOn::kWorker};
  using Work = Result<HttpResponse> (*)(const SiteParts&, Tx&, Call&);
  const auto with = [&parts](Work work) {
    return [&parts, work](Tx& tx, Call& call) { return work(parts, tx, call); };
  };
  const std::string all = "/v1/payout_runs";
  const std::string one = all + "/{run_id}";
  router.Add(HttpMethod::kGet, all, gate.Read(Action::kReadPayouts, with(List)));
  router.Add(HttpMethod::kPost, all, gate.Write(Action::kMakePayouts, with(Make)), on_worker);
  router.Add(HttpMethod::kGet, one, gate.Read(Action::kReadPayouts, with(Show)), on_worker);
  router.Add(HttpMethod::kPost, one + "/release",
             gate.Write(Action::kReleasePayouts, with(Release)), on_worker);
  router.Add(HttpMethod::kPost, one + "/cancellation",
             gate.Write(Action::kMakePayouts, with(Cancel)), on_worker);
  router.Add(HttpMethod::kPost, one + "/sending", gate.Write(Action::kMakePayouts, with(Send)),
             on_worker);
  router.Add(HttpMethod::kGet, one + "/file", gate.Read(Action::kMakePayouts, with(ShowFile)),
             on_worker);
  router.Add(HttpMethod::kPost, "/v1/payout_statuses",
             gate.Write(Action::kMakePayouts, with(TakeStatuses)),
             {.run_on = RunOn::kWorker, .body_limit = kMostStatusBytes});
}

}  // namespace jaring
