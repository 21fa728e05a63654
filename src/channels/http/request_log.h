#pragma once

// One JSON line for each request: enough to find and count it, nothing that names a person. There
// is no place here for a path as sent, a query, a header or a body.

#include <cstdint>
#include <string>
#include <string_view>

#include "channels/http/http_types.h"
#include "channels/http/server_log.h"

namespace jaring {

enum class LogRequests : std::uint8_t {
  kNone,
  kNotable,  // Refused, failed, slow, or one that may have changed something.
  kAll,
};

struct RequestRecord {
  Instant at = Instant::FromMicros(0);  // When it was answered.
  std::string_view request_id;
  std::string_view trace_id;
  HttpMethod method = HttpMethod::kOther;
  std::string_view route;  // "/v1/people/{person_id}"; empty when none matched.
  int status = 0;
  std::int64_t micros = 0;       // From the whole request read to the answer ready.
  std::uint64_t bytes = 0;       // Of the answer's body.
  std::string_view caller_kind;  // Empty: unknown.
  std::int64_t caller_id = 0;
  std::string_view rule;  // Why it was refused.
};

/// The lines of one thread, gathered so that a request takes no lock. Of those told that they ask
/// too much (429) at most 20 a second are told of, unless all requests are: a flood must not fill
/// the disk, and the metrics count every one.
///
/// Thread: one.
class RequestLog {
 public:
  /// Without a log nothing is kept. `log` must outlive this.
  RequestLog(ServerLog* log, LogRequests which, std::int64_t slow_micros)
      : log_(log), which_(log == nullptr ? LogRequests::kNone : which), slow_micros_(slow_micros) {}

  /// Whether a request is to be told of.
  bool Wants(HttpMethod method, int status, std::int64_t micros) const;
  void Add(const RequestRecord& record);
  /// Hands the lines on.
  void Flush();

 private:
  void AppendTime(Instant at);
  bool IsOneTooMany(const RequestRecord& record);

  ServerLog* log_;
  LogRequests which_;
  std::int64_t slow_micros_;
  std::string lines_;
  std::string second_text_;  // "2026-03-15T05:00:00", written once in a second.
  std::int64_t second_ = -1;
  std::int64_t refusal_second_ = -1;
  int refusals_ = 0;  // Told of in that second.
};

}  // namespace jaring
