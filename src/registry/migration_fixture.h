#pragma once

// For tests only: what was counted before there were counters of villages and sums is added up by
// migrations. Run again over an agency, they have to give what the program kept.

#include <filesystem>
#include <fstream>
#include <string>

#include "base/source_dir.h"
#include "db/database.h"

namespace jaring {

/// The statements of a migration, without remarks and marks.
inline std::string MigrationScript(const std::string& name) {
  std::ifstream file(std::filesystem::path(SourceDir()) / "migrations" / name);
  JARING_CHECK(file.is_open());
  std::string script;
  for (std::string line; std::getline(file, line);) {
    script += line.substr(0, line.find("--")) + "\n";
  }
  for (auto at = script.find("/*"); at != std::string::npos; at = script.find("/*")) {
    script.erase(at, script.find("*/") + 2 - at);
  }
  return script;
}

/// Forgets the sums and the villages' counters, and has the migrations make them again.
inline Result<Done> CountAgain(Tx& tx) {
  JARING_RETURN_IF_ERROR(
      tx.RunScript("DROP TABLE coverage_sum; DROP TABLE closing_sum; DROP TABLE village_counter;"
                   " DROP TABLE village_closing; ALTER TABLE membership DROP COLUMN village_code;"
                   " DELETE FROM coverage_counter WHERE month = 0"));
  JARING_RETURN_IF_ERROR(tx.RunScript(MigrationScript("0018_sum_counters.sql")));
  JARING_RETURN_IF_ERROR(tx.RunScript(MigrationScript("0019_count_villages.sql")));
  return tx.RunScript(MigrationScript("0020_sum_provinces.sql"));
}

}  // namespace jaring
