#include "channels/http/http_site.h"

#include "access/recovery.h"
#include "channels/http/account_api.h"
#include "channels/http/account_page.h"
#include "channels/http/agency_api.h"
#include "channels/http/approval_page.h"
#include "channels/http/care_routes.h"
#include "channels/http/claim_api.h"
#include "channels/http/counter_page.h"
#include "channels/http/cover_page.h"
#include "channels/http/coverage_api.h"
#include "channels/http/device_api.h"
#include "channels/http/document_api.h"
#include "channels/http/enrolment_api.h"
#include "channels/http/face_routes.h"
#include "channels/http/housekeeper.h"
#include "channels/http/insight_api.h"
#include "channels/http/job_api.h"
#include "channels/http/login_desk.h"
#include "channels/http/login_page.h"
#include "channels/http/money_api.h"
#include "channels/http/notice_api.h"
#include "channels/http/oauth_api.h"
#include "channels/http/oidc_api.h"
#include "channels/http/overview_page.h"
#include "channels/http/page_shell.h"
#include "channels/http/partner_client_api.h"
#include "channels/http/payment_api.h"
#include "channels/http/payout_api.h"
#include "channels/http/person_api.h"
#include "channels/http/readiness.h"
#include "channels/http/recovery_api.h"
#include "channels/http/recovery_page.h"
#include "channels/http/scheme_api.h"
#include "channels/http/second_factor_page.h"
#include "channels/http/session_api.h"
#include "channels/http/signature_verifier.h"
#include "channels/http/worker_api.h"
#include "channels/http/worker_page.h"
#include "channels/jobs/server_roll.h"
#include "claims/schedule_desk.h"

namespace jaring {
namespace {

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

std::vector<Duty> DutiesOf(const SiteParts& parts) {
  constexpr int kMessagesAtOnce = 100;
  const auto finish_recoveries = [&parts](const auto& /*stopping*/) {
    (void)parts.database.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(FinishRecoveries(tx, parts.agency, parts.now()));
      return Done{};
    });
  };
  const auto send_messages = [&parts](const auto& /*stopping*/) {
    KeepingChannel keeping;
    MessageChannel& channel = parts.messages_out != nullptr ? *parts.messages_out : keeping;
    (void)SendMessages(parts.database, parts.agency.sealer, channel, kMessagesAtOnce, parts.now);
  };
  const auto delete_due = [&parts](const std::function<bool()>& stopping) {
    (void)DeleteAllDue(parts.database, parts.retention, parts.now(), Housekeeper::kRowsAtOnce,
                       stopping);
  };
  // On each of several servers: whoever comes first opens them, the others find none.
  const auto open_instalments = [&parts](const std::function<bool()>& stopping) {
    const Instant now = parts.now();
    (void)OpenAllDue(parts.database, parts.agency, now.JakartaDate(), Housekeeper::kRowsAtOnce,
                     {.who = {.kind = ActorKind::kSystem}, .now = now}, stopping);
  };
  return {{std::chrono::minutes(1), finish_recoveries},
          {std::chrono::minutes(1), send_messages, true},
          {std::chrono::hours(1), delete_due},
          {std::chrono::hours(24), open_instalments}};
}

/// What hangs on how many servers there are is told so by the roll.
SiteParts WithRoll(SiteParts parts, const ServerRoll& roll) {
  parts.servers = [&roll] { return roll.servers(); };
  return parts;
}

/// Where the one thing that is missing can be done.
std::string WayOnHtml(const PageWords& words, std::string_view rule) {
  const auto link = [&](std::string_view path, std::string_view key) {
    return "<p><a class=\"button\" href=\"" + LoginDesk::PathIn(words, path) + "\">" + words(key) +
           "</a></p>";
  };
  if (rule == "access.second_factor_needed") {
    return link("/login/second-factor", "second_factor/title");
  }
  if (rule == "login.required" || rule == "login.token_unknown") {
    return link("/login", "login/title") + link("/masuk", "login/worker_way");
  }
  return "";
}

}  // namespace

