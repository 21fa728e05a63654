#include "channels/files/csv_writer.h"

namespace jaring {

void AppendCsvField(std::string& out, std::string_view value, char separator) {
  const bool plain = value.find_first_of("\"\r\n") == std::string_view::npos &&
                     value.find(separator) == std::string_view::npos &&
                     (value.empty() || (value.front() != ' ' && value.back() != ' '));
  if (plain) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"') {
      out += '"';
    }
    out += c;
  }
  out += '"';
}

bool IsFormula(std::string_view value) {
  if (value.empty() || std::string_view("=+-@\t\r").find(value[0]) == std::string_view::npos) {
    return false;
  }
  const bool has_sign = value[0] == '+' || value[0] == '-';
  return !has_sign || value.find_first_not_of("0123456789., ", 1) != std::string_view::npos;
}

std::string_view WithoutFormulaMark(std::string_view value) {
  const bool marked = value.size() > 1 && value[0] == '\'' && IsFormula(value.substr(1));
  return marked ? value.substr(1) : value;
}

}  // namespace jaring
