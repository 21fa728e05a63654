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

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

class Server final : public HttpServer {
 public:
  Server(HttpServerOptions options, const Router& router, HttpMetrics& metrics, bool loopback)
      : shared_{router, metrics,
                asio::thread_pool(static_cast<std::size_t>(options.worker_threads)),
                std::move(options), loopback} {
    for (int i = 0; i < std::max(shared_.options.threads, 1); ++i) {
      threads_.push_back(std::make_shared<IoThread>());
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

 private:
  void Accept();
  void OnAccept(error_code error, Socket socket, const std::shared_ptr<IoThread>& thread);
  void Tick(const std::shared_ptr<IoThread>& thread);
  void StopThread(IoThread& thread);
  std::chrono::milliseconds TickInterval() const;

  Shared shared_;
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
    signals_->async_wait([this](error_code error, int) {
      if (!error) {
        Stop();
      }
    });
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
  }
}

void Server::Stop() {
  if (stopping_.exchange(true)) {
    return;
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
    constexpr std::string_view kFull =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
        "Connection: close\r\n\r\n";
    socket.non_blocking(true, error);
    socket.write_some(asio::buffer(kFull.data(), kFull.size()), error);
  } else {
    const auto peer = socket.remote_endpoint(error);
    auto connection = std::make_shared<Connection>(std::move(socket), thread, shared_,
                                                   error ? "" : peer.address().to_string());
    asio::post(thread->context, [connection = std::move(connection)]() { connection->Start(); });
  }
  Accept();
}

std::chrono::milliseconds Server::TickInterval() const {
  const HttpServerOptions& options = shared_.options;
  const auto shortest = std::min(
      {options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

void Server::Tick(const std::shared_ptr<IoThread>& thread) {
  thread->now = SteadyClock::now();
  if (shared_.options.now) {
    thread->date_line = DateLine(shared_.options.now());
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
  if (!endpoint.loopback && !options.insecure) {
    return Invalid("listen.not_loopback", options.listen);
  }
  try {
    auto server =
        std::make_unique<internal::Server>(std::move(options), router, metrics, endpoint.loopback);
    JARING_RETURN_IF_ERROR(server->Open(endpoint.where));
    return std::unique_ptr<HttpServer>(std::move(server));
  } catch (const std::exception& error) {
    return Error{ErrorCode::kUnavailable, "listen.failed", error.what()};
  }
}

}  // namespace jaring
