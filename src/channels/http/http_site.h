#pragma once

// All that this server answers: the pages, the JSON API and what operators look at.

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "access/outbox.h"
#include "access/password.h"
#include "access/staff_login.h"
#include "channels/files/pain001.h"
#include "channels/http/http_metrics.h"
#include "channels/http/oidc_provider.h"
#include "channels/http/problem.h"
#include "channels/http/rate_limiter.h"
#include "channels/http/router.h"
#include "channels/text/retention_terms.h"
#include "claims/paper_store.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

/// What the site works with; everything must outlive it.
struct SiteParts {
  Database& database;
  const Agency& agency;
  const Messages& messages;
  const Messages& page_texts;  // data/page_texts.toml.
  std::function<Instant()> now;
  std::string secret;                // Random, at least 32 bytes; the same at all servers.
  std::filesystem::path openapi;     // api/openapi.yaml.
  std::filesystem::path faces = {};  // web/dist; without it the faces say that they are not there.
  std::filesystem::path breached_passwords = {};  // Without it no password can be set here.
  PasswordCost password_cost = {};
  SessionTerms session_terms = {};
  CallerRates rates = {};
  std::string server = "server";  // Its name among those of one database; see ServerRoll.
  std::function<bool(const std::string& name)> is_server_gone = {};
  // What /readyz looks at besides the database; empty: nothing.
  std::filesystem::path migrations = {};
  std::filesystem::path data_folder = {};
  std::function<bool()> is_stopping = {};
  std::vector<RetentionTerm> retention = {};   // What is deleted when it is over.
  PaperStore* papers = nullptr;                // Absent: claims take no papers here.
  PayingAccount paying = {};                   // What claims are paid from.
  MessageChannel* messages_out = nullptr;      // Absent: messages stay where they are.
  OidcSettings oidc = {};                      // The agency's own login, if it has one.
  Fetch oidc_fetch = {};                       // Else CurlFetch.
  std::function<std::int64_t()> servers = {};  // HttpSite sets it.

  /// How many servers share the callers: at least 1.
  std::int64_t servers_now() const { return servers ? servers() : 1; }
};

/// A page that says what went wrong and what to do.
HttpResponse ErrorPage(const SiteParts& parts, const Error& error, const HttpRequest& request);

/// Owns the handlers and what they share. Stop the server before this ends.
///
/// Thread: any number of requests.
class HttpSite {
 public:
  explicit HttpSite(SiteParts parts);
  ~HttpSite();

  const Router& router() const;
  HttpMetrics& metrics();
  /// Begins the work beside the requests: uploaded files, messages, what is due from time to time.
  void Start();

  /// Refuses who may not use the route, or has asked too much, before her body is read; see
  /// HttpServerOptions::admit.
  std::optional<HttpResponse> Admit(const HttpRequest& request, const Route& route);

  /// The server's own refusals in our words: a page for browsers, a problem for programs.
  HttpResponse Refuse(const Error& error, const HttpRequest& request) const;

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace jaring
