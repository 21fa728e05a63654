#include "channels/http/http_site.h"

#include <fstream>
#include <sstream>

#include "channels/http/cover_page.h"
#include "channels/http/coverage_api.h"
#include "channels/http/enrolment_api.h"
#include "channels/http/overview_page.h"
#include "channels/http/page_shell.h"
#include "channels/http/payment_api.h"

namespace jaring {
namespace {

std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Well when the database answers; a probe must see it when it does not.
HttpResponse Health(const SiteParts& parts) {
  const auto read = parts.database.Read([](Tx&) -> Result<Done> { return Done{}; });
  if (read) {
    return {200, "text/plain; charset=utf-8", "ok\n", ""};
  }
  return {503, "text/plain; charset=utf-8", "database unavailable\n", "Retry-After: 1\r\n"};
}

bool WantsPage(const HttpRequest& request) {
  return request.Header("Accept").find("text/html") != std::string_view::npos &&
         !request.path.starts_with("/v1/");
}

}  // namespace

HttpResponse ErrorPage(const SiteParts& parts, const Error& error, const HttpRequest& request) {
  const PageWords words(parts.page_texts, LanguageOf(request));
  const std::string body =
      "<div class=\"narrow\"><h1>" + words("page/error_title") + "</h1><p class=\"lead\">" +
      EscapeHtml(parts.messages.Text(error.rule, words.language())) +
      "</p><p><a href=\"/?lang=" + std::string(LanguageCode(words.language())) + "\">" +
      words("page/error_back") + "</a></p></div>";
  return PageResponse(HttpStatusOf(error), words,
                      {words("page/error_title"), "/", "", body, parts.agency.is_demo});
}

struct HttpSite::Rooms {
  explicit Rooms(SiteParts site_parts)
      : parts(std::move(site_parts)),
        payments(parts.database, parts.agency, parts.messages, parts.now),
        cover(parts),
        openapi(ReadText(parts.openapi)) {
    AddPages();
    AddApi();
    AddOperations();
    metrics.emplace(router.Names());
    metrics->AddGauge("payments_waiting", "Single payments waiting for the next commit.",
                      [this] { return payments.waiting(); });
  }

  void AddPages() {
    router.Add(HttpMethod::kGet, "/", OverviewHandler(parts), RunOn::kWorker);
    router.Add(HttpMethod::kGet, "/cover",
               AtOnce([this](const HttpRequest& request) { return cover.Show(request); }));
    router.Add(HttpMethod::kPost, "/cover",
               AtOnce([this](const HttpRequest& request) { return cover.Answer(request); }));
  }

  void AddApi() {
    router.Add(HttpMethod::kPost, "/v1/enrolments", EnrolmentHandler(parts), RunOn::kWorker);
    router.Add(HttpMethod::kPost, "/v1/payments", PaymentHandler(parts, payments));
    router.Add(HttpMethod::kGet, "/v1/coverage", CoverageHandler(parts));
    router.Add(HttpMethod::kGet, "/v1/insight/coverage", InsightHandler(parts), RunOn::kWorker);
    router.Add(
        HttpMethod::kGet, "/openapi.yaml", AtOnce([this](const HttpRequest&) {
          return HttpResponse{200, "application/yaml", openapi, "Cache-Control: max-age=300\r\n"};
        }));
  }

  void AddOperations() {
    router.Add(HttpMethod::kGet, "/healthz",
               AtOnce([this](const HttpRequest&) { return Health(parts); }));
    // A constant, to measure the others against.
    router.Add(HttpMethod::kGet, "/ping", AtOnce([](const HttpRequest&) {
                 return HttpResponse{200, "text/plain; charset=utf-8", "pong\n", ""};
               }));
    router.Add(
        HttpMethod::kGet, "/metrics", AtOnce([this](const HttpRequest&) {
          return HttpResponse{200, "text/plain; version=0.0.4; charset=utf-8", metrics->Text(), ""};
        }));
  }

  const SiteParts parts;
  PaymentQueue payments;
  CoverPage cover;
  const std::string openapi;
  Router router;
  std::optional<HttpMetrics> metrics;
};

HttpSite::HttpSite(SiteParts parts) : rooms_(std::make_unique<Rooms>(std::move(parts))) {}
HttpSite::~HttpSite() = default;

const Router& HttpSite::router() const {
  return rooms_->router;
}
HttpMetrics& HttpSite::metrics() {
  return *rooms_->metrics;
}

HttpResponse HttpSite::Refuse(const Error& error, const HttpRequest& request) const {
  if (WantsPage(request)) {
    return ErrorPage(rooms_->parts, error, request);
  }
  return ProblemResponse(error, rooms_->parts.messages, LanguageOf(request));
}

}  // namespace jaring
