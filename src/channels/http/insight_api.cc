#include "channels/http/insight_api.h"

#include "channels/http/form.h"
#include "channels/json/member_json.h"
#include "insight/journal_report.h"

namespace jaring {
namespace {

Result<HttpResponse> AnswerInsight(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::vector<FormField> fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"by", "month"}));
  Month month = call.now().JakartaDate().month();
  if (const auto text = FindField(fields, "month")) {
    JARING_ASSIGN_OR_RETURN(month, Month::Parse(*text));
  }
  ReportBy by = ReportBy::kNothing;
  if (const auto word = FindField(fields, "by")) {
    by = FindReportBy(*word);
    if (by == ReportBy::kNothing) {
      return Invalid("report.by_unknown");
    }
  }
  JARING_ASSIGN_OR_RETURN(const CoverageFilter filter, CoverageFilterOf(call.who().scope));
  JARING_ASSIGN_OR_RETURN(const CoverageReport report,
                          ReportCoverage(tx, parts.agency.scheme, month, by, filter));
  return HttpResponse{200, kJsonType, ReportJson(report), ""};
}

Result<HttpResponse> AnswerJournals(Tx& tx, Call& call) {
  if (call.who().scope.kind != ScopeKind::kNation) {
    return Invalid("access.not_allowed");  // Money lies in no region: a part cannot be told.
  }
  JARING_ASSIGN_OR_RETURN(const std::vector<FormField> fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"month"}));
  Month month = call.now().JakartaDate().month();
  if (const auto text = FindField(fields, "month")) {
    JARING_ASSIGN_OR_RETURN(month, Month::Parse(*text));
  }
  JARING_ASSIGN_OR_RETURN(const auto lines, ListJournal(tx, month));
  JsonWriter json;
  json.BeginObject().Key("month").Text(month.ToString()).Key("lines").BeginList();
  for (const JournalLine& line : lines) {
    const bool debit = line.amount > Money();
    json.BeginObject().Key("business_day").Text(line.business_day.ToString());
    json.Key("partner").Text(line.partner);
    json.Key("account").Integer(static_cast<std::int64_t>(line.account));
    json.Key("account_name").Text(AccountText(line.account));
    json.Key("debit").Integer(debit ? line.amount.rupiah() : 0);
    json.Key("credit").Integer(debit ? 0 : -line.amount.rupiah()).EndObject();
  }
  json.EndList().EndObject();
  return HttpResponse{200, kJsonType, json.Take(), ""};
}

}  // namespace

Result<CoverageFilter> CoverageFilterOf(const Scope& scope) {
  constexpr std::int64_t kLastRegency = 9'999;
  switch (scope.kind) {
    case ScopeKind::kNation:
      return CoverageFilter{};
    case ScopeKind::kRegion:
      return scope.id <= kLastRegency ? Result<CoverageFilter>(CoverageFilter{scope.id, 0, 0})
                                      : Invalid("report.region_too_small");
    case ScopeKind::kBranch:
      return CoverageFilter{0, scope.id, 0};
    case ScopeKind::kGroup:
      return CoverageFilter{0, 0, scope.id};
    default:
      return Invalid("access.not_allowed");
  }
}

void AddInsightRoutes(Router& router, Gate& gate, const SiteParts& parts) {
  router.Add(HttpMethod::kGet, "/v1/insight/coverage",
             gate.Read(Action::kReadInsight,
                       [&parts](Tx& tx, Call& call) { return AnswerInsight(parts, tx, call); }),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, "/v1/journals", gate.Read(Action::kReadJournals, AnswerJournals),
             {.run_on = RunOn::kWorker});
}

}  // namespace jaring
