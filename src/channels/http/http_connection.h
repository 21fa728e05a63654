#pragma once

// One client's connection and the thread it lives on. Inside channels/http only: Asio shows.

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/intrusive/list.hpp>
#include <vector>

#include "channels/http/http_message_reader.h"
#include "channels/http/http_server.h"

namespace jaring::internal {

namespace asio = boost::asio;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;  // For time-outs only; it tells no date.
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
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
  bool loopback = true;
};

/// One thread with its own connections, so that these need no locks. Connections hold it: an
/// answer that comes after the server's end still finds the queue it belongs to.
struct IoThread {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  Timer tick{context};
  boost::intrusive::list<ListHook, boost::intrusive::constant_time_size<false>> connections;
  SteadyClock::time_point now = SteadyClock::now();  // As of the last tick.
  SteadyClock::time_point stop_at = SteadyClock::time_point::max();
  std::string date_line;
  bool stopping = false;
  std::atomic<bool> finished = false;
};

/// One client. Everything but Deliver runs on its own IoThread.
class Connection final : public ListHook,
                         public ResponseSink,
                         public std::enable_shared_from_this<Connection> {
 public:
  Connection(Socket socket, std::shared_ptr<IoThread> thread, Shared& shared, std::string peer)
      : socket_(std::move(socket)),
        thread_(std::move(thread)),
        shared_(shared),
        peer_(std::move(peer)),
        reader_({shared.options.header_limit, shared.options.body_limit}),
        in_(kFirstBuffer) {}

  void Start();
  void Deliver(std::optional<HttpResponse> response) override;
  void CheckDeadline(SteadyClock::time_point now);
  /// Ends after what runs now; at once when nothing does.
  void FinishSoon();
  void Close();

 private:
  enum class Phase : std::uint8_t { kReading, kHandling, kWriting, kLingering, kClosed };
  enum class Parsed : std::uint8_t { kNeedsMore, kWhole, kRefused };

  // Serve is the loop; each of these is one step of it. Those that return bool say whether the
  // loop goes on now: false when it waits for the socket or the handler, or is over.
  void Serve();
  Parsed Parse();
  void Read();
  void OnRead(error_code error, std::size_t size);
  void Handle();
  void RunHandler(const Route& route);
  void MakeRequest();
  void Answered(std::optional<HttpResponse> response);
  bool Write();
  void WriteRest(std::size_t written);
  bool AfterWrite();
  void Linger();
  void Refuse(const Error& error);
  HttpResponse RefusalOf(const Error& error) const;
  bool MakeRoom();
  void SetDeadline(std::chrono::milliseconds wait) { deadline_ = thread_->now + wait; }
  std::string_view TextAt(MessageReader::Place place) const {
    return {in_.data() + place.begin, place.size};
  }

  Socket socket_;
  std::shared_ptr<IoThread> thread_;
  Shared& shared_;
  std::string peer_;
  MessageReader reader_;

  // The buffer: [0, kept) the headers of the request being read, [parsed, filled) not yet parsed.
  std::vector<char> in_;
  std::size_t kept_ = 0;
  std::size_t parsed_ = 0;
  std::size_t filled_ = 0;
  std::vector<HttpHeader> headers_;
  HttpRequest request_;

  std::optional<HttpResponse> answer_;
  std::string out_;
  SteadyClock::time_point deadline_;
  SteadyClock::time_point handled_at_;
  std::size_t route_ = HttpMetrics::kNoRoute;
  Phase phase_ = Phase::kReading;
  bool in_handler_ = false;
  bool close_after_ = false;
  bool keep_said_ = false;  // HTTP/1.0 that asked to be kept.
};

}  // namespace jaring::internal
