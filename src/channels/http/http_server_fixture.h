#pragma once

// A server on a free port of this machine and a client that sees the very bytes.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>

#include "channels/http/http_server.h"

namespace jaring {

/// A plain socket, so that the tests see the very bytes.
class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  int descriptor() const { return fd_; }

  void Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return;  // The server may close on bytes it refuses.
      }
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// Reads until the text holds `end`, or the server closes.
  std::string ReadUntil(std::string_view end) {
    while (text_.find(end) == std::string::npos && Fill()) {
    }
    const std::size_t found = text_.find(end);
    const std::size_t size = found == std::string::npos ? text_.size() : found + end.size();
    std::string read = text_.substr(0, size);
    text_.erase(0, size);
    return read;
  }

  std::string ReadAll() {
    while (Fill()) {
    }
    return std::exchange(text_, "");
  }

 private:
  bool Fill() {
    pollfd wait{fd_, POLLIN, 0};
    if (poll(&wait, 1, 20'000) <= 0) {
      ADD_FAILURE() << "the server neither answers nor closes";
      return false;
    }
    char bytes[4096];
    const ssize_t size = recv(fd_, bytes, sizeof(bytes), 0);
    if (size > 0) {
      text_.append(bytes, static_cast<std::size_t>(size));
    }
    return size > 0;
  }

  int fd_;
  bool connected_ = false;
  std::string text_;
};

class HttpServerTest : public testing::Test {
 protected:
  static constexpr std::int64_t kNowMicros = 784'111'777'000'000;

  HttpServerTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "jaring-http-XXXXXX").string();
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    options_.listen = "127.0.0.1:0";
    options_.now = [] { return Instant::FromMicros(kNowMicros); };
    router_.Add(HttpMethod::kGet, "/ping", Open(AtOnce([](const HttpRequest&) {
                  return HttpResponse{200, "text/plain", "pong", ""};
                })));
    router_.Add(HttpMethod::kPost, "/echo", Open(AtOnce([](const HttpRequest& request) {
                  return HttpResponse{201, "text/plain",
                                      std::string(request.query) + "|" + std::string(request.body),
                                      ""};
                })));
    router_.Add(HttpMethod::kGet, "/big", Open(AtOnce([](const HttpRequest&) {
                  return HttpResponse{200, "text/plain", std::string(20'000'000, 'x') + "END", ""};
                })));
    router_.Add(HttpMethod::kGet, "/drop", Open([](const HttpRequest&, Responder) {}));
    router_.Add(HttpMethod::kGet, "/throw",
                Open([](const HttpRequest&, Responder) { throw std::runtime_error("a bug"); }));
    router_.Add(
        HttpMethod::kGet, "/worker", Open(AtOnce([](const HttpRequest& request) {
          return HttpResponse{200, "text/plain", "worker " + std::string(request.query), ""};
        })),
        {.run_on = RunOn::kWorker});
    router_.Add(HttpMethod::kGet, "/later", Open([this](const HttpRequest&, Responder responder) {
                  std::lock_guard lock(mutex_);
                  later_.push_back(std::move(responder));
                  arrived_.set_value();
                }));
  }

  ~HttpServerTest() override {
    Stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void Start() {
    metrics_.emplace(router_.Names());
    auto server = HttpServer::Listen(options_, router_, *metrics_);
    ASSERT_TRUE(server) << server.error().detail;
    server_ = std::move(server).value();
    running_ = std::thread([this] { server_->Run(); });
  }

  void Stop() {
    if (running_.joinable()) {
      server_->Stop();
      running_.join();
    }
  }

  std::string Ask(std::string_view request) {
    Client client(server_->port());
    client.Send(request);
    return client.ReadAll();
  }

  static std::string ReadFile(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  static std::string Get(std::string_view path, std::string_view more = "") {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) +
           "\r\n";
  }
  static constexpr std::string_view kClose = "Connection: close\r\n";

  std::filesystem::path folder_;
  HttpServerOptions options_;
  Router router_;
  std::optional<HttpMetrics> metrics_;
  std::unique_ptr<HttpServer> server_;
  std::thread running_;
  std::mutex mutex_;
  std::vector<Responder> later_;
  std::promise<void> arrived_;
};

}  // namespace jaring
