#include "channels/cli/scheme_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/source_dir.h"
#include "channels/cli/column_table.h"
#include "channels/json/scheme_words.h"

namespace jaring {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const fs::path kFolder = fs::path(SourceDir()) / "schemes" / "id-bpu";

std::string Shown(std::optional<Date> on) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(SchemeShow(kFolder, on, out, err), 0) << err.str();
  return out.str();
}

TEST(SchemeCheck, IsContentWithTheShippedFolder) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(SchemeCheck(kFolder, out, err), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("id-bpu: no problems. 33 brackets, 3 reliefs"));
}

TEST(SchemeCheck, ListsProblemsAndFails) {
  std::string name = (fs::temp_directory_path() / "jaring-show-XXXXXX").string();
  const fs::path folder = mkdtemp(name.data());
  fs::copy(kFolder, folder, fs::copy_options::recursive);
  std::ofstream(folder / "extra.toml") << "[what]\n";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(SchemeCheck(folder, out, err), 1);
  EXPECT_EQ(out.str(), "");
  EXPECT_THAT(err.str(), HasSubstr("extra.toml:1: the key \"what\" is not known here\n1 problem"));
  EXPECT_EQ(SchemeShow(folder, std::nullopt, out, err), 1);
  EXPECT_EQ(out.str(), "");
  fs::remove_all(folder);
}

TEST(SchemeShow, ShowsWhatHoldsOnTheDay) {
  const std::string today = Shown(Date::FromYearMonthDay(2026, 5, 1));
  EXPECT_THAT(today, ContainsRegex("pp50-2025-transport +50 %"));
  EXPECT_THAT(today, Not(ContainsRegex("pp49-2020 +1 %")));
  EXPECT_THAT(today, HasSubstr("Rp20.000.000"));
  EXPECT_THAT(today, Not(HasSubstr("Rp16.200.000")));
  const std::string before = Shown(Date::FromYearMonthDay(2018, 5, 1));
  EXPECT_THAT(before, Not(ContainsRegex("pp50-2025-transport +50 %")));
  EXPECT_THAT(before, HasSubstr("Rp16.200.000"));
  EXPECT_THAT(before, Not(HasSubstr("174.000.000")));
}

TEST(SchemeShow, ShowsAllDatesWhenNoneIsAsked) {
  const std::string all = Shown(std::nullopt);
  EXPECT_THAT(all, ContainsRegex("pp49-2020 +1 %"));
  EXPECT_THAT(all, HasSubstr("Rp16.200.000"));
  EXPECT_THAT(all, HasSubstr("Rp20.000.000"));
}

TEST(SchemeShow, FitsAHundredColumns) {
  for (const auto on : {std::optional<Date>(), std::optional(Date::FromYearMonthDay(2026, 5, 1))}) {
    std::istringstream lines(Shown(on));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(DisplayWidth(line), ColumnTable::kScreen) << line;
    }
  }
}

TEST(WrapText, BreaksAtSpacesAndLongWordsAnywhere) {
  EXPECT_THAT(WrapText("", 5), IsEmpty());
  EXPECT_THAT(WrapText("satu dua", 8), ElementsAre("satu dua"));
  EXPECT_THAT(WrapText("satu dua tiga", 8), ElementsAre("satu dua", "tiga"));
  EXPECT_THAT(WrapText("abcdefghij k", 4), ElementsAre("abcd", "efgh", "ij k"));
  EXPECT_THAT(WrapText("≤≤≤≤", 2), ElementsAre("≤≤", "≤≤"));
  EXPECT_THAT(WrapText("  indented text", 11), ElementsAre("  indented", "text"));
}

TEST(PercentText, WritesDecimalsAsIndonesiansDo) {
  EXPECT_EQ(PercentText(Rate::FromPpm(500'000)), "50 %");
  EXPECT_EQ(PercentText(Rate::FromPpm(71'900)), "7,19 %");
  EXPECT_EQ(PercentText(Rate::FromPpm(10'000)), "1 %");
  EXPECT_EQ(PercentText(Rate::FromPpm(500)), "0,05 %");
  EXPECT_EQ(PercentText(Rate::FromPpm(0)), "0 %");
}

}  // namespace
}  // namespace jaring
