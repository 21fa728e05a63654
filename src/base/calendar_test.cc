#include "base/calendar.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

Date Day(std::string_view text) {
  return *Date::Parse(text);
}

TEST(Month, CountsAcrossYears) {
  const Month november = Month::FromYearMonth(2025, 11);
  EXPECT_EQ((november + 2).ToString(), "2026-01");
  EXPECT_EQ((november - 11).ToString(), "2024-12");
  EXPECT_EQ((november + 14) - november, 14);
  EXPECT_EQ(november.number(), 202511);
}

TEST(Month, ReadsOnlyItsOwnForm) {
  EXPECT_EQ(Month::Parse("2026-03")->number(), 202603);
  for (const char* text : {"", "2026-3", "2026-13", "2026-00", "2026/03", "2026-03 ", "202603",
                           "1899-12", "3000-01", "2026-03-01", "-026-03"}) {
    EXPECT_FALSE(Month::Parse(text).has_value()) << text;
  }
}

TEST(Date, KnowsTheCalendar) {
  EXPECT_EQ(Day("2024-02-29").AddDays(1).ToString(), "2024-03-01");
  EXPECT_EQ(Date::Parse("2026-02-29").error().rule, "date.impossible");
  EXPECT_EQ(Date::Parse("1900-02-29").error().rule, "date.impossible");
  EXPECT_EQ(Date::Parse("2026-04-31").error().rule, "date.impossible");
  EXPECT_EQ(Date::Parse("2026-4-01").error().rule, "date.malformed");
  EXPECT_EQ(Date::Parse("01-04-2026").error().rule, "date.malformed");
  EXPECT_EQ(Date::Parse("1899-12-31").error().rule, "date.malformed");
  EXPECT_EQ(Day("1970-01-01").days(), 0);
  EXPECT_EQ(Date::FromDays(-1).ToString(), "1969-12-31");
  for (std::int64_t days = -20'000; days < 300'000; days += 97) {
    ASSERT_EQ(Date::FromDays(days).days(), days);
  }
}

TEST(Date, FindsDaysOfMonths) {
  const Month february = Month::FromYearMonth(2026, 2);
  EXPECT_EQ(FirstDay(february).ToString(), "2026-02-01");
  EXPECT_EQ(LastDay(february).ToString(), "2026-02-28");
  EXPECT_EQ(LastDay(Month::FromYearMonth(2028, 2)).ToString(), "2028-02-29");
  EXPECT_EQ(DayOf(february, 15).ToString(), "2026-02-15");
  EXPECT_EQ(DayOf(february, 30).ToString(), "2026-02-28");
}

TEST(AgeOn, CountsOnTheBirthday) {
  EXPECT_EQ(AgeOn(Day("1961-03-02"), Day("2026-03-01")), 64);
  EXPECT_EQ(AgeOn(Day("1961-03-02"), Day("2026-03-02")), 65);
  EXPECT_EQ(AgeOn(Day("2000-02-29"), Day("2026-02-28")), 25);
  EXPECT_EQ(AgeOn(Day("2000-02-29"), Day("2026-03-01")), 26);
}

TEST(Instant, ReadsZonesAndFractions) {
  const Instant five = *Instant::Parse("2026-03-15T05:00:00Z");
  EXPECT_EQ(*Instant::Parse("2026-03-15T12:00:00+07:00"), five);
  EXPECT_EQ(*Instant::Parse("2026-03-15T02:00:00-03:00"), five);
  EXPECT_EQ(Instant::Parse("2026-03-15T05:00:00.000001Z")->micros(), five.micros() + 1);
  EXPECT_EQ(Instant::Parse("2026-03-15T05:00:00.5Z")->ToString(), "2026-03-15T05:00:00.500000Z");
  EXPECT_EQ(Instant::Parse("2026-03-15T05:00:00.1234567899Z")->micros(), five.micros() + 123'456);
  for (const char* text :
       {"", "2026-03-15", "2026-03-15T05:00:00", "2026-03-15T24:00:00Z", "2026-03-15T05:60:00Z",
        "2026-03-15T05:00:60Z", "2026-02-30T05:00:00Z", "2026-03-15T05:00:00.Z",
        "2026-03-15T05:00:00+0700", "2026-03-15T05:00:00Z ", "2026-03-15T05:00:00+24:00"}) {
    EXPECT_FALSE(Instant::Parse(text).has_value()) << text;
  }
}

TEST(Instant, TakesLocalTimesAsJakarta) {
  const Instant midnight = Instant::StartOfDay(Day("2026-03-15"));
  EXPECT_EQ(midnight.ToString(), "2026-03-14T17:00:00Z");
  EXPECT_EQ(*Instant::ParseLocal("2026-03-15"), midnight);
  EXPECT_EQ(*Instant::ParseLocal("2026-03-15 00:00"), midnight);
  EXPECT_EQ(*Instant::ParseLocal("2026-03-15T00:00:00"), midnight);
  EXPECT_EQ(*Instant::ParseLocal("2026-03-14T17:00:00Z"), midnight);
  EXPECT_FALSE(Instant::ParseLocal("2026-03-15 9:30").has_value());
  EXPECT_FALSE(Instant::ParseLocal("15/03/2026").has_value());
}

TEST(Instant, HasTheDayOfJakarta) {
  EXPECT_EQ(Instant::Parse("2026-03-14T16:59:59Z")->JakartaDate().ToString(), "2026-03-14");
  EXPECT_EQ(Instant::Parse("2026-03-14T17:00:00Z")->JakartaDate().ToString(), "2026-03-15");
  EXPECT_EQ(Instant::FromMicros(-1).JakartaDate().ToString(), "1970-01-01");
}

// Every moment from outside must have a date: else one field of a request would stop the program.
TEST(Instant, RefusesMomentsAtTheEndsOfTheCalendar) {
  for (const char* text :
       {"1900-01-01T00:00:00+23:59", "1900-01-01T00:00:00Z", "2999-12-31T23:59:59-23:59",
        "2999-12-31T23:59:59Z", "2999-12-31T17:00:00Z"}) {
    EXPECT_EQ(Instant::Parse(text).error().rule, "instant.malformed") << text;
    EXPECT_EQ(Instant::ParseLocal(text).error().rule, "instant.malformed") << text;
  }
  EXPECT_FALSE(Instant::ParseLocal("1900-01-01").has_value());
  EXPECT_EQ(Instant::Parse("1900-01-02T00:00:00Z")->JakartaDate().ToString(), "1900-01-02");
  EXPECT_EQ(Instant::Parse("2999-12-30T23:59:59Z")->ToString(), "2999-12-30T23:59:59Z");
  EXPECT_EQ(Instant::Parse("2999-12-30T23:59:59Z")->JakartaDate().ToString(), "2999-12-31");
}

}  // namespace
}  // namespace jaring
