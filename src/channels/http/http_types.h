#pragma once

// A request, its answer, and the promise to give one. No library shows through, so handlers and
// their tests need no server.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace jaring {

enum class HttpMethod : std::uint8_t {
  kGet,
  kHead,
  kPost,
  kPut,
  kPatch,
  kDelete,
  kOptions,
  kOther,
};

/// "GET", "POST"…; "OTHER" for one we have no use for.
std::string_view HttpMethodName(HttpMethod method);

struct HttpHeader {
  std::string_view name;
  std::string_view value;
};

/// What stood in the path where the route has a {name}; decoded.
struct PathParameter {
  std::string_view name;
  std::string value;
};

/// Whether two header names are the same, any case.
bool SameHeaderName(std::string_view a, std::string_view b);

/// What came in. All views: they live until the request's Responder has answered.
struct HttpRequest {
  HttpMethod method = HttpMethod::kGet;
  std::string_view path;   // As sent, not decoded: "/v1/coverage".
  std::string_view query;  // As sent, without '?'. May hold personal data: never logged.
  std::span<const HttpHeader> headers;
  std::string_view body;
  /// Address without port: the client's, or what a trusted proxy tells of it. Empty when a proxy
  /// stands in between that we were not told of.
  std::string_view peer;
  std::span<const PathParameter> parameters;
  bool secure = false;  // Came over TLS, to us or to the trusted proxy.

  /// The body of a route with `spool_body`: an open file without a name, at its beginning, instead
  /// of `body`. It is closed when the request is answered; who needs it for longer takes a dup.
  int body_file = -1;
  std::uint64_t body_size = 0;  // Of `body` or of the file.

  std::string_view request_id;    // 32 hex digits, ours; the answer names it in X-Request-Id.
  std::string_view trace_parent;  // W3C traceparent to hand on: the caller's trace, our span.

  /// The value of the first header of that name, any case; empty when there is none.
  std::string_view Header(std::string_view name) const;
  /// The value of a path parameter; one the route has not is a bug.
  std::string_view Parameter(std::string_view name) const;
  /// The value of a cookie; empty when there is none.
  std::string_view Cookie(std::string_view name) const;
};

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kProblemType = "application/problem+json";
inline constexpr std::string_view kHtmlType = "text/html; charset=utf-8";

struct HttpResponse {
  int status = 200;
  std::string_view content_type = kJsonType;  // A literal.
  std::string body;
  std::string headers;  // Further header lines, each ended by CRLF; see AddHeader.
  std::string rule;     // Of a refusal, for the log.

  /// Adds a header line. Control characters in `value` are a bug: they would forge headers.
  void AddHeader(std::string_view name, std::string_view value);
};

/// Who takes the answer of a request: a connection, or a test.
class ResponseSink {
 public:
  virtual ~ResponseSink() = default;
  /// `response` is absent when the handler gave up without an answer.
  ///
  /// Thread: any.
  virtual void Deliver(std::optional<HttpResponse> response) = 0;
  /// Who is asking, for the log; see Responder::NoteCaller.
  virtual void NoteCaller(std::string_view /*kind*/, std::int64_t /*id*/) {}
};

/// The promise of one answer. It may be kept later and from another thread; dropping it unkept
/// answers 500, so that no client hangs on a forgotten request.
///
/// Thread: one owner at a time.
class Responder {
 public:
  /// Shared with the connection, which must outlive an answer that comes late.
  explicit Responder(std::shared_ptr<ResponseSink> sink) : sink_(std::move(sink)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder() { Drop(); }

  /// Tells the log who is asking, before the answer. `kind` is a literal such as "staff" or
  /// "partner", `id` a number of ours: never a NIK, a phone or a name.
  void NoteCaller(std::string_view kind, std::int64_t id);

  /// Answers; a second call is a bug.
  void Send(HttpResponse response);

 private:
  void Drop();

  std::shared_ptr<ResponseSink> sink_;
};

/// Takes a request and answers it through the Responder, at once or later.
using HttpHandler = std::function<void(const HttpRequest&, Responder)>;

/// A handler that has its answer at once.
HttpHandler AtOnce(std::function<HttpResponse(const HttpRequest&)> answer);

}  // namespace jaring
