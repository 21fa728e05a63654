#pragma once

// Base64 (RFC 4648), strict: one text for each run of bytes.

#include <optional>
#include <string>
#include <string_view>

namespace jaring {

/// With padding.
std::string ToBase64(std::string_view bytes);
/// The alphabet of URLs, without padding.
std::string ToBase64Url(std::string_view bytes);

/// Nothing for a text ToBase64 would not write: wrong letters or padding, bits left over, spaces.
std::optional<std::string> FromBase64(std::string_view text);
std::optional<std::string> FromBase64Url(std::string_view text);

}  // namespace jaring
