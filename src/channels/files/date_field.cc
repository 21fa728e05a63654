// Dates and moments of field_parse.h.

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "channels/files/field_parse.h"

namespace jaring {
namespace {

/// 1 to 12 for a month's name or short form, in Indonesian or English.
std::optional<int> MonthOfName(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames = {
      "januari january jan",
      "februari february pebruari feb peb",
      "maret march mar mrt",
      "april apr",
      "mei may",
      "juni june jun",
      "juli july jul",
      "agustus august agu ags agt aug agst",
      "september sep sept",
      "oktober october okt oct",
      "november nopember nov nop",
      "desember december des dec",
  };
  for (std::size_t month = 0; month < kNames.size(); ++month) {
    const auto names = Split(kNames[month], ' ');
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return static_cast<int>(month) + 1;
    }
  }
  return std::nullopt;
}

/// The three parts of a date, whatever stands between them; nothing when there are not three.
std::optional<std::array<std::string, 3>> ThreeParts(std::string_view text) {
  std::array<std::string, 3> parts;
  std::size_t count = 0;
  bool in_part = false;
  for (const char c : ToLower(text)) {
    if (c == ' ' || c == '/' || c == '-' || c == '.' || c == ',') {
      in_part = false;
      continue;
    }
    if (!in_part && ++count > parts.size()) {
      return std::nullopt;
    }
    in_part = true;
    parts[count - 1] += c;
  }
  return count == parts.size() ? std::optional(parts) : std::nullopt;
}

std::optional<int> SmallNumber(std::string_view text) {
  const auto value = IsAllDigits(text) && text.size() <= 2 ? ParseInteger(text) : std::nullopt;
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

bool IsYear(std::string_view text) {
  return text.size() == 4 && IsAllDigits(text);
}

}  // namespace

Result<Date> ParseDateField(std::string_view text) {
  constexpr std::size_t kMaxBytes = 40;
  text = Trim(text);
  if (text.starts_with('\'')) {
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return Invalid("date.missing");
  }
  if (text.size() > kMaxBytes) {
    return Invalid("date.malformed");
  }
  for (const std::string_view midnight : {" 00:00:00", "T00:00:00", " 00:00"}) {
    if (text.ends_with(midnight)) {
      text.remove_suffix(midnight.size());
      break;
    }
  }
  const auto parts = ThreeParts(text);
  if (!parts) {
    return Invalid("date.malformed");
  }
  const bool year_first = IsYear((*parts)[0]);
  const std::string& year = (*parts)[year_first ? 0 : 2];
  const auto day = SmallNumber((*parts)[year_first ? 2 : 0]);
  const auto month_name = MonthOfName((*parts)[1]);
  const auto month = month_name ? month_name : SmallNumber((*parts)[1]);
  if (day && month && SmallNumber(year)) {
    return Invalid("date.two_digit_year");
  }
  if (!day || !month || !IsYear(year)) {
    return Invalid("date.malformed");
  }
  if (*month < 1 || *month > 12 || *day < 1 || *day > 31) {
    return Invalid("date.impossible");
  }
  return Date::ParseNumber(*ParseInteger(year) * 10'000 + std::int64_t{*month} * 100 + *day);
}

Result<Instant> ParsePaidAtField(std::string_view text) {
  text = Trim(text);
  if (text.empty()) {
    return Invalid("paid_at.missing");
  }
  if (auto exact = Instant::ParseLocal(text)) {
    return exact;
  }
  const std::size_t space = text.find_last_of(' ');
  const bool has_time =
      space != std::string_view::npos && text.find(':', space) != std::string_view::npos;
  const auto date = ParseDateField(has_time ? text.substr(0, space) : text);
  if (!date) {
    return Invalid("paid_at.malformed");
  }
  std::string local = date->ToString();
  if (has_time) {
    local += text.substr(space);
  }
  auto instant = Instant::ParseLocal(local);
  return instant ? instant : Invalid("paid_at.malformed");
}

}  // namespace jaring
