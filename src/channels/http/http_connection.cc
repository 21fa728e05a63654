#include "channels/http/http_connection.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "channels/http/http_wire.h"

namespace jaring::internal {
namespace {

constexpr std::size_t kBodyBuffer = std::size_t{16} * 1024;
constexpr std::size_t kSpoolPiece = std::size_t{128} * 1024;
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
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  stream_.socket().non_blocking(true, ignored);
  if (stream_.is_tls()) {
    stream_.socket().native_non_blocking(true, ignored);
    phase_ = Phase::kHandshake;
    SetDeadline(shared_.options.handshake_timeout);
    Handshake();
    return;
  }
  SetDeadline(shared_.options.header_timeout);
  Read();
}

void Connection::Handshake() {
  switch (stream_.Handshake()) {
    case Stream::Step::kDone:
      phase_ = Phase::kReading;
      SetDeadline(shared_.options.header_timeout);
      Read();
      return;
    case Stream::Step::kWaits:
      stream_.AsyncWait([self = shared_from_this()](error_code error) {
        if (!error && self->phase_ == Phase::kHandshake) {
          self->Handshake();
        }
      });
      return;
    case Stream::Step::kPlainHttp:
      // Told in the language it speaks; nothing of its request has been looked at.
      stream_.DropTls();
      secure_ = false;
      RefuseNow(Invalid("request.needs_tls"));
      return;
    case Stream::Step::kFailed:
      shared_.metrics.CountHandshakeFailure();
      stream_.ShutdownSend();
      Close();
      return;
  }
}

void Connection::Serve() {
  while (phase_ == Phase::kReading) {
    const Parsed parsed = Parse();
    if (parsed == Parsed::kWaits) {
      return;  // A worker has the request now: nothing of it may be touched.
    }
    const bool has_piece = spool_ != nullptr && !reader_.body().empty();
    if (has_piece && (parsed == Parsed::kWhole || reader_.body().size() >= kSpoolPiece)) {
      SpoolPiece();
      return;
    }
    if (parsed == Parsed::kNeedsMore) {
      Read();
      return;
    }
    if (parsed == Parsed::kWhole) {
      Handle();
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
      const bool busy = outcome.rule == "request.unavailable";
      Refuse({busy ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument,
              std::string(outcome.rule), ""});
      return Parsed::kRefused;
    }
    if (!had_headers) {
      kept_ = parsed_;  // The request line is taken before the headers are all there.
    }
    if (!had_headers && reader_.has_headers() && !reader_.is_done()) {
      const Parsed begun = BeginBody();
      if (begun != Parsed::kNeedsMore) {
        return begun;
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
    RefuseNow(Invalid("request.headers_too_large"));
    return;
  }
  stream_.AsyncRead(asio::buffer(in_.data() + filled_, in_.size() - filled_),
                    [self = shared_from_this()](error_code error, std::size_t size) {
                      self->OnRead(error, size);
                    });
}

void Connection::OnRead(error_code error, std::size_t size) {
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
  if (reader_.has_headers()) {
    body_bytes_ += size;
    SetDeadline(began_, shared_.options.body_timeout, body_bytes_);
  }
  Serve();
}

void Connection::SetDeadline(SteadyClock::time_point began, std::chrono::milliseconds wait,
                             std::uint64_t bytes) {
  const std::uint64_t rate = std::max<std::uint64_t>(shared_.options.slowest_bytes_per_second, 1);
  deadline_ = began + wait + std::chrono::milliseconds(bytes * 1000 / rate);
}

void Connection::SayContinue() {
  if (reader_.expects_continue() && !reader_.is_done() && parsed_ == filled_) {
    // Few bytes on a socket with nothing else to send: they fit. A client that misses them sends
    // its body after a moment anyway.
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const std::array<asio::const_buffer, 1> part = {asio::buffer(kContinue)};
    error_code ignored;
    stream_.WriteSome(part, ignored);
  }
}

bool Connection::Write() {
  phase_ = Phase::kWriting;
  close_after_ = close_after_ || thread_->stopping;
  began_ = thread_->now;
  out_.clear();
  AppendHead(out_, *answer_,
             {.date_line = thread_->date_line,
              .after = close_after_ ? AfterAnswer::kClose
                       : keep_said_ ? AfterAnswer::kKeepAndSay
                                    : AfterAnswer::kKeep,
              .request_id = names_.request_id(),
              .secure = secure_});
  if (request_.method == HttpMethod::kHead) {
    answer_->body.clear();
  }
  if (answer_->body.size() <= kCopiedBody) {
    out_ += answer_->body;
    answer_->body.clear();
  }
  written_ = 0;
  return WriteMore();
}

/// Tried at once: the socket nearly always has room, and a wait costs a round of the queue.
bool Connection::WriteMore() {
  const std::size_t of_head = std::min(written_, out_.size());
  const std::array<asio::const_buffer, 2> rest = {
      asio::buffer(out_) + of_head, asio::buffer(answer_->body) + (written_ - of_head)};
  error_code error;
  written_ += stream_.WriteSome(rest, error);
  if (error && error != asio::error::would_block) {
    Close();
    return false;
  }
  if (written_ == out_.size() + answer_->body.size()) {
    return true;
  }
  SetDeadline(began_, shared_.options.write_timeout, written_);
  stream_.AsyncWait([self = shared_from_this()](error_code waited) {
    if (self->phase_ != Phase::kWriting) {
      return;
    }
    if (waited) {
      self->Close();
    } else if (self->WriteMore() && self->AfterWrite()) {
      self->Serve();
    }
  });
  return false;
}

bool Connection::AfterWrite() {
  const bool all_read = reader_.is_done() && parsed_ == filled_;
  answer_.reset();
  reader_.Reset();
  spool_.reset();
  named_ = false;
  body_bytes_ = 0;
  if (close_after_) {
    stream_.ShutdownSend();
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

/// Takes what still comes, enciphered or not: nobody reads it.
void Connection::Linger() {
  stream_.socket().async_read_some(asio::buffer(in_),
                                   [self = shared_from_this()](error_code error, std::size_t) {
                                     if (self->phase_ != Phase::kLingering) {
                                       return;
                                     }
                                     if (error) {
                                       self->Close();
                                     } else {
                                       self->Linger();
                                     }
                                   });
}

void Connection::CheckDeadline(SteadyClock::time_point now) {
  if (now < deadline_) {
    return;
  }
  if (phase_ == Phase::kReading && filled_ > 0) {
    // The read that is under way ends with an error and finds another phase.
    stream_.socket().cancel();
    RefuseNow(Invalid("request.timed_out"));
    return;
  }
  if (phase_ == Phase::kHandshake) {
    shared_.metrics.CountHandshakeFailure();
  }
  Close();
}

void Connection::FinishSoon() {
  close_after_ = true;
  if (phase_ == Phase::kHandshake || (phase_ == Phase::kReading && filled_ == 0)) {
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
  stream_.Close();
  ListHook::unlink();
  shared_.metrics.AddConnections(-1);
}

}  // namespace jaring::internal
