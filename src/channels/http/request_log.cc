#include "channels/http/request_log.h"

#include <array>
#include <charconv>

namespace jaring {
namespace {

constexpr std::size_t kFlushAt = std::size_t{32} * 1024;

void AppendNumber(std::string& out, std::int64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

/// Our own names need no escapes; should one ever do, it loses those characters.
void AppendName(std::string& out, std::string_view name) {
  for (const char c : name) {
    if (c >= ' ' && c != '"' && c != '\\' && c != '\x7F') {
      out += c;
    }
  }
}

LogLevel LevelOf(int status) {
  return status < 400 ? LogLevel::kInfo : status < 500 ? LogLevel::kWarning : LogLevel::kError;
}

}  // namespace

bool RequestLog::Wants(HttpMethod method, int status, std::int64_t micros) const {
  switch (which_) {
    case LogRequests::kNone:
      return false;
    case LogRequests::kAll:
      return true;
    case LogRequests::kNotable:
      return status < 200 || status >= 400 || micros >= slow_micros_ ||
             (method != HttpMethod::kGet && method != HttpMethod::kHead &&
              method != HttpMethod::kOptions);
  }
  JARING_CHECK(false);
}

void RequestLog::AppendTime(Instant at) {
  const std::int64_t second = at.micros() / 1'000'000;
  if (second != second_) {
    constexpr std::size_t kWholeSeconds = 19;
    second_ = second;
    second_text_.clear();
    AppendTimestamp(second_text_, at);
    second_text_.resize(kWholeSeconds);
  }
  std::array<char, 8> fraction = {'.', '0', '0', '0', '0', '0', '0', 'Z'};
  std::int64_t rest = at.micros() % 1'000'000;
  for (std::size_t i = 6; i > 0; --i) {
    fraction[i] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  lines_.append(second_text_).append(fraction.data(), fraction.size());
}

bool RequestLog::IsOneTooMany(const RequestRecord& record) {
  constexpr int kMostRefusals = 20;
  if (record.status != 429 || which_ == LogRequests::kAll) {
    return false;
  }
  const std::int64_t second = record.at.micros() / 1'000'000;
  if (second != refusal_second_) {
    refusal_second_ = second;
    refusals_ = 0;
  }
  return ++refusals_ > kMostRefusals;
}

void RequestLog::Add(const RequestRecord& record) {
  if (IsOneTooMany(record)) {
    return;
  }
  lines_.append(R"({"ts":")");
  AppendTime(record.at);
  lines_.append(R"(","level":")").append(LogLevelName(LevelOf(record.status)));
  lines_.append(R"(","event":"request","request_id":")").append(record.request_id);
  lines_.append(R"(","trace_id":")").append(record.trace_id);
  lines_.append(R"(","method":")").append(HttpMethodName(record.method));
  lines_.append(R"(","route":")");
  AppendName(lines_, record.route.empty() ? "none" : record.route);
  lines_.append(R"(","status":)");
  AppendNumber(lines_, record.status);
  lines_.append(R"(,"micros":)");
  AppendNumber(lines_, record.micros);
  lines_.append(R"(,"bytes":)");
  AppendNumber(lines_, static_cast<std::int64_t>(record.bytes));
  if (!record.caller_kind.empty()) {
    lines_.append(R"(,"caller":")");
    AppendName(lines_, record.caller_kind);
    lines_.append(R"(","caller_id":)");
    AppendNumber(lines_, record.caller_id);
  }
  if (!record.rule.empty()) {
    lines_.append(R"(,"rule":")");
    AppendName(lines_, record.rule);
    lines_.append("\"");
  }
  lines_.append("}\n");
  if (lines_.size() >= kFlushAt) {
    Flush();
  }
}

void RequestLog::Flush() {
  if (log_ != nullptr && !lines_.empty()) {
    log_->Write(lines_);
    lines_.clear();
  }
}

}  // namespace jaring
