#include "db/migrate.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/text.h"
#include "db/migrate_sql.h"
#include "db/move_mark.h"

namespace jaring {
namespace {

struct MigrationFile {
  std::int64_t number;
  std::string name;
  std::filesystem::path path;
};

Result<std::vector<MigrationFile>> FindMigrations(const std::filesystem::path& folder) {
  std::vector<MigrationFile> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const std::string name = entry.path().stem().string();
    const auto number = ParseInteger(name.substr(0, 4));
    if (entry.path().extension() == ".sql" && number) {
      files.push_back({*number, name, entry.path()});
    }
  }
  if (failed || files.empty()) {
    return Internal("migration.folder_unreadable", folder.string());
  }
  std::sort(files.begin(), files.end(),
            [](const MigrationFile& a, const MigrationFile& b) { return a.number < b.number; });
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].number != static_cast<std::int64_t>(i) + 1) {
      return Internal("migration.gap", files[i].name);
    }
  }
  return files;
}

/// Applies what is missing of `files`.
Result<Done> Apply(Tx& tx, const std::vector<MigrationFile>& files) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kCreateSchemaMigration));
  JARING_ASSIGN_OR_RETURN(const std::int64_t version, SchemaVersion(tx));
  if (version > files.back().number) {
    return Conflict("migration.newer", std::to_string(version));
  }
  for (const MigrationFile& file : files) {
    if (file.number <= version) {
      continue;
    }
    std::ifstream in(file.path);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) {
      return Internal("migration.folder_unreadable", file.path.string());
    }
    JARING_RETURN_IF_ERROR(tx.RunScript(text.str()));
    JARING_RETURN_IF_ERROR(
        tx.Run(sql::kInsertSchemaMigration, {file.number, std::string_view(file.name)}));
  }
  return Done{};
}

}  // namespace

Result<std::int64_t> SchemaVersion(Tx& tx) {
  std::int64_t version = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kMaxSchemaMigration, {}, [&](const Row& row) { version = row.Int(0); }));
  return version;
}

Result<Done> CheckSchema(Tx& tx, const std::filesystem::path& folder) {
  JARING_RETURN_IF_ERROR(CheckIsNoUnfinishedCopy(tx));
  JARING_ASSIGN_OR_RETURN(const auto files, FindMigrations(folder));
  JARING_ASSIGN_OR_RETURN(const std::int64_t version, SchemaVersion(tx));
  if (version > files.back().number) {
    return Conflict("migration.newer", std::to_string(version));
  }
  return version < files.back().number
             ? Result<Done>(Conflict("agency.schema_outdated", std::to_string(version)))
             : Result<Done>(Done{});
}

Result<Done> Migrate(Tx& tx, const std::filesystem::path& folder) {
  JARING_ASSIGN_OR_RETURN(const auto files, FindMigrations(folder));
  return Apply(tx, files);
}

Result<Done> MigrateTo(Tx& tx, const std::filesystem::path& folder, std::int64_t last) {
  JARING_ASSIGN_OR_RETURN(auto files, FindMigrations(folder));
  if (last < 0 || last > files.back().number) {
    return Conflict("migration.newer", std::to_string(last));
  }
  files.resize(static_cast<std::size_t>(last));
  return files.empty() ? Result<Done>(Done{}) : Apply(tx, files);
}

}  // namespace jaring
