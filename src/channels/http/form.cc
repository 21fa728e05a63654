#include "channels/http/form.h"

#include <algorithm>

#include "base/text.h"

namespace jaring {
namespace {

int HexDigit(char c) {
  if (IsDigit(c)) {
    return c - '0';
  }
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum class Plus : std::uint8_t { kIsSpace, kIsPlus };

std::optional<std::string> Decode(std::string_view text, Plus plus = Plus::kIsSpace) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' && plus == Plus::kIsSpace ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low < 0) {
      return std::nullopt;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  for (const char c : decoded) {
    if (static_cast<unsigned char>(c) < 0x20) {
      return std::nullopt;
    }
  }
  return IsUtf8(decoded) ? std::optional(std::move(decoded)) : std::nullopt;
}

}  // namespace

Result<std::vector<FormField>> ParseForm(std::string_view text) {
  constexpr std::size_t kMaxFields = 32;
  std::vector<FormField> fields;
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) {
      continue;
    }
    const std::size_t equals = pair.find('=');
    auto name = Decode(pair.substr(0, equals));
    auto value = Decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!name || !value || FindField(fields, *name) || fields.size() == kMaxFields) {
      return Invalid("request.query_malformed");
    }
    fields.push_back({std::move(*name), std::move(*value)});
  }
  return fields;
}

std::optional<std::string_view> FindField(const std::vector<FormField>& fields,
                                          std::string_view name) {
  for (const FormField& field : fields) {
    if (field.name == name) {
      return field.value;
    }
  }
  return std::nullopt;
}

Result<Done> AllowFields(const std::vector<FormField>& fields,
                         std::initializer_list<std::string_view> known) {
  for (const FormField& field : fields) {
    if (field.name != "lang" && std::find(known.begin(), known.end(), field.name) == known.end()) {
      return Invalid("request.field_unknown");
    }
  }
  return Done{};
}

std::optional<std::string> DecodePathSegment(std::string_view segment) {
  auto decoded = Decode(segment, Plus::kIsPlus);
  const bool usable = decoded && !decoded->empty() && decoded->find('/') == std::string::npos;
  return usable ? decoded : std::nullopt;
}

std::string EncodeForm(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    if (IsDigit(c) || (lower >= 'a' && lower <= 'z') || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += '%';
      encoded += kHex[byte >> 4U];
      encoded += kHex[byte & 0xFU];
    }
  }
  return encoded;
}

}  // namespace jaring
