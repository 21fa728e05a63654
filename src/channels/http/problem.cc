#include "channels/http/problem.h"

#include <algorithm>
#include <array>

#include "channels/http/form.h"
#include "channels/http/http_wire.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

struct RuleStatus {
  std::string_view rule;
  int status;
};

// Refusals HTTP itself has a status for.
constexpr std::array<RuleStatus, 12> kRuleStatuses = {{
    {"request.malformed", 400},
    {"request.json_malformed", 400},
    {"request.query_malformed", 400},
    {"request.timed_out", 408},
    {"request.method_not_allowed", 405},
    {"request.body_too_large", 413},
    {"request.media_type", 415},
    {"request.host_unknown", 421},
    {"request.headers_too_large", 431},
    {"idempotency_key.missing", 400},
    {"idempotency_key.malformed", 400},
    {"cover.too_many_attempts", 429},
}};

}  // namespace

int HttpStatusOf(const Error& error) {
  const auto* own = std::find_if(kRuleStatuses.begin(), kRuleStatuses.end(),
                                 [&](const RuleStatus& row) { return row.rule == error.rule; });
  if (own != kRuleStatuses.end()) {
    return own->status;
  }
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
      return 422;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kInternal:
      return 500;
  }
  JARING_CHECK(false);
}

HttpResponse ProblemResponse(const Error& error, const Messages& messages, Language language,
                             std::span<const FieldProblem> fields) {
  const int status = HttpStatusOf(error);
  JsonWriter json;
  json.BeginObject();
  json.Key("type").Text("urn:jaring:rule:" + error.rule);
  json.Key("title").Text(ReasonPhrase(status));
  json.Key("status").Integer(status);
  json.Key("detail").Text(messages.Text(error.rule, language));
  json.Key("rule").Text(error.rule);
  if (!fields.empty()) {
    json.Key("errors").BeginList();
    for (const FieldProblem& field : fields) {
      json.BeginObject().Key("pointer").Text(field.pointer).Key("rule").Text(field.rule);
      json.Key("detail").Text(messages.Text(field.rule, language)).EndObject();
    }
    json.EndList();
  }
  json.EndObject();
  HttpResponse response{status, kProblemType, json.Take(), ""};
  response.AddHeader("Content-Language", LanguageCode(language));
  if (status == 503) {
    response.AddHeader("Retry-After", "1");
  }
  return response;
}

Language LanguageOf(const HttpRequest& request) {
  if (const auto query = ParseForm(request.query)) {
    if (const auto language = FindLanguage(FindField(*query, "lang").value_or(""))) {
      return *language;
    }
  }
  return PreferredLanguage(request.Header("Accept-Language"));
}

}  // namespace jaring
