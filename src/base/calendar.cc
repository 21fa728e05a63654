#include "base/calendar.h"

#include <array>
#include <chrono>
#include <optional>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr std::int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
constexpr std::int64_t kMicrosPerDay = 24 * kMicrosPerHour;
constexpr std::int64_t kJakartaOffset = 7 * kMicrosPerHour;

/// Appends `value` in at least `width` digits.
void AppendPadded(std::string& text, std::int64_t value, std::size_t width) {
  std::array<char, 20> digits;
  std::size_t at = digits.size();
  for (; value > 0 || digits.size() - at < width; value /= 10) {
    digits[--at] = static_cast<char>('0' + value % 10);
  }
  text.append(digits.data() + at, digits.size() - at);
}

/// The number that fills text[at, at+width), or nothing when a character is not a digit.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t width) {
  if (text.size() < at + width) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text.substr(at, width)) {
    if (!IsDigit(c)) {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

/// Reads "HH:MM[:SS[.ffffff]]" and moves `text` past it; microseconds since midnight.
std::optional<std::int64_t> TakeTime(std::string_view& text) {
  const auto hour = Digits(text, 0, 2);
  const auto minute = Digits(text, 3, 2);
  if (!hour || !minute || text[2] != ':' || *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  text.remove_prefix(5);
  std::int64_t micros = *hour * kMicrosPerHour + *minute * kMicrosPerMinute;
  if (text.empty() || text[0] != ':') {
    return micros;
  }
  const auto second = Digits(text, 1, 2);
  if (!second || *second > 59) {
    return std::nullopt;
  }
  micros += *second * kMicrosPerSecond;
  text.remove_prefix(3);
  if (text.empty() || text[0] != '.') {
    return micros;
  }
  text.remove_prefix(1);
  if (text.empty() || !IsDigit(text[0])) {
    return std::nullopt;
  }
  for (std::int64_t unit = kMicrosPerSecond / 10; !text.empty() && IsDigit(text[0]); unit /= 10) {
    micros += (text[0] - '0') * unit;
    text.remove_prefix(1);
  }
  return micros;
}

/// Reads "Z" or "+07:00"; microseconds east of UTC. The whole of `text` must be the zone.
std::optional<std::int64_t> WholeZone(std::string_view text) {
  if (text == "Z" || text == "z") {
    return 0;
  }
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
    return std::nullopt;
  }
  const auto hour = Digits(text, 1, 2);
  const auto minute = Digits(text, 4, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  const std::int64_t offset = *hour * kMicrosPerHour + *minute * kMicrosPerMinute;
  return text[0] == '-' ? -offset : offset;
}

/// Leaves a day of room at either end, so that the moment has a date in every zone.
Result<Instant> WithinCalendar(std::int64_t micros) {
  const std::int64_t first = Date::FromYearMonthDay(1900, 1, 2).days() * kMicrosPerDay;
  const std::int64_t end = Date::FromYearMonthDay(2999, 12, 31).days() * kMicrosPerDay;
  if (micros < first || micros >= end) {
    return Invalid("instant.malformed");
  }
  return Instant::FromMicros(micros);
}

}  // namespace

Result<Month> Month::Parse(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  if (text.size() != 7 || !year || !month || text[4] != '-') {
    return Invalid("month.malformed");
  }
  return ParseNumber(*year * 100 + *month);
}

Result<Month> Month::ParseNumber(std::int64_t yyyymm) {
  const std::int64_t year = yyyymm / 100;
  const std::int64_t month = yyyymm % 100;
  if (year < 1900 || year > 2999 || month < 1 || month > 12) {
    return Invalid("month.malformed");
  }
  return FromYearMonth(static_cast<int>(year), static_cast<int>(month));
}

std::string Month::ToString() const {
  std::string text;
  AppendPadded(text, year(), 4);
  text += '-';
  AppendPadded(text, month(), 2);
  return text;
}

Date Date::FromYearMonthDay(int year, int month, int day) {
  const auto date = ParseNumber(year * 10'000 + month * 100 + day);
  JARING_CHECK(date.has_value());
  return *date;
}

Date Date::FromDays(std::int64_t days) {
  const std::chrono::year_month_day ymd{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
  return FromYearMonthDay(static_cast<int>(ymd.year()),
                          static_cast<int>(static_cast<unsigned>(ymd.month())),
                          static_cast<int>(static_cast<unsigned>(ymd.day())));
}

Result<Date> Date::Parse(std::string_view text) {
  const auto year = Digits(text, 0, 4);
  const auto month = Digits(text, 5, 2);
  const auto day = Digits(text, 8, 2);
  if (text.size() != 10 || !year || !month || !day || text[4] != '-' || text[7] != '-') {
    return Invalid("date.malformed");
  }
  return ParseNumber(*year * 10'000 + *month * 100 + *day);
}

Result<Date> Date::ParseNumber(std::int64_t yyyymmdd) {
  if (yyyymmdd < 1900'01'01 || yyyymmdd > 2999'12'31) {
    return Invalid("date.malformed");
  }
  const auto number = static_cast<std::int32_t>(yyyymmdd);
  const std::chrono::year_month_day ymd{
      std::chrono::year{number / 10'000},
      std::chrono::month{static_cast<unsigned>(number / 100 % 100)},
      std::chrono::day{static_cast<unsigned>(number % 100)}};
  if (!ymd.ok()) {
    return Invalid("date.impossible");
  }
  return Date(number);
}

std::int64_t Date::days() const {
  const std::chrono::year_month_day ymd{std::chrono::year{year()},
                                        std::chrono::month{static_cast<unsigned>(month_of_year())},
                                        std::chrono::day{static_cast<unsigned>(day())}};
  return std::chrono::sys_days{ymd}.time_since_epoch().count();
}

std::string Date::ToString() const {
  std::string text = month().ToString();
  text += '-';
  AppendPadded(text, day(), 2);
  return text;
}

Date FirstDay(Month month) {
  return Date::FromYearMonthDay(month.year(), month.month(), 1);
}

Date LastDay(Month month) {
  return DayOf(month, 31);
}

Date DayOf(Month month, int day) {
  JARING_CHECK(day >= 1 && day <= 31);
  const std::chrono::year_month_day_last last{
      std::chrono::year{month.year()},
      std::chrono::month_day_last{std::chrono::month{static_cast<unsigned>(month.month())}}};
  const int last_day = static_cast<int>(static_cast<unsigned>(last.day()));
  return Date::FromYearMonthDay(month.year(), month.month(), day < last_day ? day : last_day);
}

int AgeOn(Date birth, Date on) {
  const std::int64_t birthday = birth.number() % 10'000;
  return on.year() - birth.year() - (on.number() % 10'000 < birthday ? 1 : 0);
}

Instant Instant::StartOfDay(Date date) {
  return Instant(date.days() * kMicrosPerDay - kJakartaOffset);
}

Result<Instant> Instant::Parse(std::string_view text) {
  if (text.size() < 17 || (text[10] != 'T' && text[10] != 't')) {
    return Invalid("instant.malformed");
  }
  const auto date = Date::Parse(text.substr(0, 10));
  text.remove_prefix(11);
  const auto time = TakeTime(text);
  const auto zone = time ? WholeZone(text) : std::nullopt;
  if (!date || !zone) {
    return Invalid("instant.malformed");
  }
  return WithinCalendar(date->days() * kMicrosPerDay + *time - *zone);
}

Result<Instant> Instant::ParseLocal(std::string_view text) {
  const auto date = Date::Parse(text.substr(0, 10));
  if (!date) {
    return Invalid("instant.malformed");
  }
  if (text.size() == 10) {
    return WithinCalendar(StartOfDay(*date).micros());
  }
  if (text[10] == 'T' || text[10] == 't' || text[10] == ' ') {
    std::string_view rest = text.substr(11);
    const auto time = TakeTime(rest);
    if (time && rest.empty()) {
      return WithinCalendar(StartOfDay(*date).micros() + *time);
    }
    const auto zone = time ? WholeZone(rest) : std::nullopt;
    if (zone) {
      return WithinCalendar(date->days() * kMicrosPerDay + *time - *zone);
    }
  }
  return Invalid("instant.malformed");
}

Date Instant::JakartaDate() const {
  return Date::FromDays(FloorDivide(micros_ + kJakartaOffset, kMicrosPerDay));
}

std::string Instant::ToString() const {
  const std::int64_t days = FloorDivide(micros_, kMicrosPerDay);
  const std::int64_t of_day = micros_ - days * kMicrosPerDay;
  const std::int64_t seconds = of_day / kMicrosPerSecond;
  std::string text = Date::FromDays(days).ToString();
  char before = 'T';
  for (const std::int64_t part : {seconds / 3'600, seconds / 60 % 60, seconds % 60}) {
    text += before;
    AppendPadded(text, part, 2);
    before = ':';
  }
  if (const std::int64_t micros = of_day % kMicrosPerSecond; micros != 0) {
    text += '.';
    AppendPadded(text, micros, 6);
  }
  text += 'Z';
  return text;
}

}  // namespace jaring
