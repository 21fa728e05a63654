// HTTP load over keep-alive connections. One thread, epoll.
//
// usage: bench_http_load PORT CLIENTS SECONDS RATE get PATH
//        bench_http_load PORT CLIENTS SECONDS RATE coverage PLAN
//        bench_http_load PORT CLIENTS SECONDS RATE payments PLAN PARTNER PAID_AT
//   →  {"requests":…,"failed":…,"seconds":…,"rate":…,"p50_us":…,"p99_us":…,"max_us":…}
//
// RATE 0: each client sends its next request when it has the answer to the last. Else so many
// requests arrive each second, whatever the answers do: one that finds no client free waits, and
// its time counts from its arrival. PLAN has lines "bill_code amount", used in turn: payments end
// with the plan, look-ups begin again. Every answer is read to its end; another status than 200
// (payments: 201) counts as failed.

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace jaring::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct PlanRow {
  std::string bill_code;
  std::string amount;
};

std::vector<PlanRow> ReadPlan(const char* file) {
  std::vector<PlanRow> plan;
  std::ifstream in(file);
  PlanRow row;
  while (in >> row.bill_code >> row.amount) {
    plan.push_back(row);
  }
  if (plan.empty()) {
    std::fprintf(stderr, "bench_http_load: %s is empty\n", file);
    std::exit(1);
  }
  return plan;
}

/// Makes one request after the other.
class Requests {
 public:
  Requests(int count, char** arguments) : kind_(arguments[5]) {
    if (kind_ == "get") {
      text_ = Get(arguments[6]);
      return;
    }
    plan_ = ReadPlan(arguments[6]);
    if (kind_ == "payments" && count > 8) {
      partner_ = arguments[7];
      paid_at_ = arguments[8];
    }
  }

  int expected_status() const { return kind_ == "payments" ? 201 : 200; }

  /// The next request; false when there are no more. Valid until the next call.
  bool Next(std::string_view& request) {
    if (kind_ == "payments") {
      if (next_ == plan_.size()) {
        return false;
      }
      text_ = Payment(next_++);
    } else if (kind_ == "coverage") {
      const std::string& code = plan_[next_++ % plan_.size()].bill_code;
      text_ = Get("/v1/coverage?member_number=" + code.substr(0, code.size() - 1));
    }
    request = text_;
    return true;
  }

 private:
  static std::string Get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
  }

  std::string Payment(std::size_t i) const {
    const std::string number = std::to_string(10'000'000 + i);
    const std::string body = R"({"partner":")" + partner_ + R"(","reference":"H-)" + number +
                             R"(","bill_code":")" + plan_[i].bill_code + R"(","amount":)" +
                             plan_[i].amount + R"(,"paid_at":")" + paid_at_ + "\"}";
    return "POST /v1/payments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
           "Idempotency-Key: key-" +
           number + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  const std::string_view kind_;
  std::vector<PlanRow> plan_;
  std::string partner_;
  std::string paid_at_;
  std::string text_;
  std::size_t next_ = 0;
};

struct Client {
  int socket = -1;
  std::string received;
  Clock::time_point sent;
};

class Load {
 public:
  Load(int port, std::size_t clients, double seconds, double rate, Requests& requests)
      : requests_(requests),
        clients_(clients),
        limit_(seconds),
        rate_(rate),
        poll_(epoll_create1(0)) {
    for (std::size_t n = 0; n < clients; ++n) {
      Connect(n, port);
    }
  }

  void Run() {
    start_ = Clock::now();
    last_answer_ = start_;
    epoll_event events[64];
    while (SendDue() || idle_.size() < open_) {
      const timespec wait = UntilNext();
      const int count = epoll_pwait2(poll_, events, 64, &wait, nullptr);
      if (Clock::now() - last_answer_ > std::chrono::seconds(10)) {
        std::fprintf(stderr, "bench_http_load: no answer for ten seconds\n");
        std::exit(1);
      }
      for (int i = 0; i < count; ++i) {
        Receive(clients_[events[i].data.u64]);
      }
    }
    Print();
  }

