#include "channels/http/scheme_api.h"

#include "channels/http/etag.h"
#include "channels/http/form.h"
#include "channels/http/json_body.h"
#include "channels/json/quote.h"
#include "channels/json/scheme_json.h"

namespace jaring {
namespace {

Result<HttpResponse> ShowScheme(const SiteParts& parts, const HttpRequest& request) {
  JARING_ASSIGN_OR_RETURN(const auto fields, ParseForm(request.query));
  JARING_RETURN_IF_ERROR(AllowFields(fields, {"on"}));
  Date on = parts.now().JakartaDate();
  if (const auto text = FindField(fields, "on")) {
    JARING_ASSIGN_OR_RETURN(on, Date::Parse(*text));
  }
  return Versioned(request, parts.agency, SchemeJson(parts.agency.scheme, on));
}

Result<HttpResponse> MakeOneQuote(const SiteParts& parts, const HttpRequest& request,
                                  std::vector<FieldProblem>& problems) {
  JARING_ASSIGN_OR_RETURN(const JsonValue body, ReadJsonBody(request));
  FieldReader reader(body, "", problems);
  QuoteRequest quote{.today = parts.now().JakartaDate()};
  quote.income = reader.Integer("income", Need::kRequired).value_or(0);
  quote.programmes = reader.Text("programmes", Need::kOptional).value_or(quote.programmes);
  quote.sector = reader.Text("sector", Need::kOptional).value_or(quote.sector);
  quote.from = reader.Text("from", Need::kOptional).value_or(quote.today.month().ToString());
  quote.months = reader.Integer("months", Need::kOptional).value_or(quote.months);
  quote.payer = reader.Text("payer", Need::kOptional).value_or(quote.payer);
  if (const auto joined = reader.Text("joined", Need::kOptional)) {
    quote.joined = *joined;
  }
  if (const auto paid_on = reader.Text("paid_on", Need::kOptional)) {
    quote.paid_on = *paid_on;
  }
  reader.Finish();
  if (!problems.empty()) {
    return Invalid("request.fields_wrong");
  }
  JARING_ASSIGN_OR_RETURN(const QuoteAnswer answer, MakeQuote(parts.agency.scheme, quote));
  return HttpResponse{200, kJsonType, QuoteJson(answer), ""};
}

}  // namespace

void AddSchemeRoutes(Router& router, const SiteParts& parts) {
  router.Add(HttpMethod::kGet, "/v1/scheme", Open(AtOnce([&parts](const HttpRequest& request) {
               auto answer = ShowScheme(parts, request);
               return answer ? std::move(answer).value()
                             : ProblemResponse(answer.error(), parts.messages, LanguageOf(request));
             })));
  router.Add(HttpMethod::kPost, "/v1/quotes", Open(AtOnce([&parts](const HttpRequest& request) {
               std::vector<FieldProblem> problems;
               auto answer = MakeOneQuote(parts, request, problems);
               return answer ? std::move(answer).value()
                             : ProblemResponse(answer.error(), parts.messages, LanguageOf(request),
                                               problems);
             })));
}

}  // namespace jaring
