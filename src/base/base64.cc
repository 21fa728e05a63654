#include "base/base64.h"

namespace jaring {
namespace {

constexpr std::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string Encode(std::string_view bytes, std::string_view letters) {
  std::string text;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += letters[held >> bits & 63U];
    }
  }
  if (bits > 0) {
    text += letters[held << (6 - bits) & 63U];
  }
  return text;
}

/// Letters without padding.
std::optional<std::string> Decode(std::string_view text, std::string_view letters) {
  std::string bytes;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = letters.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    held = (held << 6U | static_cast<unsigned>(value)) & 0xFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 0xFFU);
    }
  }
  const bool whole = text.size() % 4 != 1 && (held & ((1U << bits) - 1)) == 0;
  return whole ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace

std::string ToBase64(std::string_view bytes) {
  std::string text = Encode(bytes, kPlain);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string ToBase64Url(std::string_view bytes) {
  return Encode(bytes, kUrl);
}

std::optional<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  for (int n = 0; n < 2 && text.ends_with('='); ++n) {
    text.remove_suffix(1);
  }
  return Decode(text, kPlain);
}

std::optional<std::string> FromBase64Url(std::string_view text) {
  return Decode(text, kUrl);
}

}  // namespace jaring
