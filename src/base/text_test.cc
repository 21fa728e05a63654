#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jaring {
namespace {

TEST(ParseInteger, TakesWholeNumbersOnly) {
  EXPECT_EQ(ParseInteger("0"), 0);
  EXPECT_EQ(ParseInteger("-17"), -17);
  EXPECT_EQ(ParseInteger("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "-", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "9223372036854775808"}) {
    EXPECT_EQ(ParseInteger(text), std::nullopt) << text;
  }
}

TEST(Trim, TakesSpaceFromBothEndsOnly) {
  EXPECT_EQ(Trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(Split("a,,b,", ','), testing::ElementsAre("a", "", "b", ""));
  EXPECT_THAT(Split("", ','), testing::ElementsAre(""));
}

TEST(ToLower, LeavesBytesAbove127Alone) {
  EXPECT_EQ(ToLower("AbÉ1"), "abÉ1");
  EXPECT_EQ(ToUpper("aBé1"), "ABé1");
}

TEST(IsAllDigits, WantsAtLeastOne) {
  EXPECT_TRUE(IsAllDigits("0123456789"));
  EXPECT_FALSE(IsAllDigits(""));
  EXPECT_FALSE(IsAllDigits("12 3"));
  EXPECT_FALSE(IsAllDigits("١٢"));
}

TEST(IsUtf8, RefusesWhatIsNotWellFormed) {
  for (const char* text :
       {"", "a", "é", "ﷺ", "😀", "\xC2\x80", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  const std::string_view wrong[] = {
      "\x80",              // A continuation alone.
      "\xC3",              // Cut off.
      "\xE2\x82",          // Cut off.
      "\xC0\xAF",          // Overlong '/'.
      "\xE0\x80\xAF",      // Overlong.
      "\xF0\x80\x80\xAF",  // Overlong.
      "\xED\xA0\x80",      // A surrogate.
      "\xF4\x90\x80\x80",  // Past U+10FFFF.
      "\xFF",
      "a\xFE",
      "Jos\xE9",
  };
  for (const std::string_view text : wrong) {
    EXPECT_FALSE(IsUtf8(text)) << testing::PrintToString(text);
  }
}

TEST(IsSlug, TakesCodesPeopleType) {
  EXPECT_TRUE(IsSlug("pasar-gede"));
  EXPECT_TRUE(IsSlug("a1"));
  EXPECT_TRUE(IsSlug(std::string(40, 'a')));
  EXPECT_TRUE(IsSlug("a"));
  EXPECT_TRUE(IsSlug("a_b.c"));
  for (const std::string& text : {std::string(41, 'a'), std::string(), std::string("Pasar"),
                                  std::string("-a"), std::string("a b"), std::string("é1")}) {
    EXPECT_FALSE(IsSlug(text)) << text;
  }
}

TEST(Hex, IsReadBack) {
  const std::string bytes("\0\x7f\xff a", 5);
  EXPECT_EQ(ToHex(bytes), "007fff2061");
  EXPECT_EQ(FromHex(ToHex(bytes)), bytes);
  EXPECT_EQ(FromHex(""), "");
  for (const char* bad : {"0", "0g", "FF", "00 "}) {
    EXPECT_EQ(FromHex(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace jaring
