// The connection's side of one request: its body, who answers it, what is noted of it.

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include "channels/http/http_connection.h"
#include "channels/http/http_wire.h"

namespace jaring::internal {
namespace {

Error Unavailable() {
  return {ErrorCode::kUnavailable, "request.unavailable", ""};
}

}  // namespace

/// The headers are there and a body follows: how much of it is taken depends on the route.
Connection::Parsed Connection::BeginBody() {
  began_ = SteadyClock::now();
  SetDeadline(shared_.options.body_timeout);
  MakeRequest();
  const Route* const route = FindRoute().route;
  const std::uint64_t limit = route != nullptr && route->options.body_limit > 0
                                  ? route->options.body_limit
                                  : shared_.options.body_limit;
  if (reader_.content_length().value_or(0) > limit) {
    Refuse(Invalid("request.body_too_large"));
    return Parsed::kRefused;
  }
  reader_.AllowBody(limit);
  if (route != nullptr && route->options.spool_body && !WrongHost()) {
    PrepareSpool(*route);
    return Parsed::kWaits;
  }
  SayContinue();
  return Parsed::kNeedsMore;
}

/// The request stays as it is while a worker looks at it: nothing is read.
void Connection::PrepareSpool(const Route& route) {
  phase_ = Phase::kSpooling;
  deadline_ = SteadyClock::time_point::max();
  route_ = &route;
  caller_kind_ = {};
  asio::post(shared_.pool, [this, &route, self = shared_from_this()]() {
    try {
      if (shared_.options.admit) {
        answer_ = shared_.options.admit(request_, route);
      }
    } catch (...) {
      answer_ = RefusalOf(Internal("request.internal"));
    }
    if (!answer_) {
      auto file = SpoolFile::Create(shared_.options.spool_folder, shared_.disk);
      spool_ = file ? std::move(file).value() : nullptr;
    }
    asio::post(thread_->context.get_executor(), [self]() { self->Prepared(); });
  });
}

void Connection::Prepared() {
  if (phase_ != Phase::kSpooling) {
    return;  // Closed meanwhile.
  }
  phase_ = Phase::kReading;
  began_ = SteadyClock::now();
  SetDeadline(shared_.options.body_timeout);
  if (answer_) {
    close_after_ = true;  // What it sends of the body nobody will read.
    Count(0);
    if (Write()) {
      AfterWrite();
    }
  } else if (spool_ == nullptr) {
    RefuseNow(Unavailable());
  } else {
    SayContinue();
    Serve();
  }
}

/// Writes on a worker thread, since a disk may take its time; until then nothing more is read.
void Connection::SpoolPiece() {
  phase_ = Phase::kSpooling;
  deadline_ = SteadyClock::time_point::max();
  asio::post(shared_.pool, [this, piece = reader_.TakeBody(), self = shared_from_this()]() {
    const bool kept = spool_->Append(piece).has_value();
    asio::post(thread_->context.get_executor(), [self, kept]() {
      if (self->phase_ != Phase::kSpooling) {
        return;
      }
      self->phase_ = Phase::kReading;
      self->SetDeadline(self->began_, self->shared_.options.body_timeout, self->body_bytes_);
      if (kept) {
        self->Serve();
      } else {
        self->RefuseNow(Unavailable());
      }
    });
  });
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
  request_.body_file = spool_ ? spool_->descriptor() : -1;
  request_.body_size = spool_ ? spool_->size() : reader_.body().size();
  request_.peer = peer_;
  secure_ = stream_.is_tls();
  if (from_proxy_) {
    const TrustedProxies::Client client = shared_.proxies.ClientBehind(peer_, headers_);
    request_.peer = client.address;
    secure_ = secure_ || client.secure;
  } else if (!request_.Header("X-Forwarded-For").empty()) {
    request_.peer = {};  // Somebody stands in between whom nobody told us of.
  }
  request_.parameters = {};
  request_.secure = secure_;
  NameRequest();
}

Router::Match Connection::FindRoute() {
  Router::Match match = shared_.router.Find(request_.method, request_.path);
  parameters_ = std::move(match.parameters);
  request_.parameters = parameters_;
  return match;
}

void Connection::NameRequest() {
  if (!named_) {
    names_.Renew(thread_->hex, request_.Header("traceparent"));
    named_ = true;
  }
  request_.request_id = names_.request_id();
  request_.trace_parent = names_.trace_parent();
}

std::optional<Error> Connection::WrongHost() const {
  if (reader_.hosts() > 1 || (reader_.hosts() == 0 && reader_.version() >= 11)) {
    return Invalid("request.malformed", "Host header");
  }
  if (shared_.only_local_names && reader_.hosts() == 1 && !IsLocalHost(request_.Header("Host"))) {
    return Invalid("request.host_unknown");
  }
  return std::nullopt;
}

void Connection::Handle() {
  MakeRequest();
  const bool keep = reader_.keep_alive();
  keep_said_ = keep && reader_.version() < 11;
  close_after_ = close_after_ || !keep || thread_->stopping;
  phase_ = Phase::kHandling;
  deadline_ = SteadyClock::time_point::max();
  handled_at_ = SteadyClock::now();
  caller_kind_ = {};
  shared_.metrics.AddInFlight(1);

  const Router::Match match = FindRoute();
  route_ = match.route;
  if (const auto wrong = WrongHost()) {
    Answered(RefusalOf(*wrong));
  } else if (spool_ && !spool_->Rewind()) {
    Answered(RefusalOf(Unavailable()));
  } else if (match.route != nullptr) {
    RunHandler(*match.route);
  } else if (request_.method == HttpMethod::kOptions) {
    HandleOptions(match);
  } else if (match.allow.empty()) {
    Answered(RefusalOf(NotFound("request.path_unknown")));
  } else {
    HttpResponse refusal = RefusalOf(Invalid("request.method_not_allowed"));
    refusal.AddHeader("Allow", match.allow);
    Answered(std::move(refusal));
  }
}

/// What may be done here, without a word of CORS: pages of other sites stay outside.
void Connection::HandleOptions(const Router::Match& match) {
  const bool whole_server = TextAt(reader_.target()) == "*";
  if (match.allow.empty() && !whole_server) {
    Answered(RefusalOf(NotFound("request.path_unknown")));
    return;
  }
  HttpResponse response{.status = 204};
  if (!whole_server) {
    response.AddHeader("Allow", match.allow + ", OPTIONS");
  }
  Answered(std::move(response));
}

void Connection::RunHandler(const Route& route) {
  if (route.options.run_on == RunOn::kWorker) {
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

void Connection::NoteCaller(std::string_view kind, std::int64_t id) {
  caller_kind_ = kind;
  caller_id_ = id;
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
  Count(std::chrono::duration_cast<std::chrono::microseconds>(spent).count());
}

/// Into the metrics and the log.
void Connection::Count(std::int64_t micros) {
  const int status = answer_->status;
  shared_.metrics.CountRequest(route_ == nullptr ? HttpMetrics::kNoRoute : route_->index, status,
                               micros);
  if (thread_->log.Wants(request_.method, status, micros)) {
    thread_->log.Add(
        {.at = shared_.options.now ? shared_.options.now() : Instant::FromMicros(0),
         .request_id = names_.request_id(),
         .trace_id = names_.trace_id(),
         .method = request_.method,
         .route = route_ == nullptr ? std::string_view() : std::string_view(route_->path),
         .status = status,
         .micros = micros,
         .bytes = answer_->body.size(),
         .caller_kind = caller_kind_,
         .caller_id = caller_id_,
         .rule = answer_->rule});
  }
}

/// Answers something that never became a whole request, and ends the connection.
void Connection::Refuse(const Error& error) {
  route_ = nullptr;
  caller_kind_ = {};
  if (reader_.has_headers()) {
    MakeRequest();
  } else {
    headers_.clear();
    request_ = {.method = HttpMethod::kOther};
    NameRequest();
  }
  answer_ = RefusalOf(error);
  close_after_ = true;
  Count(0);
}

/// The same, outside of Serve.
void Connection::RefuseNow(const Error& error) {
  Refuse(error);
  if (Write()) {
    AfterWrite();
  }
}

HttpResponse Connection::RefusalOf(const Error& error) const {
  HttpResponse refusal;
  if (shared_.options.refuse) {
    refusal = shared_.options.refuse(error, request_);
  } else {
    const int status = error.code == ErrorCode::kNotFound      ? 404
                       : error.code == ErrorCode::kUnavailable ? 503
                       : error.code == ErrorCode::kInternal    ? 500
                                                               : 400;
    refusal = {status, "text/plain", error.rule + "\n", status == 503 ? "Retry-After: 1\r\n" : ""};
  }
  refusal.rule = error.rule;
  return refusal;
}

}  // namespace jaring::internal
