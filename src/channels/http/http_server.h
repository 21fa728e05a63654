#pragma once

// A generic HTTP/1.1 server: TLS, connections, time-outs, limits, orderly stop. It knows nothing of
// the scheme. Boost.Beast and OpenSSL stay inside its own files.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "channels/http/http_metrics.h"
#include "channels/http/request_log.h"
#include "channels/http/router.h"

namespace jaring {

struct HttpServerOptions {
  std::string listen = "127.0.0.1:8080";  // Address and port; port 0 takes a free one.
  bool insecure = false;  // Allows plain HTTP on an address others can reach; for demos.

  /// PEM files: our certificate and then its chain, and the key. Both or none. They are read again
  /// when they change and on SIGHUP; what cannot be used then is logged and the old ones stay.
  std::string tls_certificate;
  std::string tls_key;
  /// Addresses and networks of proxies in front of us; see TrustedProxies. Who asks over plain HTTP
  /// from elsewhere is refused, unless on loopback.
  std::vector<std::string> trusted_proxies;

  int threads = 2;                       // For connections.
  int worker_threads = 2;                // For routes with RunOn::kWorker.
  std::size_t max_connections = 20'000;  // Past these a new one is told 503 and closed.
  std::size_t header_limit = 16'384;     // Bytes of request line and headers.
  std::uint64_t body_limit = 1'048'576;  // For routes that have none of their own.
  std::uint64_t body_memory = std::uint64_t{256} << 20U;  // Bytes of all bodies in memory.
  std::string spool_folder;                               // For routes with spool_body.
  std::uint64_t spool_limit = std::uint64_t{4} << 30U;    // Bytes of all spooled bodies.

  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds header_timeout{10'000};  // First to last byte of the headers.
  std::chrono::milliseconds body_timeout{30'000};    // The body, and more as its bytes come.
  std::chrono::milliseconds idle_timeout{75'000};    // Between two requests.
  std::chrono::milliseconds write_timeout{30'000};   // The answer, and more as its bytes go.
  std::uint64_t slowest_bytes_per_second = 8'192;    // At which bodies and answers get more time.
  std::chrono::milliseconds stop_grace{10'000};      // For what runs when told to stop.

  bool stop_on_signals = false;  // SIGTERM and SIGINT stop the server, SIGHUP is Reload.

  ServerLog* log = nullptr;  // Must outlive the server; without one nothing is logged.
  LogRequests log_requests = LogRequests::kNotable;
  std::chrono::milliseconds slow_request{1'000};  // Notable from here on.

  /// The clock of the Date header; without one there is no such header.
  std::function<Instant()> now;
  /// Words the server's own refusals (404, 405, 413…). Without it they have a plain body.
  std::function<HttpResponse(const Error&, const HttpRequest&)> refuse;
  /// Asked before the body of a route with spool_body is read, on a worker thread: an answer
  /// refuses it. Without it strangers could fill the disk.
  std::function<std::optional<HttpResponse>(const HttpRequest&, const Route&)> admit;
  /// Called once when told to stop, before anything is closed.
  std::function<void()> on_stop;
};

/// Serves the routes of a Router. Router and metrics must outlive it.
///
/// Errors the server itself answers with: request.malformed, request.path_unknown,
/// request.method_not_allowed, request.body_too_large, request.headers_too_large,
/// request.timed_out, request.host_unknown, request.needs_tls, request.internal,
/// request.unavailable.
class HttpServer {
 public:
  /// Binds and listens; connections wait until Run.
  ///
  /// Errors: listen.malformed, listen.proxy_malformed, listen.tls_incomplete, listen.not_loopback,
  ///         those of TlsCertificates::Load, listen.failed.
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

  /// Reads certificate and key again and opens the log file anew.
  ///
  /// Thread: any, while it runs.
  virtual void Reload() = 0;
};

}  // namespace jaring
