#include "channels/http/http_server.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>

#include "base/text.h"
#include "channels/http/http_connection.h"
#include "channels/http/http_wire.h"
#include "channels/http/tls_certificates.h"

namespace jaring {
namespace internal {
namespace {

/// An address to listen on, read from text.
struct Endpoint {
  asio::ip::tcp::endpoint where;
  bool loopback = true;
};

Result<Endpoint> ParseEndpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const auto port = colon == std::string::npos
                        ? std::nullopt
                        : ParseInteger(std::string_view(text).substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535) {
    return Invalid("listen.malformed", text);
  }
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  error_code error;
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) {
    return Invalid("listen.malformed", text);
  }
  return Endpoint{{address, static_cast<std::uint16_t>(*port)}, address.is_loopback()};
}

// Certificates are looked at this often, and read anew after so long even if they have not changed:
// the keys of session tickets go with them.
constexpr std::chrono::seconds kLookAtCertificates{1};
constexpr std::chrono::hours kRenewTickets{12};

/// Told to who cannot be served, on a fresh socket that surely takes so few bytes.
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
    "Connection: close\r\n\r\n";
constexpr std::string_view kNotFromProxy =
    "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

class Server final : public HttpServer {
 public:
  Server(HttpServerOptions options, const Router& router, HttpMetrics& metrics, bool loopback,
         TrustedProxies proxies, std::unique_ptr<TlsCertificates> tls)
      : shared_{.router = router,
                .metrics = metrics,
                .pool = asio::thread_pool(static_cast<std::size_t>(options.worker_threads)),
                .options = std::move(options),
                .proxies = std::move(proxies),
                .only_local_names = loopback && tls == nullptr,
                .memory = nullptr,
                .disk = nullptr},
        tls_(std::move(tls)) {
    shared_.memory = std::make_shared<ByteBudget>(shared_.options.body_memory);
    shared_.disk = std::make_shared<ByteBudget>(shared_.options.spool_limit);
    shared_.only_local_names = shared_.only_local_names && shared_.proxies.empty();
    only_proxies_ = !loopback && tls_ == nullptr && !shared_.proxies.empty();
    for (int i = 0; i < std::max(shared_.options.threads, 1); ++i) {
      threads_.push_back(std::make_shared<IoThread>(shared_.options));
    }
    acceptor_.emplace(threads_.front()->context);
    signals_.emplace(threads_.front()->context);
    accept_pause_.emplace(threads_.front()->context);
  }

  ~Server() override { shared_.pool.stop(); }

  Result<Done> Open(const asio::ip::tcp::endpoint& where) {
    error_code error;
    acceptor_->open(where.protocol(), error);
    if (!error) {
      acceptor_->set_option(asio::socket_base::reuse_address(true), error);
      acceptor_->bind(where, error);
    }
    if (!error) {
      acceptor_->listen(4096, error);
    }
    if (error) {
      return Error{ErrorCode::kUnavailable, "listen.failed", error.message()};
    }
    port_ = acceptor_->local_endpoint().port();
    return Done{};
  }

  int port() const override { return port_; }
  void Run() override;
  void Stop() override;
  void Reload() override;

 private:
  void AwaitSignal();
  void LookAtCertificates();
  void RefreshCertificates(TlsCertificates::Reload reload);
  void Accept();
  void OnAccept(error_code error, Socket socket, const std::shared_ptr<IoThread>& thread);
  void Welcome(Socket socket, const std::shared_ptr<IoThread>& thread);
  void TurnAway(Socket& socket, std::string_view words) const;
  void Tick(const std::shared_ptr<IoThread>& thread);
  void StopThread(IoThread& thread);
  std::chrono::milliseconds TickInterval() const;

  Shared shared_;
  // Of the first thread, which accepts.
  std::unique_ptr<TlsCertificates> tls_;
  SteadyClock::time_point looked_at_tls_ = SteadyClock::now();
  SteadyClock::time_point renewed_tickets_ = SteadyClock::now();
  bool only_proxies_ = false;

