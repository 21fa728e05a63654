#pragma once

// Query strings and plain forms: name=value&name=value, percent-encoded.

#include <initializer_list>
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

/// Only fields of these names, and `lang`, which every request may have.
///
/// Errors: request.field_unknown.
Result<Done> AllowFields(const std::vector<FormField>& fields,
                         std::initializer_list<std::string_view> known);

/// One segment of a path, decoded; nothing when it is empty, holds bad escapes, a slash or control
/// characters, or is not UTF-8.
std::optional<std::string> DecodePathSegment(std::string_view segment);

/// Percent-encodes everything but letters, digits and "-._~".
std::string EncodeForm(std::string_view text);

}  // namespace jaring
