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
constexpr auto kRuleStatuses = std::to_array<RuleStatus>({
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
    {"request.needs_tls", 400},
    {"request.too_many", 429},
    {"login.required", 401},
    {"login.token_unknown", 401},
    {"login.credentials_malformed", 401},
    {"access.not_allowed", 403},
    {"access.second_factor_needed", 403},
    {"request.cross_site", 403},
    {"client.address_not_allowed", 403},
    {"client.signature_needed", 401},
    {"device.too_many_requests", 429},
    {"login.wrong", 401},
    {"login.code_needed", 401},
    {"login.code_wrong", 401},
    {"login.no_role", 403},
    {"login.too_many_attempts", 429},
    {"worker_code.wrong", 401},
    {"worker_pin.wrong", 401},
    {"worker_ticket.unknown", 401},
    {"request.if_match_missing", 428},
    {"request.changed_since", 412},
    {"job.media_type", 415},
});

}  // namespace

int HttpStatusOf(const Error& error) {
  const auto* own = std::find_if(kRuleStatuses.begin(), kRuleStatuses.end(),
                                 [&](const RuleStatus& row) { return row.rule == error.rule; });
  if (own != kRuleStatuses.end()) {
    return own->status;
  }
  if (error.rule.starts_with("signature.") && error.code == ErrorCode::kInvalidArgument) {
    return 401;
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
                             std::span<const FieldProblem> fields, const ProblemMore& more) {
  const int status = HttpStatusOf(error);
  JsonWriter json;
  json.BeginObject();
  json.Key("type").Text("urn:jaring:rule:" + error.rule);
  json.Key("title").Text(ReasonPhrase(status));
  json.Key("status").Integer(status);
  const std::string words = messages.Text(error.rule, language);
  json.Key("detail").Text(more.contact.empty() ? words : words + " " + more.contact);
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
  HttpResponse response{status, kProblemType, json.Take(), "", error.rule};
  response.AddHeader("Content-Language", LanguageCode(messages.Spoken(error.rule, language)));
  if (status == 401) {
    response.AddHeader("WWW-Authenticate", "Bearer realm=\"jaring\"");
  }
  if (more.retry_after_seconds > 0) {
    response.AddHeader("Retry-After", std::to_string(more.retry_after_seconds));
  } else if (error.rule == "device.too_many_requests") {
    response.AddHeader("Retry-After", "60");
  } else if (error.rule == "payment.outcome_unknown" || error.rule == "db.outcome_unknown") {
    response.AddHeader("Retry-After", "5");  // A standby may have to take over first.
  } else if (status == 503) {
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
