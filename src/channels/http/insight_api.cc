#include "channels/http/insight_api.h"

#include "base/text.h"
#include "channels/http/agency_api.h"
#include "channels/http/form.h"
#include "channels/json/member_json.h"
#include "insight/journal_report.h"
#include "insight/trend_report.h"
#include "registry/enrolment.h"
#include "registry/group.h"
#include "registry/region_code.h"

namespace jaring {
namespace {

/// Narrows the filter to a branch, a group, a sector and a door; never widens it.
Result<Done> NarrowToPart(Tx& tx, const Scheme& scheme, const Scope& scope,
                          const std::vector<FormField>& fields, CoverageFilter& filter) {
  if (const auto code = FindField(fields, "branch")) {
    JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, *code));
    if (!branch) {
      return Invalid("branch.unknown");
    }
    if (filter.branch_id != 0 && filter.branch_id != branch->branch_id) {
      return Invalid("access.not_allowed");
    }
    filter.branch_id = branch->branch_id;
  }
  if (const auto code = FindField(fields, "group")) {
    JARING_ASSIGN_OR_RETURN(const Group group, FindGroupWithin(tx, scope, *code));
    filter.group_id = group.group_id;
  }
  if (const auto code = FindField(fields, "sector")) {
    const auto sector = FindSector(scheme, *code);
    if (!sector) {
      return Invalid("sector.unknown");
    }
    filter.sector = static_cast<std::int64_t>(*sector);
  }
  if (const auto code = FindField(fields, "door")) {
    const auto door = FindDoor(*code);
    if (!door) {
      return Invalid("door.unknown");
    }
    filter.door = static_cast<std::int64_t>(*door);
  }
  return Done{};
}

/// The part asked about, within what the caller's scope sees.
Result<CoverageFilter> PartAskedAbout(Tx& tx, const Scheme& scheme, const Scope& scope, ReportBy by,
                                      const std::vector<FormField>& fields) {
  JARING_ASSIGN_OR_RETURN(CoverageFilter filter, CoverageFilterOf(scope));
  JARING_RETURN_IF_ERROR(NarrowToPart(tx, scheme, scope, fields, filter));
  const auto text = FindField(fields, "region");
  if (!text) {
    return filter;
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t region, ParseRegion(tx, *text));
  if (filter.region_code != 0 && !RegionHolds(filter.region_code, region)) {
    return Invalid("access.not_allowed");
  }
  filter.region_code = region;
  // Districts and villages are told whole, to the branch that serves them; a part is not told.
  const bool is_of_scope = filter.branch_id != 0 && !FindField(fields, "branch");
  if (IsBelowRegency(by, region) && is_of_scope) {
    JARING_ASSIGN_OR_RETURN(const auto serves, FindBranchOfRegency(tx, RegencyOf(region)));
    if (serves != filter.branch_id) {
      return Invalid("access.not_allowed");
    }
    filter.branch_id = 0;
  }
  return filter;
}

Result<Month> MonthAskedAbout(const Call& call, const std::vector<FormField>& fields) {
  const auto text = FindField(fields, "month");
  return text ? Month::Parse(*text) : call.now().JakartaDate().month();
}

Result<ReportBy> SplitAskedFor(const std::vector<FormField>& fields) {
  const auto word = FindField(fields, "by");
  const ReportBy by = word ? FindReportBy(*word) : ReportBy::kNothing;
  return word && by == ReportBy::kNothing ? Result<ReportBy>(Invalid("report.by_unknown")) : by;
}

Result<HttpResponse> AnswerInsight(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::vector<FormField> fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(
      AllowFields(fields, {"by", "month", "region", "branch", "group", "sector", "door"}));
  JARING_ASSIGN_OR_RETURN(const Month month, MonthAskedAbout(call, fields));
  JARING_ASSIGN_OR_RETURN(const ReportBy by, SplitAskedFor(fields));
  JARING_ASSIGN_OR_RETURN(const CoverageFilter filter,
                          PartAskedAbout(tx, parts.agency.scheme, call.who().scope, by, fields));
  JARING_ASSIGN_OR_RETURN(const CoverageReport report,
                          ReportCoverage(tx, parts.agency.scheme, month, by, filter));
  return HttpResponse{200, kJsonType, ReportJson(report), ""};
}

Result<HttpResponse> AnswerFunnel(const SiteParts& parts, Tx& tx, Call& call) {
  JARING_ASSIGN_OR_RETURN(const std::vector<FormField> fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(
      AllowFields(fields, {"month", "region", "branch", "group", "sector", "door"}));
  JARING_ASSIGN_OR_RETURN(const Month month, MonthAskedAbout(call, fields));
  JARING_ASSIGN_OR_RETURN(
      const CoverageFilter filter,
      PartAskedAbout(tx, parts.agency.scheme, call.who().scope, ReportBy::kNothing, fields));
  JARING_ASSIGN_OR_RETURN(const FunnelReport report,
                          ReportFunnel(tx, parts.agency.scheme, month, filter));
  return HttpResponse{200, kJsonType, FunnelJson(report), ""};
}

Result<HttpResponse> AnswerTrend(const SiteParts& parts, Tx& tx, Call& call) {
  constexpr int kAYearAndTheMonthBefore = 13;
  JARING_ASSIGN_OR_RETURN(const std::vector<FormField> fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(
      fields, {"by", "months", "month", "region", "branch", "group", "sector", "door"}));
  JARING_ASSIGN_OR_RETURN(const Month month, MonthAskedAbout(call, fields));
  const auto text = FindField(fields, "months");
  const auto count =
      text ? ParseInteger(*text) : std::optional<std::int64_t>(kAYearAndTheMonthBefore);
  if (!count || *count < 1 || *count > kTrendMonths) {
    return Invalid("report.months_out_of_range");
  }
  JARING_ASSIGN_OR_RETURN(const ReportBy by, SplitAskedFor(fields));
  JARING_ASSIGN_OR_RETURN(const CoverageFilter filter,
                          PartAskedAbout(tx, parts.agency.scheme, call.who().scope, by, fields));
  JARING_ASSIGN_OR_RETURN(
      const TrendReport report,
      ReportTrend(tx, parts.agency.scheme, month, static_cast<int>(*count), by, filter));
  return HttpResponse{200, kJsonType, TrendJson(report), ""};
}

Result<HttpResponse> AnswerJournals(Tx& tx, Call& call) {
  if (call.who().scope.kind != ScopeKind::kNation) {
    return Invalid("access.not_allowed");  // Money lies in no region: a part cannot be told.
  }
  JARING_ASSIGN_OR_RETURN(const std::vector<FormField> fields, ParseForm(call.request().query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"month"}));
  JARING_ASSIGN_OR_RETURN(const Month month, MonthAskedAbout(call, fields));
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
  switch (scope.kind) {
    case ScopeKind::kNation:
      return CoverageFilter{};
    case ScopeKind::kRegion:
      return CoverageFilter{scope.id, 0, 0};
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
  router.Add(HttpMethod::kGet, "/v1/insight/funnel",
             gate.Read(Action::kReadInsight,
                       [&parts](Tx& tx, Call& call) { return AnswerFunnel(parts, tx, call); }),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, "/v1/insight/trend",
             gate.Read(Action::kReadInsight,
                       [&parts](Tx& tx, Call& call) { return AnswerTrend(parts, tx, call); }),
             {.run_on = RunOn::kWorker});
  router.Add(HttpMethod::kGet, "/v1/journals", gate.Read(Action::kReadJournals, AnswerJournals),
             {.run_on = RunOn::kWorker});
}

}  // namespace jaring