 private:
  void Connect(std::size_t n, int port) {
    Client& client = clients_[n];
    client.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(client.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      std::perror("bench_http_load: connect");
      std::exit(1);
    }
    const int on = 1;
    setsockopt(client.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = n;
    epoll_ctl(poll_, EPOLL_CTL_ADD, client.socket, &event);
    ++open_;
    idle_.push_back(n);
  }

  double Elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  /// When the next request arrives.
  Clock::time_point Due() const {
    if (rate_ == 0) {
      return Clock::now();
    }
    const std::chrono::duration<double> offset(static_cast<double>(arrived_) / rate_);
    return start_ + std::chrono::duration_cast<Clock::duration>(offset);
  }

  /// Sends what has arrived while a client is free; false when no more will arrive.
  bool SendDue() {
    while (arriving_ && !idle_.empty()) {
      const Clock::time_point due = Due();
      if (due > Clock::now()) {
        return true;
      }
      std::string_view request;
      arriving_ = Elapsed() < limit_ && requests_.Next(request);
      if (arriving_) {
        ++arrived_;
        Client& client = clients_[idle_.front()];  // Each in turn.
        idle_.pop_front();
        client.sent = due;
        Send(client, request);
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

  void Send(Client& client, std::string_view request) {
    // Requests are far smaller than a socket buffer.
    if (send(client.socket, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      ++failed_;
      Close(client);
    }
  }

  void Close(Client& client) {
    close(client.socket);
    client.socket = -1;
    --open_;
  }

  void Receive(Client& client) {
    char block[16 * 1024];
    const ssize_t got = recv(client.socket, block, sizeof block, 0);
    if (got <= 0) {
      ++failed_;
      Close(client);
      return;
    }
    client.received.append(block, static_cast<std::size_t>(got));
    const std::size_t head = client.received.find("\r\n\r\n");
    if (head == std::string::npos) {
      return;
    }
    if (client.received.size() <
        head + 4 + BodySize(std::string_view(client.received).substr(0, head))) {
      return;
    }
    last_answer_ = Clock::now();
    micros_.push_back(std::chrono::duration<float, std::micro>(last_answer_ - client.sent).count());
    if (std::atoi(client.received.c_str() + 9) != requests_.expected_status() && failed_++ == 0) {
      std::fprintf(stderr, "bench_http_load: answered\n%s\n", client.received.c_str());
    }
    client.received.clear();
    idle_.push_back(static_cast<std::size_t>(&client - clients_.data()));
  }

  static std::size_t BodySize(std::string_view head) {
    constexpr std::string_view kName = "\r\ncontent-length:";
    const auto found = std::search(head.begin(), head.end(), kName.begin(), kName.end(),
                                   [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    return found == head.end() ? 0 : static_cast<std::size_t>(std::atoll(&*found + kName.size()));
  }

  void Print() {
    const double seconds = std::chrono::duration<double>(last_answer_ - start_).count();
    std::sort(micros_.begin(), micros_.end());
    const std::size_t count = micros_.size();
    const auto at = [&](std::size_t percent) {
      return count == 0 ? 0.0F : micros_[(count - 1) * percent / 100];
    };
    std::printf(
        "{\"requests\":%zu,\"failed\":%zu,\"seconds\":%.4f,\"rate\":%.1f,\"p50_us\":%.0f,"
        "\"p99_us\":%.0f,\"max_us\":%.0f}\n",
        count, failed_, seconds, static_cast<double>(count) / seconds, static_cast<double>(at(50)),
        static_cast<double>(at(99)), static_cast<double>(at(100)));
  }

  Requests& requests_;
  std::vector<Client> clients_;
  const double limit_;
  const double rate_;
  const int poll_;
  Clock::time_point start_;
  Clock::time_point last_answer_;
  std::deque<std::size_t> idle_;
  bool arriving_ = true;
  std::size_t arrived_ = 0;
  std::size_t open_ = 0;
  std::size_t failed_ = 0;
  std::vector<float> micros_;
};

}  // namespace
}  // namespace jaring::bench

int main(int count, char** arguments) {
  if (count < 7) {
    std::fprintf(stderr, "usage: see the head of bench/http_load.cc\n");
    return 2;
  }
  jaring::bench::Requests requests(count, arguments);
  jaring::bench::Load load(std::atoi(arguments[1]),
                           static_cast<std::size_t>(std::atoi(arguments[2])),
                           std::atof(arguments[3]), std::atof(arguments[4]), requests);
  load.Run();
  return 0;
}
