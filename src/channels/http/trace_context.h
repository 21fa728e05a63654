#pragma once

// Which request is which: an id of our own for each, and W3C trace context (level 1), by which logs
// of several programs are put together.

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace jaring {

/// The parts of a traceparent header; views into it.
struct TraceParent {
  std::string_view trace_id;   // 32 hex digits.
  std::string_view parent_id;  // 16 hex digits.
  std::string_view flags;      // 2 hex digits.
};

/// Reads a traceparent of version 00; absent for anything else: the trace then begins here, as the
/// standard says.
std::optional<TraceParent> ParseTraceParent(std::string_view header);

/// Random hex digits, drawn in stock: one call of the generator serves a hundred requests.
///
/// Thread: one caller.
class HexSource {
 public:
  /// Fills [to, to + size). Limit: `size` at most 128.
  void Fill(char* to, std::size_t size);

 private:
  std::array<unsigned char, 4096> bytes_;
  std::size_t used_ = sizeof(bytes_);
};

/// The names of one request.
class RequestNames {
 public:
  static constexpr std::size_t kRequestIdSize = 32;
  static constexpr std::size_t kTraceParentSize = 55;

  /// Names for a new request; its trace goes on when `trace_parent` is well formed.
  void Renew(HexSource& source, std::string_view trace_parent);

  std::string_view request_id() const { return {request_id_.data(), request_id_.size()}; }
  /// Well formed, with a span id of our own.
  std::string_view trace_parent() const { return {trace_parent_.data(), trace_parent_.size()}; }
  std::string_view trace_id() const { return trace_parent().substr(3, 32); }

 private:
  std::array<char, kRequestIdSize> request_id_ = {};
  std::array<char, kTraceParentSize> trace_parent_ = {};
};

}  // namespace jaring