HttpResponse ErrorPage(const SiteParts& parts, const Error& error, const HttpRequest& request) {
  const PageWords words(parts.page_texts, LanguageOf(request));
  const std::string body = "<div class=\"narrow\"><h1>" + words("page/error_title") +
                           "</h1><p class=\"lead\">" +
                           EscapeHtml(parts.messages.Text(error.rule, words.language())) + "</p>" +
                           WayOnHtml(words, error.rule) +
                           "<p><a href=\"/?lang=" + std::string(LanguageCode(words.language())) +
                           "\">" + words("page/error_back") + "</a></p></div>";
  HttpResponse page = PageResponse(
      HttpStatusOf(error), words, {words("page/error_title"), "/", "", body, parts.agency.is_demo});
  page.rule = error.rule;
  return page;
}

struct HttpSite::Rooms {
  explicit Rooms(SiteParts site_parts)
      : roll(site_parts.database, site_parts.now, site_parts.server, site_parts.is_server_gone),
        parts(WithRoll(std::move(site_parts), roll)),
        payments(parts.database, parts.agency, parts.messages, parts.now),
        machine_check(parts.database, parts.now),
        jobs(parts.database, parts.agency, parts.messages, parts.now,
             [this] { return roll.claim(); }),
        signatures(parts.database, parts.now, parts.servers),
        gate(parts),
        housekeeper(DutiesOf(parts)),
        login(parts, gate, [this] { housekeeper.Wake(); }),
        cover(parts),
        faces(LoadFaces(parts)) {
    gate.authenticator().set_machine_check(&machine_check);
    gate.authenticator().set_signature_check(
        [this](const HttpRequest& request) { return signatures.Check(request); });
    gate.authenticator().set_on_forget([this] { signatures.ForgetKeys(); });
    AddPages();
    AddApi();
    AddCareRoutes(router, gate, parts);
    AddClaimRoutes(router, gate, parts);
    AddPayoutRoutes(router, gate, parts);
    AddNoticeRoutes(router, gate, parts);
    AddOperations();
    metrics.emplace(router.Names());
    metrics->AddGauge("payments_waiting", "Single payments waiting for the next commit.",
                      [this] { return payments.waiting(); });
    metrics->AddGauge("servers", "Servers that share the work, this one among them.",
                      [this] { return roll.servers(); });
  }

  void AddPages() {
    router.Add(HttpMethod::kGet, "/", Overview(), {.run_on = RunOn::kWorker});
    router.Add(HttpMethod::kGet, "/cover",
               Open(AtOnce([this](const HttpRequest& request) { return cover.Show(request); })));
    router.Add(HttpMethod::kPost, "/cover",
               Open(AtOnce([this](const HttpRequest& request) { return cover.Answer(request); })));
    AddLoginPages(router, login);
    AddAccountPages(router, login);
    AddWorkerPages(router, login);
    AddSecondFactorPage(router, login);
    AddRecoveryPages(router, login);
    AddCounterPages(router, login);
    AddApprovalPages(router, login);
    AddFaceRoutes(router, parts, faces);
  }

  /// One line a family.
  void AddApi() {
    AddEnrolmentRoutes(router, gate, parts);
    AddPaymentRoutes(router, gate, parts, payments);
    AddMoneyRoutes(router, gate, parts);
    AddPersonRoutes(router, gate, parts);
    AddCoverageRoutes(router, gate, parts);
    AddInsightRoutes(router, gate, parts);
    AddAgencyRoutes(router, gate, parts);
    AddSchemeRoutes(router, parts);
    AddJobRoutes(router, gate, parts, jobs);
    AddDocumentRoutes(router, parts);
    AddTokenRoutes(router, parts);
    AddPartnerClientRoutes(router, gate);
    AddSessionRoutes(router, login);
    AddOidcRoutes(router, login);
    AddAccountRoutes(router, login);
    AddWorkerRoutes(router, login);
    AddDeviceRoutes(router, gate, parts);
    AddRecoveryRoutes(router, login);
  }

