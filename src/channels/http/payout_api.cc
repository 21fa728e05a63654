#include "channels/http/payout_api.h"

#include "channels/http/body_fields.h"
#include "channels/json/claim_json.h"

namespace jaring {
namespace {

constexpr std::int64_t kListed = 50;
constexpr std::int64_t kMostPayouts = 100'000;
constexpr std::int64_t kUsualPayouts = 10'000;

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

Result<HttpResponse> List(const Agency& /*agency*/, Tx& tx, Call& call) {
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

Result<HttpResponse> Make(const Agency& agency, Tx& tx, Call& call) {
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
      MakePayoutRun(tx, agency, pay_on, limit, {.who = call.who(), .now = call.now()}));
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

Result<HttpResponse> Release(const Agency& /*agency*/, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, ReadRun(call));
  JARING_ASSIGN_OR_RETURN(const PayoutRun run,
                          ReleasePayoutRun(tx, run_id, {.who = call.who(), .now = call.now()}));
  return Changed(call, run);
}

Result<HttpResponse> Cancel(const Agency& agency, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t run_id, ReadRun(call));
  JARING_ASSIGN_OR_RETURN(
      const PayoutRun run,
      CancelPayoutRun(tx, agency, run_id, {.who = call.who(), .now = call.now()}));
  return Changed(call, run);
}

}  // namespace

void AddPayoutRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  const Agency& agency = parts.agency;
  const RouteOptions on_worker{.run_on = RunOn::kWorker};
  using Work = Result<HttpResponse> (*)(const Agency&, Tx&, Call&);
  const auto with = [&agency](Work work) {
    return [&agency, work](Tx& tx, Call& call) { return work(agency, tx, call); };
  };
  router.Add(HttpMethod::kGet, "/v1/payout_runs", gate.Read(Action::kMakePayouts, with(List)));
  router.Add(HttpMethod::kPost, "/v1/payout_runs", gate.Write(Action::kMakePayouts, with(Make)),
             on_worker);
  router.Add(HttpMethod::kPost, "/v1/payout_runs/{run_id}/release",
             gate.Write(Action::kReleasePayouts, with(Release)), on_worker);
  router.Add(HttpMethod::kPost, "/v1/payout_runs/{run_id}/cancellation",
             gate.Write(Action::kMakePayouts, with(Cancel)), on_worker);
}

}  // namespace jaring
