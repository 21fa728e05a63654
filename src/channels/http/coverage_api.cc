#include "channels/http/coverage_api.h"

#include <algorithm>

#include "channels/http/form.h"
#include "channels/json/member_json.h"

namespace jaring {
namespace {

using Fields = std::vector<FormField>;

Result<Done> RefuseOthers(const Fields& fields, std::initializer_list<std::string_view> known) {
  for (const FormField& field : fields) {
    if (field.name != "lang" && std::find(known.begin(), known.end(), field.name) == known.end()) {
      return Invalid("request.field_unknown");
    }
  }
  return Done{};
}

Result<MemberNumber> FindMember(Tx& tx, const Agency& agency, const Fields& fields) {
  const auto number = FindField(fields, "member_number");
  const auto nik_text = FindField(fields, "nik");
  if (number.has_value() == nik_text.has_value()) {
    return Invalid("coverage.query_missing");
  }
  if (number) {
    return MemberNumber::Parse(*number);
  }
  JARING_ASSIGN_OR_RETURN(const Nik nik, Nik::Parse(*nik_text, agency.is_demo));
  JARING_ASSIGN_OR_RETURN(const auto person, FindPersonByNik(tx, agency, nik));
  if (!person) {
    return NotFound("member.unknown");
  }
  return MemberNumber{*person, 1};
}

Result<std::string> AnswerCoverage(const SiteParts& parts, std::string_view query) {
  JARING_ASSIGN_OR_RETURN(const Fields fields, ParseForm(query));
  JARING_RETURN_IF_ERROR(RefuseOthers(fields, {"member_number", "nik", "on", "known_at"}));
  CoverageQuestion question;
  question.with_person = false;
  const Instant now = parts.now();
  question.on = now.JakartaDate();
  if (const auto on = FindField(fields, "on")) {
    JARING_ASSIGN_OR_RETURN(question.on, Date::Parse(*on));
  }
  if (const auto known_at = FindField(fields, "known_at")) {
    JARING_ASSIGN_OR_RETURN(question.known_at, Instant::Parse(*known_at));
  }
  std::string json;
  JARING_RETURN_IF_ERROR(parts.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(question.member, FindMember(tx, parts.agency, fields));
    JARING_ASSIGN_OR_RETURN(const MemberView view, ViewMember(tx, parts.agency, question));
    json = CoverageJson(view, question.known_at.value_or(now));
    return Done{};
  }));
  return json;
}

Result<std::string> AnswerInsight(const SiteParts& parts, std::string_view query) {
  JARING_ASSIGN_OR_RETURN(const Fields fields, ParseForm(query));
  JARING_RETURN_IF_ERROR(RefuseOthers(fields, {"by", "month"}));
  Month month = parts.now().JakartaDate().month();
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
  std::string json;
  JARING_RETURN_IF_ERROR(parts.database.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const CoverageReport report,
                            ReportCoverage(tx, parts.agency.scheme, month, by));
    json = ReportJson(report);
    return Done{};
  }));
  return json;
}

HttpHandler JsonHandler(const SiteParts& parts,
                        Result<std::string> (*answer)(const SiteParts&, std::string_view)) {
  return AtOnce([&parts, answer](const HttpRequest& request) -> HttpResponse {
    auto json = answer(parts, request.query);
    if (!json) {
      return ProblemResponse(json.error(), parts.messages, LanguageOf(request));
    }
    return {200, kJsonType, std::move(json).value(), ""};
  });
}

}  // namespace

HttpHandler CoverageHandler(const SiteParts& parts) {
  return JsonHandler(parts, AnswerCoverage);
}

HttpHandler InsightHandler(const SiteParts& parts) {
  return JsonHandler(parts, AnswerInsight);
}

}  // namespace jaring
