#pragma once

// A generic HTTP/1.1 server: connections, time-outs, limits, orderly stop. It knows nothing of the
// scheme. Boost.Beast reads the requests and stays inside http_server.cc.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/calendar.h"
#include "base/result.h"
#include "channels/http/http_metrics.h"
#include "channels/http/router.h"

namespace jaring {

struct HttpServerOptions {
  std::string listen = "127.0.0.1:8080";  // Address and port; port 0 takes a free one.
  bool insecure = false;                  // Allows an address others can reach.
  int threads = 2;                        // For connections.
  int worker_threads = 2;                 // For routes with RunOn::kWorker.
  std::size_t max_connections = 20'000;   // Past these a new one is told 503 and closed.
  std::size_t header_limit = 16'384;      // Bytes of request line and headers.
  std::uint64_t body_limit = 1'048'576;

  std::chrono::milliseconds header_timeout{10'000};  // First to last byte of the headers.
  std::chrono::milliseconds body_timeout{30'000};    // The whole body.
  std::chrono::milliseconds idle_timeout{75'000};    // Between two requests.
  std::chrono::milliseconds write_timeout{30'000};   // The whole answer.
  std::chrono::milliseconds stop_grace{10'000};      // For what runs when told to stop.

  bool stop_on_signals = false;  // SIGTERM and SIGINT stop the server.

  /// The clock of the Date header; without one there is no such header.
  std::function<Instant()> now;
  /// Words the server's own refusals (404, 405, 413…). Without it they have a plain body.
  std::function<HttpResponse(const Error&, const HttpRequest&)> refuse;
};

/// Serves the routes of a Router. Router and metrics must outlive it.
///
/// Errors the server itself answers with: request.malformed, request.path_unknown,
/// request.method_not_allowed, request.body_too_large, request.headers_too_large,
/// request.timed_out, request.host_unknown, request.internal, request.unavailable.
class HttpServer {
 public:
  /// Binds and listens; connections wait until Run.
  ///
  /// Errors: listen.malformed, listen.not_loopback, listen.failed.
  static Result<std::unique_ptr<HttpServer>> Listen(HttpServerOptions options, const Router& router,
                                                    HttpMetrics& metrics);
  virtual ~HttpServer() = default;

  virtual int port() const = 0;

  /// Serves until stopped; returns when the last connection is closed.
  virtual void Run() = 0;

  /// Accepts no more, lets what runs finish within stop_grace, then closes.
  ///
  /// Thread: any; may be called more than once.
  virtual void Stop() = 0;
};

}  // namespace jaring
