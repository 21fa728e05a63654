#include "channels/files/xlsx_value.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/calendar.h"
#include "base/text.h"

namespace jaring {
namespace {

struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t point = 0;  // How many digits stand before the point; may be past either end.
};

/// Splits "-1.25E3" into its digits and the place of the point counted from the first digit.
std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal decimal;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    decimal.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  std::int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.starts_with('+')) {
      power.remove_prefix(1);
    }
    const auto parsed = ParseInteger(power);
    if (!parsed || *parsed > 400 || *parsed < -400) {
      return std::nullopt;
    }
    exponent = *parsed;
    text = text.substr(0, e);
  }
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  decimal.digits = std::string(whole) + std::string(fraction);
  if (!IsAllDigits(decimal.digits) || decimal.digits.size() > 400) {
    return std::nullopt;
  }
  decimal.point = static_cast<std::int64_t>(whole.size()) + exponent;
  return decimal;
}

}  // namespace

std::optional<std::size_t> ColumnOfCell(std::string_view reference) {
  constexpr std::size_t kExcelColumns = 16'384;
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') {
      break;
    }
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > kExcelColumns) {
      return std::nullopt;
    }
  }
  return column == 0 ? std::nullopt : std::optional(column - 1);
}

bool IsDateFormat(int format_id, std::string_view format_code) {
  // Built-in formats; 27 to 36 and 50 to 58 are dates in Asian versions.
  if ((format_id >= 14 && format_id <= 17) || format_id == 22 ||
      (format_id >= 27 && format_id <= 36) || (format_id >= 50 && format_id <= 58)) {
    return true;
  }
  for (std::size_t i = 0; i < format_code.size(); ++i) {
    const char c = format_code[i];
    if (c == '"' || c == '[') {
      // Words shown as they are, and colours or locales.
      i = format_code.find(c == '"' ? '"' : ']', i + 1);
      if (i == std::string_view::npos) {
        return false;
      }
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      return true;
    } else if (c == ';') {
      return false;  // The first section is the one for ordinary values.
    }
  }
  return false;
}

Result<std::string> NumberText(std::string_view number) {
  constexpr std::int64_t kLargestExact = std::int64_t{1} << 53U;
  const auto decimal = ReadDecimal(number);
  if (!decimal) {
    return std::string(number);
  }
  const std::string& digits = decimal->digits;
  const std::size_t last = digits.find_last_not_of('0');
  if (last == std::string::npos) {
    return std::string("0");
  }
  if (decimal->point <= static_cast<std::int64_t>(last)) {
    return std::string(number);  // A fraction.
  }
  std::string whole = digits.substr(0, last + 1);
  whole.append(static_cast<std::size_t>(decimal->point) - last - 1, '0');
  const std::size_t first = whole.find_first_not_of('0');
  whole.erase(0, first);
  const auto value = ParseInteger(whole);
  if (!value || *value > kLargestExact) {
    return Invalid("xlsx.number_lost_digits");
  }
  return (decimal->negative ? "-" : "") + whole;
}

Result<std::string> DateOfSerial(std::string_view serial, bool from_1904) {
  constexpr double kDaysTo2999 = 402'000;
  double value = 0;
  const auto [end, error] = std::from_chars(serial.data(), serial.data() + serial.size(), value);
  if (error != std::errc() || end != serial.data() + serial.size() || !(value >= 0) ||
      value > kDaysTo2999) {
    return Invalid("xlsx.date_out_of_range");
  }
  auto days = static_cast<std::int64_t>(std::floor(value));
  auto seconds = static_cast<std::int64_t>(std::llround((value - std::floor(value)) * 86'400));
  if (seconds == 86'400) {
    ++days;
    seconds = 0;
  }
  // Excel believes 1900 had a 29 February (serial 60), so days before it are one off.
  if (!from_1904 && (days < 1 || days == 60)) {
    return Invalid("xlsx.date_out_of_range");
  }
  const std::int64_t base = from_1904
                                ? Date::FromYearMonthDay(1904, 1, 1).days()
                                : Date::FromYearMonthDay(1900, 1, 1).days() - (days < 60 ? 1 : 2);
  const std::int64_t day = base + days;
  if (day > Date::FromYearMonthDay(2999, 12, 31).days()) {
    return Invalid("xlsx.date_out_of_range");
  }
  std::string text = Date::FromDays(day).ToString();
  if (seconds != 0) {
    text += fmt::format(" {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
  return text;
}

}  // namespace jaring
