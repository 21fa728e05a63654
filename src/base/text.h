#pragma once

// Small pure helpers on text that the standard library lacks. ASCII only; bytes above 127 pass
// through untouched.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jaring {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsAllDigits(std::string_view text);

/// Without spaces, tabs and line ends at either side.
std::string_view Trim(std::string_view text);

std::string ToLower(std::string_view text);
std::string ToUpper(std::string_view text);

/// A whole decimal number with optional '-'; nothing for anything else or past 64 bits.
std::optional<std::int64_t> ParseInteger(std::string_view text);

std::vector<std::string_view> Split(std::string_view text, char separator);

/// True when the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
bool IsUtf8(std::string_view text);

/// A code people type: 1 to 40 of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit.
bool IsSlug(std::string_view text);

/// "00ff" for the bytes 0 and 255.
std::string ToHex(std::string_view bytes);
/// The bytes of such a text; nothing when it is none.
std::optional<std::string> FromHex(std::string_view text);

}  // namespace jaring