  std::vector<std::shared_ptr<IoThread>> threads_;
  std::optional<Acceptor> acceptor_;
  std::optional<Timer> accept_pause_;
  std::optional<asio::signal_set> signals_;
  std::size_t next_thread_ = 0;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
};

void Server::Run() {
  if (shared_.options.stop_on_signals) {
    signals_->add(SIGTERM);
    signals_->add(SIGINT);
    signals_->add(SIGHUP);
    AwaitSignal();
  }
  for (const auto& thread : threads_) {
    asio::post(thread->context, [this, thread]() { Tick(thread); });
  }
  asio::post(threads_.front()->context, [this]() { Accept(); });
  std::vector<std::thread> running;
  for (std::size_t i = 1; i < threads_.size(); ++i) {
    running.emplace_back([thread = threads_[i]]() { thread->context.run(); });
  }
  threads_.front()->context.run();
  for (std::thread& thread : running) {
    thread.join();
  }
  shared_.pool.join();
  for (const auto& thread : threads_) {
    // What was posted at the last moment: connections to close, answers nobody waits for.
    thread->finished.store(true, std::memory_order_release);
    thread->context.restart();
    thread->context.poll();
    thread->log.Flush();
  }
}

void Server::AwaitSignal() {
  signals_->async_wait([this](error_code error, int signal) {
    if (error) {
      return;
    }
    if (signal == SIGHUP) {
      Reload();
      AwaitSignal();
    } else {
      Stop();
    }
  });
}

void Server::Reload() {
  asio::post(threads_.front()->context, [this]() {
    if (shared_.options.log != nullptr) {
      shared_.options.log->Reopen();
    }
    RefreshCertificates(TlsCertificates::Reload::kAlways);
  });
}

void Server::LookAtCertificates() {
  const SteadyClock::time_point now = threads_.front()->now;
  if (now - renewed_tickets_ >= kRenewTickets) {
    RefreshCertificates(TlsCertificates::Reload::kAlways);
  } else if (now - looked_at_tls_ >=
             std::min<SteadyClock::duration>(kLookAtCertificates, TickInterval() * 4)) {
    looked_at_tls_ = now;
    RefreshCertificates(TlsCertificates::Reload::kIfChanged);
  }
}

void Server::RefreshCertificates(TlsCertificates::Reload reload) {
  if (tls_ == nullptr) {
    return;
  }
  if (reload == TlsCertificates::Reload::kAlways) {
    renewed_tickets_ = SteadyClock::now();
  }
  const auto refreshed = tls_->Refresh(reload);
  if (refreshed && !*refreshed) {
    return;
  }
  shared_.metrics.SetCertificateEnd(tls_->not_after());
  if (shared_.options.log != nullptr && shared_.options.now) {
    const Instant now = shared_.options.now();
    if (refreshed) {
      shared_.options.log->Event(now, LogLevel::kInfo, "tls/reloaded", "");
    } else {
      shared_.options.log->Event(now, LogLevel::kError, "tls/kept_old",
                                 refreshed.error().rule + ": " + refreshed.error().detail);
    }
  }
}

void Server::Stop() {
  if (stopping_.exchange(true)) {
    return;
  }
  if (shared_.options.on_stop) {
    shared_.options.on_stop();
  }
  for (const auto& thread : threads_) {
    asio::post(thread->context, [this, thread]() { StopThread(*thread); });
  }
}

void Server::StopThread(IoThread& thread) {
  if (&thread == threads_.front().get()) {
    error_code ignored;
    acceptor_->close(ignored);
    signals_->cancel(ignored);
    accept_pause_->cancel();
  }
  thread.stopping = true;
  thread.stop_at = SteadyClock::now() + shared_.options.stop_grace;
  for (auto at = thread.connections.begin(); at != thread.connections.end();) {
    static_cast<Connection&>(*at++).FinishSoon();
  }
  thread.tick.cancel();  // Which makes it tick now.
}

void Server::Accept() {
  const std::shared_ptr<IoThread>& thread = threads_[next_thread_++ % threads_.size()];
  acceptor_->async_accept(thread->context.get_executor(),
                          [this, thread](error_code error, Socket socket) {
                            OnAccept(error, std::move(socket), thread);
                          });
}

void Server::OnAccept(error_code error, Socket socket, const std::shared_ptr<IoThread>& thread) {
  if (stopping_) {
    return;
  }
  if (error) {
    // Most likely out of file descriptors: without a pause this would spin.
    accept_pause_->expires_after(std::chrono::milliseconds(50));
    accept_pause_->async_wait([this](error_code cancelled) {
      if (!cancelled) {
        Accept();
      }
    });
    return;
  }
  if (static_cast<std::size_t>(shared_.metrics.connections()) >= shared_.options.max_connections) {
    TurnAway(socket, kFull);
  } else {
    Welcome(std::move(socket), thread);
  }
  Accept();
}

void Server::Welcome(Socket socket, const std::shared_ptr<IoThread>& thread) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  const std::string address = error ? "" : peer.address().to_string();
  if (only_proxies_ && !shared_.proxies.Trusts(address) &&
      (error || !peer.address().is_loopback())) {
    TurnAway(socket, kNotFromProxy);
    return;
  }
  SslPointer session;
  if (tls_ != nullptr) {
    session = tls_->NewSession(socket.native_handle());
    if (session == nullptr) {
      return;
    }
  }
  auto connection = std::make_shared<Connection>(Stream(std::move(socket), std::move(session)),
                                                 thread, shared_, address);
  asio::post(thread->context, [connection = std::move(connection)]() { connection->Start(); });
}