  void AddOperations() {
    router.Add(HttpMethod::kGet, "/healthz",
               Open(AtOnce([this](const HttpRequest&) { return Health(parts); })));
    router.Add(HttpMethod::kGet, "/readyz", Open(AtOnce([this](const HttpRequest&) {
                 return ReadinessAnswer({parts.database, parts.agency, parts.migrations,
                                         parts.data_folder, parts.is_stopping});
               })),
               {.run_on = RunOn::kWorker});
    // A constant, to measure the others against.
    router.Add(HttpMethod::kGet, "/ping", Open(AtOnce([](const HttpRequest&) {
                 return HttpResponse{200, "text/plain; charset=utf-8", "pong\n", ""};
               })));
    // Figures of the program, none of people: who runs it on this machine may read them.
    router.Add(HttpMethod::kGet, "/metrics",
               Open(AtOnce([this](const HttpRequest& request) { return Metrics(request); })));
  }

  /// Invented figures are for everyone to look at.
  Guarded Overview() {
    if (parts.agency.is_demo) {
      return Open(
          AtOnce([this](const HttpRequest& request) { return OverviewPage(parts, request, {}); }));
    }
    return gate.Queued(Action::kReadInsight, [this](const Call& call, Responder responder) {
      const auto filter = CoverageFilterOf(call.who().scope);
      responder.Send(filter ? OverviewPage(parts, call.request(), *filter)
                            : ErrorPage(parts, filter.error(), call.request()));
    });
  }

  HttpResponse Metrics(const HttpRequest& request) {
    const bool is_local = request.peer == "127.0.0.1" || request.peer == "::1";
    if (!is_local) {
      const auto who = gate.Admit(request, Action::kReadMetrics);
      if (!who) {
        return ProblemResponse(who.error(), parts.messages, LanguageOf(request));
      }
    }
    return {200, "text/plain; version=0.0.4; charset=utf-8", metrics->Text(), ""};
  }

  ServerRoll roll;
  const SiteParts parts;
  PaymentQueue payments;
  MachineCheck machine_check;
  JobRunner jobs;
  SignatureVerifier signatures;
  Gate gate;
  Housekeeper housekeeper;
  LoginDesk login;
  CoverPage cover;
  const FaceFiles faces;
  Router router;
  std::optional<HttpMetrics> metrics;
};

HttpSite::HttpSite(SiteParts parts) : rooms_(std::make_unique<Rooms>(std::move(parts))) {}
HttpSite::~HttpSite() {
  rooms_->roll.Stop();  // It wakes the jobs, which end before it does.
}

const Router& HttpSite::router() const {
  return rooms_->router;
}
void HttpSite::Start() {
  rooms_->roll.Start([this] { rooms_->jobs.Wake(); });
  rooms_->jobs.Start();
  rooms_->housekeeper.Start();
}
HttpMetrics& HttpSite::metrics() {
  return *rooms_->metrics;
}

std::optional<HttpResponse> HttpSite::Admit(const HttpRequest& request, const Route& route) {
  if (!route.action) {
    return std::nullopt;
  }
  const auto who = rooms_->gate.Admit(request, *route.action);
  if (!who) {
    return Refuse(who.error(), request);
  }
  // Taken from the budget only when the body is here; but who has nothing left need not send it.
  const RateVerdict verdict = rooms_->gate.Look(*who, *route.action, request);
  return verdict.allowed
             ? std::nullopt
             : std::optional(TooManyRequests(rooms_->parts.messages, LanguageOf(request), verdict));
}

HttpResponse HttpSite::Refuse(const Error& error, const HttpRequest& request) const {
  if (WantsPage(request)) {
    return ErrorPage(rooms_->parts, error, request);
  }
  return ProblemResponse(error, rooms_->parts.messages, LanguageOf(request));
}

}  // namespace jaring
