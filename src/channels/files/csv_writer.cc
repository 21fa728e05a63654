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

}  // namespace jaring
