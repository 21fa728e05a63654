#include "channels/http/trace_context.h"

#include <openssl/rand.h>

#include <algorithm>

#include "base/check.h"

namespace jaring {
namespace {

constexpr std::size_t kTraceAt = 3;    // "00-".
constexpr std::size_t kParentAt = 36;  // After the trace id and a dash.
constexpr std::size_t kFlagsAt = 53;

/// Lower case only, as the standard wants it; all zeros name nothing.
bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

std::optional<TraceParent> ParseTraceParent(std::string_view header) {
  if (header.size() != RequestNames::kTraceParentSize || !header.starts_with("00-") ||
      header[kParentAt - 1] != '-' || header[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  const TraceParent parts{header.substr(kTraceAt, 32), header.substr(kParentAt, 16),
                          header.substr(kFlagsAt, 2)};
  if (!IsId(parts.trace_id) || !IsId(parts.parent_id) || !IsHex(parts.flags)) {
    return std::nullopt;
  }
  return parts;
}

void HexSource::Fill(char* to, std::size_t size) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  JARING_CHECK(size <= 128);
  if (bytes_.size() - used_ < size / 2) {
    JARING_CHECK(RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) == 1);
    used_ = 0;
  }
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    const unsigned char byte = bytes_[used_++];
    to[i] = kDigits[byte >> 4U];
    to[i + 1] = kDigits[byte & 0xFU];
  }
}

void RequestNames::Renew(HexSource& source, std::string_view trace_parent) {
  source.Fill(request_id_.data(), request_id_.size());
  const auto put = [this](std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), trace_parent_.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(0, "00-");
  put(kParentAt - 1, "-");
  put(kFlagsAt - 1, "-");
  if (const auto parent = ParseTraceParent(trace_parent)) {
    put(kTraceAt, parent->trace_id);
    put(kFlagsAt, parent->flags);
  } else {
    source.Fill(trace_parent_.data() + kTraceAt, 32);
    put(kFlagsAt, "01");
  }
  source.Fill(trace_parent_.data() + kParentAt, 16);
}

}  // namespace jaring
