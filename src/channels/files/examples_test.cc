#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/source_dir.h"
#include "channels/files/column_map.h"
#include "channels/files/field_parse.h"
#include "channels/files/table_reader.h"

namespace jaring {
namespace {

/// The first thing wrong with a row, in the order of its fields; empty when nothing is.
std::string FirstProblem(const TableRow& row, const ColumnMap& columns) {
  if (!row.problem.empty()) {
    return std::string(row.problem);
  }
  const auto get = [&](EnrolColumn column) { return columns.Get(row, column); };
  std::string problem;
  const auto note = [&](const auto& result) {
    if (!result && problem.empty()) {
      problem = result.error().rule;
    }
  };
  note(ParseNikField(get(EnrolColumn::kNik), /*allow_fake=*/true));
  note(ParseNameField(get(EnrolColumn::kName)));
  note(ParseDateField(get(EnrolColumn::kBirthDate)));
  note(ParseSexField(get(EnrolColumn::kSex)));
  note(ParseVillageField(get(EnrolColumn::kVillageCode)));
  note(ParsePhoneField(get(EnrolColumn::kPhone)));
  note(ParseIncomeField(get(EnrolColumn::kIncome)));
  note(ParseLanguageField(get(EnrolColumn::kLanguage)));
  return problem;
}

struct Outcome {
  int good = 0;
  std::map<std::string, int> problems;
  std::set<std::string> niks;  // Of the good rows.
};

Outcome ReadExample(const std::string& name) {
  const auto reader = TableReader::Open(SourceDir() + "/examples/" + name);
  EXPECT_TRUE(reader) << name;
  const auto columns = ColumnMap::Match((*reader)->header(), EnrolColumns());
  EXPECT_TRUE(columns);
  EXPECT_EQ(columns->unknown(), std::vector<std::string>{"Catatan"});
  Outcome outcome;
  TableRow row;
  while (*(*reader)->Next(row)) {
    const std::string problem = FirstProblem(row, *columns);
    if (problem.empty()) {
      ++outcome.good;
      outcome.niks.insert(ParseNikField(columns->Get(row, EnrolColumn::kNik), true)->Reveal());
    } else {
      ++outcome.problems[problem];
    }
  }
  return outcome;
}

TEST(Examples, TheListsHoldTheMistakesThatTheirReadmeNames) {
  const Outcome csv = ReadExample("association-list.csv");
  const Outcome xlsx = ReadExample("association-list.xlsx");
  // 40 good ones, and six whose mistake only the scheme or the registry can see.
  EXPECT_EQ(csv.good, 46);
  EXPECT_EQ(xlsx.good, 46);
  EXPECT_GE(csv.niks.size(), 40U);
  EXPECT_EQ(csv.niks, xlsx.niks);
  std::map<std::string, int> expected = {
      {"nik.not_sixteen_digits", 2}, {"nik.unknown_province", 1}, {"nik.impossible_date", 1},
      {"nik.lost_digits", 1},        {"nik.missing", 1},          {"date.impossible", 2},
      {"date.two_digit_year", 1},    {"date.malformed", 1},       {"sex.unknown", 1},
      {"village_code.malformed", 1}, {"phone.malformed", 1},      {"income.ambiguous", 1},
      {"income.malformed", 1},       {"income.not_positive", 1},  {"name.not_a_name", 1},
      {"name.missing", 1},           {"language.unknown", 1},
  };
  EXPECT_EQ(xlsx.problems, expected);
  expected["csv.unclosed_quote"] = 1;
  expected["csv.too_many_columns"] = 1;
  EXPECT_EQ(csv.problems, expected);
}

}  // namespace
}  // namespace jaring
