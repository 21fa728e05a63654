#include "channels/http/http_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cstring>

#include "channels/http/http_wire.h"

namespace jaring::internal {
namespace {

constexpr std::size_t kBodyBuffer = std::size_t{16} * 1024;
constexpr std::size_t kKeptBuffer =
    std::size_t{8} * 1024;  // Larger ones are given back after the request.
constexpr std::size_t kCopiedBody =
    std::size_t{8} * 1024;  // Up to here one copy is cheaper than a second part.
constexpr std::chrono::milliseconds kLinger{2'000};

}  // namespace

void Connection::Start() {
  shared_.metrics.AddConnections(1);
  thread_->connections.push_back(*this);
  if (thread_->stopping) {
    Close();
    return;
  }
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  SetDeadline(shared_.options.header_timeout);
  Read();
}

void Connection::Serve() {
  while (phase_ == Phase::kReading) {
    switch (Parse()) {
      case Parsed::kNeedsMore:
        Read();
        return;
      case Parsed::kWhole:
        Handle();
        break;
      case Parsed::kRefused:
        break;
    }
    if (!answer_ || !Write() || !AfterWrite()) {
      return;
    }
  }
}

Connection::Parsed Connection::Parse() {
  while (parsed_ < filled_ && !reader_.is_done()) {
    const bool had_headers = reader_.has_headers();
    const MessageReader::Outcome outcome =
        reader_.Put(in_.data(), {in_.data() + parsed_, filled_ - parsed_});
    parsed_ += outcome.used;
    // Counted here: the library bounds a field, not their sum.
    const std::size_t head = reader_.has_headers() ? parsed_ : filled_;
    if (!had_headers && outcome.rule.empty() && head > shared_.options.header_limit) {
      Refuse(Invalid("request.headers_too_large"));
      return Parsed::kRefused;
    }
    if (!outcome.rule.empty()) {
      Refuse(Invalid(std::string(outcome.rule)));
      return Parsed::kRefused;
    }
    if (!had_headers) {
      kept_ = parsed_;  // The request line is taken before the headers are all there.
    }
    if (!had_headers && reader_.has_headers()) {
      SetDeadline(shared_.options.body_timeout);
      if (reader_.expects_continue() && !reader_.is_done() && parsed_ == filled_) {
        // Few bytes on a socket with nothing else to send: they fit. A client that misses them
        // sends its body after a moment anyway.
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        error_code ignored;
        socket_.write_some(asio::buffer(kContinue.data(), kContinue.size()), ignored);
      }
    }
    if (outcome.used == 0) {
      break;  // It needs more to go on.
    }
  }
  return reader_.is_done() ? Parsed::kWhole : Parsed::kNeedsMore;
}

/// Makes at least one free byte at the end of the buffer; false when the bounds are reached.
bool Connection::MakeRoom() {
  if (parsed_ > kept_ || parsed_ == filled_) {
    std::memmove(in_.data() + kept_, in_.data() + parsed_, filled_ - parsed_);
    filled_ -= parsed_ - kept_;
    parsed_ = kept_;
  }
  if (kept_ > 0 && in_.size() < kept_ + kBodyBuffer) {
    in_.resize(kept_ + kBodyBuffer);  // A body that did not come with its headers: read it briskly.
  }
  if (filled_ == in_.size()) {
    const std::size_t most = shared_.options.header_limit * 2 + kBodyBuffer;
    if (in_.size() >= most) {
      return false;
    }
    in_.resize(std::min(in_.size() * 2, most));
  }
  return true;
}

void Connection::Read() {
  if (!MakeRoom()) {
    Refuse(Invalid("request.headers_too_large"));
    if (Write()) {
      AfterWrite();
    }
    return;
  }
  socket_.async_read_some(asio::buffer(in_.data() + filled_, in_.size() - filled_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->OnRead(error, size);
                          });
}

void Connection::OnRead(error_code error, std::size_t size) {
  if (phase_ == Phase::kLingering) {
    if (!error) {
      Linger();
    } else if (error != asio::error::operation_aborted) {  // That was the read before.
      Close();
    }
    return;
  }
  if (phase_ != Phase::kReading) {
    return;
  }
  if (error) {
    Close();
    return;
  }
  if (filled_ == 0) {
    SetDeadline(shared_.options.header_timeout);  // Until now it was idle.
  }
  filled_ += size;
  Serve();
}

void Connection::MakeRequest() {
  headers_.clear();
  for (const MessageReader::Field& field : reader_.fields()) {
    headers_.push_back({TextAt(field.name), TextAt(field.value)});
  }
  std::string_view target = TextAt(reader_.target());
  if (!target.starts_with('/')) {
    // Absolute form, as proxies send it: http://host/path.
    const std::size_t authority = target.find("://");
    const std::size_t slash =
        authority == std::string_view::npos ? authority : target.find('/', authority + 3);
    target = slash == std::string_view::npos ? "" : target.substr(slash);
  }
  const std::size_t question = target.find('?');
  request_.method = reader_.method();
  request_.path = target.substr(0, question);
  request_.query = question == std::string_view::npos ? "" : target.substr(question + 1);
  request_.headers = headers_;
  request_.body = reader_.body();
  request_.peer = peer_;
}

void Connection::Handle() {
  MakeRequest();
  const bool keep = reader_.keep_alive();
  keep_said_ = keep && reader_.version() < 11;
  close_after_ = close_after_ || !keep || thread_->stopping;
  phase_ = Phase::kHandling;
  deadline_ = SteadyClock::time_point::max();
  handled_at_ = SteadyClock::now();
  shared_.metrics.AddInFlight(1);

  const Router::Match match = shared_.router.Find(request_.method, request_.path);
  route_ = match.route == nullptr ? HttpMetrics::kNoRoute : match.route->index;
  if (reader_.hosts() > 1 || (reader_.hosts() == 0 && reader_.version() >= 11)) {
    Answered(RefusalOf(Invalid("request.malformed", "Host header")));
  } else if (shared_.loopback && reader_.hosts() == 1 && !IsLocalHost(request_.Header("Host"))) {
    Answered(RefusalOf(Invalid("request.host_unknown")));
  } else if (match.route != nullptr) {
    RunHandler(*match.route);
  } else if (match.allow.empty()) {
    Answered(RefusalOf(NotFound("request.path_unknown")));
  } else {
    HttpResponse refusal = RefusalOf(Invalid("request.method_not_allowed"));
    refusal.AddHeader("Allow", match.allow);
    Answered(std::move(refusal));
  }
}

void Connection::RunHandler(const Route& route) {
  if (route.run_on == RunOn::kWorker) {
    asio::post(shared_.pool, [this, &route, self = shared_from_this()]() {
      try {
        route.handler(request_, Responder(self));
      } catch (...) {
        // The Responder was dropped on the way out and has answered 500.
      }
    });
    return;
  }
  in_handler_ = true;
  try {
    route.handler(request_, Responder(shared_from_this()));
  } catch (...) {
    // As above.
  }
  in_handler_ = false;
}

void Connection::Deliver(std::optional<HttpResponse> response) {
  if (thread_->finished.load(std::memory_order_acquire)) {
    return;  // The server is gone, and with it the client.
  }
  asio::dispatch(thread_->context.get_executor(),
                 [self = shared_from_this(), response = std::move(response)]() mutable {
                   self->Answered(std::move(response));
                   if (!self->in_handler_ && self->answer_ && self->Write() && self->AfterWrite()) {
                     self->Serve();
                   }
                 });
}

void Connection::Answered(std::optional<HttpResponse> response) {
  if (phase_ != Phase::kHandling) {
    return;  // Closed meanwhile.
  }
  answer_ = response ? std::move(*response) : RefusalOf(Internal("request.internal"));
  const auto spent = SteadyClock::now() - handled_at_;
  shared_.metrics.AddInFlight(-1);
  shared_.metrics.CountRequest(
      route_, answer_->status,
      std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
}

/// Answers something that never became a request, and ends the connection.
void Connection::Refuse(Error error) {
  request_ = {};
  headers_.clear();
  answer_ = RefusalOf(error);
  close_after_ = true;
  shared_.metrics.CountRequest(HttpMetrics::kNoRoute, answer_->status, 0);
}

HttpResponse Connection::RefusalOf(const Error& error) const {
  if (shared_.options.refuse) {
    return shared_.options.refuse(error, request_);
  }
  return {error.code == ErrorCode::kNotFound ? 404 : 400, "text/plain", error.rule + "\n", ""};
}

bool Connection::Write() {
  phase_ = Phase::kWriting;
  close_after_ = close_after_ || thread_->stopping;
  SetDeadline(shared_.options.write_timeout);
  out_.clear();
  AppendHead(out_, *answer_, thread_->date_line,
             close_after_ ? AfterAnswer::kClose
             : keep_said_ ? AfterAnswer::kKeepAndSay
                          : AfterAnswer::kKeep);
  if (request_.method == HttpMethod::kHead) {
    answer_->body.clear();
  }
  if (answer_->body.size() <= kCopiedBody) {
    out_ += answer_->body;
    answer_->body.clear();
  }
  // Tried at once: the socket nearly always has room, and a wait costs a round of the queue.
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(out_), asio::buffer(answer_->body)};
  error_code error;
  const std::size_t written = socket_.write_some(parts, error);
  if (error && error != asio::error::would_block) {
    Close();
    return false;
  }
  if (written == out_.size() + answer_->body.size()) {
    return true;
  }
  WriteRest(written);
  return false;
}

void Connection::WriteRest(std::size_t written) {
  const std::size_t of_head = std::min(written, out_.size());
  const std::array<asio::const_buffer, 2> rest = {
      asio::buffer(out_) + of_head, asio::buffer(answer_->body) + (written - of_head)};
  asio::async_write(socket_, rest, [self = shared_from_this()](error_code error, std::size_t) {
    if (self->phase_ != Phase::kWriting) {
      return;
    }
    if (error) {
      self->Close();
    } else if (self->AfterWrite()) {
      self->Serve();
    }
  });
}

bool Connection::AfterWrite() {
  const bool all_read = reader_.is_done() && parsed_ == filled_;
  answer_.reset();
  reader_.Reset();
  if (close_after_) {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    if (all_read) {
      Close();
    } else {
      // Closing on unread bytes would reset the connection and could take the answer with it.
      phase_ = Phase::kLingering;
      SetDeadline(kLinger);
      Linger();
    }
    return false;
  }
  kept_ = 0;
  std::memmove(in_.data(), in_.data() + parsed_, filled_ - parsed_);
  filled_ -= parsed_;
  parsed_ = 0;
  if (in_.size() > kKeptBuffer && filled_ <= kFirstBuffer) {
    in_.resize(kFirstBuffer);
    in_.shrink_to_fit();
  }
  if (out_.capacity() > kKeptBuffer) {
    out_ = std::string();
  }
  phase_ = Phase::kReading;
  SetDeadline(filled_ == 0 ? shared_.options.idle_timeout : shared_.options.header_timeout);
  return true;
}

void Connection::Linger() {
  socket_.async_read_some(asio::buffer(in_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->OnRead(error, size);
                          });
}

void Connection::CheckDeadline(SteadyClock::time_point now) {
  if (now < deadline_) {
    return;
  }
  if (phase_ == Phase::kReading && filled_ > 0) {
    // The read that is under way ends with an error and finds another phase.
    Refuse(Invalid("request.timed_out"));
    socket_.cancel();
    if (Write()) {
      AfterWrite();
    }
    return;
  }
  Close();
}

void Connection::FinishSoon() {
  close_after_ = true;
  if (phase_ == Phase::kReading && filled_ == 0) {
    Close();
  }
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) {
    return;
  }
  if (phase_ == Phase::kHandling) {
    shared_.metrics.AddInFlight(-1);
  }
  phase_ = Phase::kClosed;
  deadline_ = SteadyClock::time_point::max();
  error_code ignored;
  socket_.close(ignored);
  ListHook::unlink();
  shared_.metrics.AddConnections(-1);
}

}  // namespace jaring::internal
