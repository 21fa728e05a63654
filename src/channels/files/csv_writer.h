#pragma once

// Writing one field of a CSV file.

#include <string>
#include <string_view>

namespace jaring {

/// Appends `value`, in quotes when it needs them (RFC 4180).
void AppendCsvField(std::string& out, std::string_view value, char separator = ',');

/// A spreadsheet would take it for a formula. A plain number with a sign is none.
bool IsFormula(std::string_view value);

/// `value` without the apostrophe that was put before a formula.
std::string_view WithoutFormulaMark(std::string_view value);

}  // namespace jaring
