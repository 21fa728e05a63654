#pragma once

// All that this server answers: the pages, the JSON API and what operators look at.

#include <filesystem>
#include <functional>
#include <memory>

#include "channels/http/http_metrics.h"
#include "channels/http/problem.h"
#include "channels/http/router.h"
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
  std::string secret;             // Random, at least 32 bytes; new at each start will do.
  std::filesystem::path openapi;  // api/openapi.yaml.
};

/// Owns the handlers and what they share. Stop the server before this ends.
///
/// Thread: any number of requests.
class HttpSite {
 public:
  explicit HttpSite(SiteParts parts);
  ~HttpSite();

  const Router& router() const;
  HttpMetrics& metrics();

  /// The server's own refusals in our words: a page for browsers, a problem for programs.
  HttpResponse Refuse(const Error& error, const HttpRequest& request) const;

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace jaring