void Server::TurnAway(Socket& socket, std::string_view words) const {
  if (tls_ == nullptr) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(words), ignored);
  }
}

std::chrono::milliseconds Server::TickInterval() const {
  const HttpServerOptions& options = shared_.options;
  const auto shortest =
      std::min({options.handshake_timeout, options.header_timeout, options.body_timeout,
                options.idle_timeout, options.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

void Server::Tick(const std::shared_ptr<IoThread>& thread) {
  thread->now = SteadyClock::now();
  if (shared_.options.now) {
    thread->date_line = DateLine(shared_.options.now());
  }
  thread->log.Flush();
  if (thread == threads_.front()) {
    LookAtCertificates();
  }
  for (auto at = thread->connections.begin(); at != thread->connections.end();) {
    const auto connection = static_cast<Connection&>(*at++).shared_from_this();
    if (thread->now >= thread->stop_at) {
      connection->Close();
    } else {
      connection->CheckDeadline(thread->now);
    }
  }
  if (thread->stopping && thread->connections.empty()) {
    thread->work.reset();
    return;
  }
  // Quick steps while stopping, so that the end follows the last answer.
  thread->tick.expires_after(thread->stopping ? std::chrono::milliseconds(5) : TickInterval());
  thread->tick.async_wait([this, thread](error_code error) {
    if (!error || thread->stopping) {
      Tick(thread);
    }
  });
}

}  // namespace
}  // namespace internal

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(HttpServerOptions options,
                                                       const Router& router, HttpMetrics& metrics) {
  JARING_ASSIGN_OR_RETURN(const internal::Endpoint endpoint,
                          internal::ParseEndpoint(options.listen));
  JARING_ASSIGN_OR_RETURN(TrustedProxies proxies, TrustedProxies::Parse(options.trusted_proxies));
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    return Invalid("listen.tls_incomplete");
  }
  if (!endpoint.loopback && options.tls_certificate.empty() && proxies.empty() &&
      !options.insecure) {
    return Invalid("listen.not_loopback", options.listen);
  }
  std::unique_ptr<internal::TlsCertificates> tls;
  if (!options.tls_certificate.empty()) {
    JARING_ASSIGN_OR_RETURN(
        tls, internal::TlsCertificates::Load(options.tls_certificate, options.tls_key));
    metrics.SetCertificateEnd(tls->not_after());
  }
  try {
    auto server = std::make_unique<internal::Server>(
        std::move(options), router, metrics, endpoint.loopback, std::move(proxies), std::move(tls));
    JARING_RETURN_IF_ERROR(server->Open(endpoint.where));
    return std::unique_ptr<HttpServer>(std::move(server));
  } catch (const std::exception& error) {
    return Error{ErrorCode::kUnavailable, "listen.failed", error.what()};
  }
}

}  // namespace jaring
