#include "channels/http/cover_json.h"

#include "channels/http/problem.h"
#include "channels/json/member_json.h"
#include "channels/text/masking.h"

namespace jaring {

bool WantsCoverJson(const HttpRequest& request) {
  const std::string_view accept = request.Header("Accept");
  return accept.find(kJsonType) != std::string_view::npos &&
         accept.find("text/html") == std::string_view::npos;
}

HttpResponse CoverProblemsJson(const Messages& messages, Language language,
                               const std::vector<FormProblem>& problems) {
  std::vector<FieldProblem> fields;
  fields.reserve(problems.size());
  for (const FormProblem& problem : problems) {
    fields.push_back({"/" + std::string(problem.field), std::string(problem.rule)});
  }
  return ProblemResponse(Invalid("request.fields_wrong"), messages, language, fields);
}

HttpResponse CoverFoundJson(const MemberView& view, const std::string& branch) {
  JsonWriter json;
  json.BeginObject();
  json.Key("state").Text(CoverageStateCode(OverallState(view)));
  json.Key("name").Text(MaskedName(view.name));
  json.Key("member_number").Text(view.member.ToString());
  json.Key("bill_code").Text(BillCodeOf(view.member));
  json.Key("branch").Text(branch);
  json.Key("on").Text(view.coverage.on.ToString());
  AddCover(json, view);
  json.Key("credit").Integer(view.credit.rupiah());
  json.Key("next_due");
  view.coverage.next_due ? json.Text(view.coverage.next_due->ToString()) : json.Null();
  AddRestoration(json, view.restoration);
  json.EndObject();
  return {200, kJsonType, json.Take(), ""};
}

}  // namespace jaring
