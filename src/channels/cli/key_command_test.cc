#include "channels/cli/key_command.h"
#include "base/source_dir.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace jaring {
namespace {

/// "table/column" of each column of the migrations whose name says that it is sealed.
std::set<std::string> SealedColumnsOfMigrations() {
  std::set<std::string> places;
  const std::regex table(R"(^\s*CREATE TABLE (\w+))");
  const std::regex added(R"(^\s*ALTER TABLE (\w+) ADD COLUMN (\w+_sealed)\b)");
  const std::regex renamed(R"(^\s*ALTER TABLE (\w+) RENAME TO (\w+);)");
  std::map<std::string, std::string> new_names;
  const std::regex column(R"(^\s*(\w+_sealed)\s+\w+)");
  for (const auto& entry : std::filesystem::directory_iterator(SourceDir() + "/migrations")) {
    std::ifstream in(entry.path());
    std::string current;
    for (std::string line; std::getline(in, line);) {
      std::smatch found;
      if (std::regex_search(line, found, table)) {
        current = found[1];
      } else if (std::regex_search(line, found, renamed)) {
        new_names[found[1]] = found[2];
      } else if (std::regex_search(line, found, added)) {
        places.insert(found[1].str() + "/" + found[2].str());
      } else if (std::regex_search(line, found, column)) {
        places.insert(current + "/" + found[1].str());
      }
    }
  }
  std::set<std::string> now;
  for (const std::string& place : places) {
    const std::size_t slash = place.find('/');
    const auto renamed_to = new_names.find(place.substr(0, slash));
    now.insert(renamed_to == new_names.end() ? place : renamed_to->second + place.substr(slash));
  }
  return now;
}

TEST(AllSealedColumns, AreThoseOfTheMigrations) {
  std::set<std::string> known;
  for (const SealedColumn& column : AllSealedColumns()) {
    EXPECT_TRUE(known.emplace(column.place).second) << column.place << " twice";
  }
  const std::set<std::string> expected = SealedColumnsOfMigrations();
  EXPECT_TRUE(expected.contains("person/nik_sealed"));
  EXPECT_EQ(known, expected) << "a sealed column that rotation does not know keeps its old key; "
                                "add it to its room's list and to AllSealedColumns";
}

}  // namespace
}  // namespace jaring
