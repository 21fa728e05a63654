#pragma once

// Months, days and moments as the scheme means them. Only app/ reads a clock; everybody else is
// handed an Instant.

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// A calendar month; no day, no zone. Text form "YYYY-MM".
///
/// Limit: 1900-01 to 2999-12.
class Month {
 public:
  static constexpr Month FromYearMonth(int year, int month) {
    JARING_CHECK(year >= 1900 && year <= 2999 && month >= 1 && month <= 12);
    return Month(year * 12 + month - 1);
  }

  /// Errors: month.malformed.
  static Result<Month> Parse(std::string_view text);

  /// From the form months are stored in: 202603.
  ///
  /// Errors: month.malformed.
  static Result<Month> ParseNumber(std::int64_t yyyymm);

  constexpr int year() const { return index_ / 12; }
  constexpr int month() const { return index_ % 12 + 1; }
  constexpr std::int64_t number() const { return year() * 100 + month(); }
  std::string ToString() const;

  friend constexpr auto operator<=>(const Month&, const Month&) = default;
  friend constexpr Month operator+(Month a, int months) {
    return FromYearMonth((a.index_ + months) / 12, (a.index_ + months) % 12 + 1);
  }
  friend constexpr Month operator-(Month a, int months) { return a + -months; }
  /// How many months `a` is after `b`.
  friend constexpr int operator-(Month a, Month b) { return a.index_ - b.index_; }

 private:
  explicit constexpr Month(int index) : index_(index) {}
  int index_;  // Months since year 0.
};

/// A calendar day; no zone. Text form "YYYY-MM-DD".
///
/// Limit: 1900-01-01 to 2999-12-31.
class Date {
 public:
  /// For dates our own code builds; an impossible date is a bug.
  static Date FromYearMonthDay(int year, int month, int day);
  /// Days since 1970-01-01.
  static Date FromDays(std::int64_t days);

  /// Errors: date.malformed, date.impossible.
  static Result<Date> Parse(std::string_view text);

  /// From the form dates are stored in: 20260315.
  ///
  /// Errors: date.malformed, date.impossible.
  static Result<Date> ParseNumber(std::int64_t yyyymmdd);

  int year() const { return static_cast<int>(number_ / 10'000); }
  int month_of_year() const { return static_cast<int>(number_ / 100 % 100); }
  int day() const { return static_cast<int>(number_ % 100); }
  Month month() const { return Month::FromYearMonth(year(), month_of_year()); }
  std::int64_t number() const { return number_; }
  std::int64_t days() const;
  Date AddDays(std::int64_t days) const { return FromDays(this->days() + days); }
  std::string ToString() const;

  friend constexpr auto operator<=>(const Date&, const Date&) = default;

 private:
  explicit constexpr Date(std::int32_t number) : number_(number) {}
  std::int32_t number_;  // yyyymmdd: orders as dates do and reads well in the database.
};

Date FirstDay(Month month);
Date LastDay(Month month);

/// Day `day` of the month, or its last day when the month is shorter.
Date DayOf(Month month, int day);

/// Whole years from `birth` to `on`, counted on the birthday; 29 February counts on 1 March.
int AgeOn(Date birth, Date on);

/// A moment, UTC. Text form RFC 3339, "2026-03-15T05:00:00Z"; fractions to the microsecond.
///
/// Limit: what is parsed lies within 1900-01-02 and 2999-12-30, so that it has a date in every
/// zone.
class Instant {
 public:
  static constexpr Instant FromMicros(std::int64_t micros) { return Instant(micros); }

  /// The start of the day in Asia/Jakarta (UTC+7, no summer time), the scheme's own zone.
  static Instant StartOfDay(Date date);

  /// RFC 3339 with zone. Seconds 60 are refused.
  ///
  /// Errors: instant.malformed.
  static Result<Instant> Parse(std::string_view text);

  /// RFC 3339 with zone, or a local "YYYY-MM-DD HH:MM[:SS]" or a plain date taken as Asia/Jakarta:
  /// what partners' files really hold.
  ///
  /// Errors: instant.malformed.
  static Result<Instant> ParseLocal(std::string_view text);

  constexpr std::int64_t micros() const { return micros_; }
  /// The day in Asia/Jakarta.
  Date JakartaDate() const;
  std::string ToString() const;

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;

 private:
  explicit constexpr Instant(std::int64_t micros) : micros_(micros) {}
  std::int64_t micros_;
};

}  // namespace jaring
