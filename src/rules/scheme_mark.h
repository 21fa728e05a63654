#pragma once

// What every row of the scheme carries: where it comes from, how sure we are, and when it holds.

#include <cstdint>
#include <optional>
#include <string>

#include "base/calendar.h"

namespace jaring {

/// How sure we are of a row. V: read in the regulation. S2+: two or more independent sources agree.
/// S: one secondary source. M: from memory, not verified.
enum class Confidence : std::uint8_t { kVerified, kSeveralSources, kOneSource, kMemory };

/// "V", "S2+", "S", "M".
constexpr const char* ConfidenceCode(Confidence confidence) {
  constexpr const char* kCodes[] = {"V", "S2+", "S", "M"};
  return kCodes[static_cast<std::size_t>(confidence)];
}

/// Where a row comes from; every row of the scheme carries one.
struct Mark {
  std::string source;  // Ids of sources.toml with article, "pp49-2023:5(3)"; several with ", ".
  Confidence confidence = Confidence::kMemory;
};

/// The months a row holds for, both ends included; open when `last` is absent.
struct MonthSpan {
  Month first = Month::FromYearMonth(1900, 1);
  std::optional<Month> last;

  bool Has(Month month) const { return month >= first && (!last || month <= *last); }
};

/// The days a row holds for, both ends included; open when `last` is absent. Benefits go by the day
/// of the accident or death, not by month.
struct DateSpan {
  Date first = Date::FromYearMonthDay(1900, 1, 1);
  std::optional<Date> last;

  bool Has(Date date) const { return date >= first && (!last || date <= *last); }
};

}  // namespace jaring
