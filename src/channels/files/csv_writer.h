#pragma once

// Writing one field of a CSV file.

#include <string>
#include <string_view>

namespace jaring {

/// Appends `value`, in quotes when it needs them (RFC 4180).
void AppendCsvField(std::string& out, std::string_view value, char separator = ',');

}  // namespace jaring
