#pragma once

// Query strings and plain forms: name=value&name=value, percent-encoded.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jaring {

struct FormField {
  std::string name;
  std::string value;  // UTF-8 without control characters.
};

/// Limit: 32 fields.
/// Errors: request.query_malformed (bad escapes, a name twice, not UTF-8, too many).
Result<std::vector<FormField>> ParseForm(std::string_view text);

std::optional<std::string_view> FindField(const std::vector<FormField>& fields,
                                          std::string_view name);

/// Percent-encodes everything but letters, digits and "-._~".
std::string EncodeForm(std::string_view text);

}  // namespace jaring
