// HTTP load over keep-alive connections. One thread, epoll.
//
// usage: bench_http_load [--again] [--tls] [--answers FILE] PORT CLIENTS SECONDS RATE PLAN
//   →  {"connected":CLIENTS}, and at the end:
//      {"requests":…,"failed":…,"reconnects":…,"seconds":…,"rate":…,"p50_us":…,"p99_us":…,
//       "max_us":…,"cpu_seconds":…}
//
// RATE 0: each client sends its next request when it has the answer to the last. Else so many
// requests arrive each second, whatever the answers do, over the clients in turn: one that finds no
// client free waits, and its time counts from its arrival.
//
// PLAN is whole requests one after the other, each after a line "STATUS LENGTH": the status it must
// be answered with and its bytes. The load ends with the plan, or with --again begins it anew.
// Every answer is read to its end; another status counts as failed, and so does none at all. A
// connection that the server closed is opened again.
//
// --tls: under TLS, whatever the certificate. FILE is given an Answer (below) for each request, in
// the order of answers.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jaring::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Request {
  std::string_view text;
  int expected = 0;
};

/// As it stands in the file of answers.
struct Answer {
  std::uint32_t request = 0;      // Its place in the plan.
  std::uint32_t micros = 0;       // From its arrival.
  std::uint32_t late_micros = 0;  // Of those, until it was sent: no client or processor was free.
  std::uint32_t at_millis = 0;    // When it was answered, since the start.
  std::uint16_t status = 0;       // 0: none, the connection ended or the load.
  std::uint16_t retry_after = 0;  // Seconds, when the answer has that header.
};

struct Options {
  bool again = false;
  bool tls = false;
  std::string answers;
  int port = 0;
  std::size_t clients = 0;
  double seconds = 0;
  double rate = 0;
  std::string plan;
};

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

class Plan {
 public:
  explicit Plan(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    text_.assign(std::istreambuf_iterator<char>(in), {});
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t line_end = text_.find('\n', at);
      char* next = nullptr;
      const long expected = std::strtol(text_.data() + at, &next, 10);
      const std::size_t length = std::strtoul(next, nullptr, 10);
      if (line_end == std::string::npos || line_end + 1 + length > text_.size()) {
        break;
      }
      requests_.push_back(
          {std::string_view(text_).substr(line_end + 1, length), static_cast<int>(expected)});
      at = line_end + 1 + length;
    }
    if (requests_.empty()) {
      std::fprintf(stderr, "bench_http_load: nothing in %s\n", file.c_str());
      std::exit(1);
    }
  }

  std::size_t size() const { return requests_.size(); }
  const Request& operator[](std::size_t i) const { return requests_[i]; }

 private:
  std::string text_;
  std::vector<Request> requests_;
};

