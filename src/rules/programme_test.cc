#include "rules/programme.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

constexpr ProgrammeSet kBasic = ProgrammeSet().With(Programme::kJkk).With(Programme::kJkm);

TEST(ParseProgrammes, ReadsAnyCaseAndAnySeparator) {
  for (const char* text : {"JKK,JKM", "jkm+jkk", " Jkk ; JKM ", "JKK JKM JKK,"}) {
    const auto programmes = ParseProgrammes(text);
    ASSERT_TRUE(programmes.has_value()) << text;
    EXPECT_EQ(*programmes, kBasic) << text;
  }
}

TEST(ParseProgrammes, RefusesUnknownAndEmpty) {
  EXPECT_EQ(ParseProgrammes("JKK,JP").error().rule, "programmes.unknown");
  EXPECT_EQ(ParseProgrammes("JKKJKM").error().rule, "programmes.unknown");
  EXPECT_EQ(ParseProgrammes("").error().rule, "programmes.empty");
  EXPECT_EQ(ParseProgrammes(" ,; ").error().rule, "programmes.empty");
}

TEST(ProgrammesText, IsReadBackForEverySet) {
  EXPECT_EQ(ProgrammesText(kBasic.With(Programme::kJht)), "JKK,JKM,JHT");
  for (std::int64_t bits = 1; bits < 8; ++bits) {
    const auto programmes = ProgrammeSet::FromBits(bits);
    EXPECT_EQ(*ParseProgrammes(ProgrammesText(programmes)), programmes);
  }
}

TEST(ProgrammeSet, StoresTheBitsThatTheDatabaseHolds) {
  EXPECT_EQ(ProgrammeSet().With(Programme::kJkk).bits(), 1);
  EXPECT_EQ(ProgrammeSet().With(Programme::kJkm).bits(), 2);
  EXPECT_EQ(ProgrammeSet().With(Programme::kJht).bits(), 4);
}

}  // namespace
}  // namespace jaring
