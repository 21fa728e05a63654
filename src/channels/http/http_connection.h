#pragma once

// One client's connection and the thread it lives on. Inside channels/http only: Asio shows.
// http_connection.cc has what belongs to the socket, http_exchange.cc what belongs to a request.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/intrusive/list.hpp>
#include <vector>

#include "channels/http/http_message_reader.h"
#include "channels/http/http_server.h"
#include "channels/http/http_stream.h"
#include "channels/http/request_body.h"
#include "channels/http/trace_context.h"
#include "channels/http/trusted_proxies.h"

namespace jaring::internal {

using SteadyClock = std::chrono::steady_clock;  // For time-outs only; it tells no date.
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>,
                                         asio::io_context::executor_type>;
using ListHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

inline constexpr std::size_t kFirstBuffer = 2048;  // Small: ten thousand idle ones must be cheap.

/// What all connections share; lives as long as the server.
struct Shared {
  const Router& router;
  HttpMetrics& metrics;
  asio::thread_pool pool;
  HttpServerOptions options;
  TrustedProxies proxies;
  bool only_local_names = true;        // Host headers must name this machine.
  std::shared_ptr<ByteBudget> memory;  // Of bodies; shared with connections that outlive us.
  std::shared_ptr<ByteBudget> disk;    // Of spooled bodies; likewise.
};

/// One thread with its own connections, so that these need no locks. Connections hold it: an
/// answer that comes after the server's end still finds the queue it belongs to.
struct IoThread {
  explicit IoThread(const HttpServerOptions& options)
      : log(options.log, options.log_requests,
            std::chrono::duration_cast<std::chrono::microseconds>(options.slow_request).count()) {}

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  Timer tick{context};
  boost::intrusive::list<ListHook, boost::intrusive::constant_time_size<false>> connections;
  SteadyClock::time_point now = SteadyClock::now();  // As of the last tick.
  SteadyClock::time_point stop_at = SteadyClock::time_point::max();
  std::string date_line;
  HexSource hex;
  RequestLog log;
  bool stopping = false;
  std::atomic<bool> finished = false;
};

/// One client. Everything but Deliver and NoteCaller runs on its own IoThread.
class Connection final : public ListHook,
                         public ResponseSink,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(Stream stream, std::shared_ptr<IoThread> thread, Shared& shared, std::string peer)
      : stream_(std::move(stream)),
        thread_(std::move(thread)),
        shared_(shared),
        peer_(std::move(peer)),
        from_proxy_(shared.proxies.Trusts(peer_)),
        secure_(stream_.is_tls()),
        reader_(shared.options.header_limit, shared.memory),
        in_(kFirstBuffer) {}

  void Start();
  void Deliver(std::optional<HttpResponse> response) override;
  void NoteCaller(std::string_view kind, std::int64_t id) override;
  void CheckDeadline(SteadyClock::time_point now);
  /// Ends after what runs now; at once when nothing does.
  void FinishSoon();
  void Close();

 private:
  enum class Phase : std::uint8_t {
    kHandshake,
    kReading,
    kSpooling,  // The worker threads look at the request or write its body to a file.
    kHandling,
    kWriting,
    kLingering,
    kClosed,
  };
  enum class Parsed : std::uint8_t { kNeedsMore, kWhole, kWaits, kRefused };

  // Of the socket. Serve is the loop; the others are its steps. Those that return bool say whether
  // the loop goes on now: false when it waits for the socket or the handler, or is over.
  void Handshake();
  void Serve();
  Parsed Parse();
  bool MakeRoom();
  void Read();
  void OnRead(error_code error, std::size_t size);
  void SayContinue();
  bool Write();
  bool WriteMore();
  bool AfterWrite();
  void Linger();
  void SetDeadline(std::chrono::milliseconds wait) { deadline_ = thread_->now + wait; }
  /// `wait` from `began` on, and what `bytes` may take at the slowest.
  void SetDeadline(SteadyClock::time_point began, std::chrono::milliseconds wait,
                   std::uint64_t bytes);

  // Of the request.
  Parsed BeginBody();
  void PrepareSpool(const Route& route);
  void Prepared();
  void SpoolPiece();
  void MakeRequest();
  /// Who answers; its parameters go into the request.
  Router::Match FindRoute();
  void NameRequest();
  std::optional<Error> WrongHost() const;
  void Handle();
  void HandleOptions(const Router::Match& match);
  void RunHandler(const Route& route);
  void Answered(std::optional<HttpResponse> response);
  void Count(std::int64_t micros);
  void Refuse(const Error& error);
  void RefuseNow(const Error& error);
  HttpResponse RefusalOf(const Error& error) const;
  std::string_view TextAt(MessageReader::Place place) const {
    return {in_.data() + place.begin, place.size};
  }

  Stream stream_;
  std::shared_ptr<IoThread> thread_;
  Shared& shared_;
  std::string peer_;
  bool from_proxy_;
  bool secure_;
  MessageReader reader_;

  // The buffer: [0, kept) the headers of the request being read, [parsed, filled) not yet parsed.
  std::vector<char> in_;
  std::size_t kept_ = 0;
  std::size_t parsed_ = 0;
  std::size_t filled_ = 0;
  std::vector<HttpHeader> headers_;
  HttpRequest request_;
  std::vector<PathParameter> parameters_;
  RequestNames names_;
  std::unique_ptr<SpoolFile> spool_;
  std::uint64_t body_bytes_ = 0;  // As they came, with what frames them.

  std::optional<HttpResponse> answer_;
  std::string out_;
  std::size_t written_ = 0;
  SteadyClock::time_point deadline_;
  SteadyClock::time_point began_;  // Reading the body, or writing the answer.
  SteadyClock::time_point handled_at_;
  const Route* route_ = nullptr;
  std::string_view caller_kind_;
  std::int64_t caller_id_ = 0;
  Phase phase_ = Phase::kReading;
  bool named_ = false;
  bool in_handler_ = false;
  bool close_after_ = false;
  bool keep_said_ = false;  // HTTP/1.0 that asked to be kept.
};

}  // namespace jaring::internal