/// The number that a header of an answer says; `missing` without it.
long HeaderOf(std::string_view head, std::string_view name, long missing) {
  const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(),
                                 [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  // The line ends within `head`, and with it the number.
  return found == head.end() ? missing : std::strtol(&*found + name.size(), nullptr, 10);
}

/// A connection, plain or under TLS.
class Wire {
 public:
  Wire(int port, SSL_CTX* tls) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      Fail("bench_http_load: connect");
    }
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (tls != nullptr) {
      ssl_ = SSL_new(tls);
      SSL_set_fd(ssl_, socket_);
      if (SSL_connect(ssl_) != 1) {
        Fail("bench_http_load: handshake");
      }
    }
    fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL) | O_NONBLOCK);
  }
  ~Wire() {
    SSL_free(ssl_);
    close(socket_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  int socket_number() const { return socket_; }

  /// Requests are far smaller than a socket's buffer: it takes them whole or is broken.
  bool Send(std::string_view text) {
    const auto size = static_cast<int>(text.size());
    return ssl_ != nullptr ? SSL_write(ssl_, text.data(), size) == size
                           : send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == size;
  }

  /// Adds all there is to `received`; false when the connection has ended.
  bool Receive(std::string& received) {
    char block[16 * 1024];
    for (;;) {
      const ssize_t got = ssl_ != nullptr ? SSL_read(ssl_, block, sizeof block)
                                          : recv(socket_, block, sizeof block, 0);
      if (got <= 0) {
        return ssl_ != nullptr ? SSL_get_error(ssl_, static_cast<int>(got)) == SSL_ERROR_WANT_READ
                               : got < 0 && errno == EAGAIN;
      }
      received.append(block, static_cast<std::size_t>(got));
      if (ssl_ == nullptr && got < static_cast<ssize_t>(sizeof block)) {
        return true;
      }
    }
  }

 private:
  const int socket_;
  SSL* ssl_ = nullptr;
};

struct Client {
  std::unique_ptr<Wire> wire;
  std::string received;
  bool waits = false;  // For the answer to `request`, which arrived at `arrived`.
  std::size_t request = 0;
  Clock::time_point arrived;
  Clock::time_point sent;
};

class Load {
 public:
  Load(const Options& options, const Plan& plan)
      : options_(options), plan_(plan), clients_(options.clients), poll_(epoll_create1(0)) {
    if (options_.tls) {
      tls_ = SSL_CTX_new(TLS_client_method());
      SSL_CTX_set_mode(tls_, SSL_MODE_RELEASE_BUFFERS);
    }
    for (std::size_t n = 0; n < clients_.size(); ++n) {
      Connect(n);
      Greet(*clients_[n].wire);
      idle_.push_back(n);
    }
    answers_.reserve(static_cast<std::size_t>(options.rate * options.seconds) + 1'000'000);
  }

  void Run() {
    constexpr auto kPatience = std::chrono::seconds(30);  // For the last answers.
    start_ = Clock::now();
    last_answer_ = start_;
    epoll_event events[64];
    while (SendDue() || waiting_ > 0) {
      const timespec wait = UntilNext();
      const int count = epoll_pwait2(poll_, events, 64, &wait, nullptr);
      if (Clock::now() - last_answer_ > kPatience) {
        break;
      }
      for (int i = 0; i < count; ++i) {
        Receive(events[i].data.u64);
      }
    }
    for (Client& client : clients_) {
      if (client.waits) {
        Note(client, 0, {});
      }
    }
  }

  void Print() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds_of = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    const double seconds = std::chrono::duration<double>(last_answer_ - start_).count();
    std::vector<std::uint32_t> micros;
    micros.reserve(answers_.size());
    std::size_t late = 0;  // Sent more than a millisecond after they arrived.
    for (const Answer& answer : answers_) {
      micros.push_back(answer.micros);
      late += answer.late_micros > 1'000 ? 1 : 0;
    }
    std::sort(micros.begin(), micros.end());
    const auto at = [&](std::size_t percent) {
      return micros.empty() ? 0 : micros[(micros.size() - 1) * percent / 100];
    };
    std::printf(
        "{\"requests\":%zu,\"failed\":%zu,\"reconnects\":%zu,\"seconds\":%.4f,\"rate\":%.1f,"
        "\"p50_us\":%u,\"p95_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"late\":%zu,"
        "\"cpu_seconds\":%.2f}\n",
        answers_.size(), failed_, reconnects_, seconds,
        static_cast<double>(answers_.size()) / seconds, at(50), at(95), at(99), at(100), late,
        seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
  }

  void Write(const std::string& file) const {
    std::ofstream out(file, std::ios::binary);
    out.write(reinterpret_cast<const char*>(answers_.data()),
              static_cast<std::streamsize>(answers_.size() * sizeof(Answer)));
    if (!out.flush()) {
      Fail(file.c_str());
    }
  }

 private:
  void Connect(std::size_t n) {
    clients_[n].wire = std::make_unique<Wire>(options_.port, tls_);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = n;
    epoll_ctl(poll_, EPOLL_CTL_ADD, clients_[n].wire->socket_number(), &event);
  }

  /// One request before the load begins: a server waits less long for the first than for others.
  static void Greet(Wire& wire) {
    std::string received;
    bool open = wire.Send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    while (open && !received.ends_with("ok\n")) {
      pollfd readable{wire.socket_number(), POLLIN, 0};
      poll(&readable, 1, -1);
      open = wire.Receive(received);
    }
    if (!open) {
      std::fprintf(stderr, "bench_http_load: the server closes new connections\n");
      std::exit(1);
    }
  }

  bool IsOver() const {
    return Clock::now() - start_ >= std::chrono::duration<double>(options_.seconds) ||
           (!options_.again && sent_ == plan_.size());
  }

  /// When the next request arrives.
  Clock::time_point Due() const {
    if (options_.rate == 0) {
      return Clock::now();
    }
    const std::chrono::duration<double> offset(static_cast<double>(sent_) / options_.rate);
    return start_ + std::chrono::duration_cast<Clock::duration>(offset);
  }

  /// Sends what has arrived while a client is free; false when no more will arrive.
  bool SendDue() {
    while (arriving_ && !idle_.empty()) {
      const Clock::time_point due = Due();
      if (due > Clock::now()) {
        return true;
      }
      arriving_ = !IsOver();
      if (arriving_) {
        const std::size_t n = idle_.front();  // Each in turn.
        idle_.pop_front();
        Send(n, sent_++ % plan_.size(), due);
      }
    }
    return arriving_;
  }

  /// Until the next arrival; a second when only answers are awaited.
  timespec UntilNext() const {
    if (!arriving_ || idle_.empty()) {
      return {.tv_sec = 1, .tv_nsec = 0};
    }
    const auto left = std::chrono::nanoseconds(Due() - Clock::now()).count();
    return {.tv_sec = 0, .tv_nsec = std::clamp<long>(left, 0, 999'999'999)};
  }

  void Send(std::size_t n, std::size_t request, Clock::time_point arrived) {
    Client& client = clients_[n];
    client.waits = true;
    client.request = request;
    client.arrived = arrived;
    client.sent = Clock::now();
    ++waiting_;
    if (!client.wire->Send(plan_[request].text)) {
      End(n);
    }
  }

  void Receive(std::size_t n) {
    Client& client = clients_[n];
    const bool open = client.wire->Receive(client.received);
    const std::size_t head_end = client.received.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      const auto head = std::string_view(client.received).substr(0, head_end + 2);
      const auto length = static_cast<std::size_t>(HeaderOf(head, "\r\ncontent-length: ", 0));
      if (client.waits && client.received.size() >= head_end + 4 + length) {
        Note(client, std::atoi(client.received.data() + 9), head);
        client.received.clear();
        idle_.push_back(n);
      }
    }
    if (!open) {
      End(n);
    }
  }

  static std::uint32_t MicrosOf(Clock::duration time) {
    return static_cast<std::uint32_t>(time / std::chrono::microseconds(1));
  }

  void Note(Client& client, int status, std::string_view head) {
    const Clock::time_point now = Clock::now();
    if (status != 0) {
      last_answer_ = now;
    }
    client.waits = false;
    --waiting_;
    answers_.push_back(
        {.request = static_cast<std::uint32_t>(client.request),
         .micros = MicrosOf(now - client.arrived),
         .late_micros = MicrosOf(client.sent - client.arrived),
         .at_millis = static_cast<std::uint32_t>((now - start_) / std::chrono::milliseconds(1)),
         .status = static_cast<std::uint16_t>(status),
         .retry_after = static_cast<std::uint16_t>(HeaderOf(head, "\r\nretry-after: ", 0))});
    if (status != plan_[client.request].expected && failed_++ == 0) {
      std::fprintf(stderr, "bench_http_load: answered %d to\n%.*s\n%s\n", status,
                   static_cast<int>(plan_[client.request].text.find('\r')),
                   plan_[client.request].text.data(), client.received.c_str());
    }
  }

  /// The connection is gone, and with it what was asked on it.
  void End(std::size_t n) {
    Client& client = clients_[n];
    if (client.waits) {
      Note(client, 0, {});
      idle_.push_back(n);
    }
    client.received.clear();
    client.wire.reset();
    ++reconnects_;
    Connect(n);
  }

  const Options& options_;
  const Plan& plan_;
  std::vector<Client> clients_;
  const int poll_;
  SSL_CTX* tls_ = nullptr;
  Clock::time_point start_;
  Clock::time_point last_answer_;
  std::deque<std::size_t> idle_;
  bool arriving_ = true;
  std::size_t sent_ = 0;
  std::size_t waiting_ = 0;
  std::size_t failed_ = 0;
  std::size_t reconnects_ = 0;
  std::vector<Answer> answers_;
};

Options ReadOptions(int count, char** arguments) {
  Options options;
  std::vector<std::string> rest;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    if (word == "--again") {
      options.again = true;
    } else if (word == "--tls") {
      options.tls = true;
    } else if (word == "--answers" && i + 1 < count) {
      options.answers = arguments[++i];
    } else {
      rest.emplace_back(word);
    }
  }
  if (rest.size() != 5) {
    std::fprintf(stderr, "usage: see the head of bench/http_load.cc\n");
    std::exit(2);
  }
  options.port = std::atoi(rest[0].c_str());
  options.clients = static_cast<std::size_t>(std::atoi(rest[1].c_str()));
  options.seconds = std::atof(rest[2].c_str());
  options.rate = std::atof(rest[3].c_str());
  options.plan = rest[4];
  return options;
}

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  const jaring::bench::Options options = jaring::bench::ReadOptions(count, arguments);
  const jaring::bench::Plan plan(options.plan);
  jaring::bench::Load load(options, plan);
  std::printf("{\"connected\":%zu}\n", options.clients);
  std::fflush(stdout);
  load.Run();
  load.Print();
  if (!options.answers.empty()) {
    load.Write(options.answers);
  }
  return 0;
}
