#include "db/copy_database.h"

#include <fstream>
#include <optional>

#include "db/copy_sql.h"
#include "db/migrate.h"
#include "db/move_mark.h"
#include "db/postgres/postgres_connection.h"
#include "db/sqlite/sqlite_connection.h"
#include "db/table_copy.h"

namespace jaring {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";

/// A new file is thrown away when anything fails, so nothing needs to wait for the disk on the way.
constexpr std::string_view kFillQuickly =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;";

/// Into tables that migrations have made.
///
/// Errors: db.copy_differs, and those of Tx.
Result<Done> FillAndCompare(TableCopy& copy, Tx& from, Tx& to) {
  JARING_RETURN_IF_ERROR(copy.Empty(to));
  JARING_RETURN_IF_ERROR(copy.Fill(from, to));
  for (const TableShape& shape : copy.shapes()) {
    JARING_ASSIGN_OR_RETURN(const TableSum sent, copy.Sum(shape, from));
    JARING_ASSIGN_OR_RETURN(const TableSum arrived, copy.Sum(shape, to));
    if (sent != arrived) {
      return Internal("db.copy_differs", shape.name);
    }
  }
  return Done{};
}

/// A copy is not what is being moved.
Result<Done> DropMarks(const std::filesystem::path& file) {
  JARING_ASSIGN_OR_RETURN(const auto copy,
                          SqliteConnection::Open(file.string(), SqliteMode::kWriter));
  JARING_ASSIGN_OR_RETURN(const bool is_marked, copy->HasTable(kMoveTable));
  if (is_marked) {
    JARING_RETURN_IF_ERROR(copy->RunScript(sql::kDropMove));
  }
  return copy->RunScript("PRAGMA journal_mode = DELETE;");
}

/// Every row of a server's database, in one snapshot, into a new SQLite file.
Result<Done> CopyRowsToFile(const std::string& address, const std::filesystem::path& file,
                            const std::filesystem::path& migrations) {
  std::int64_t version = 0;
  std::optional<TableCopy> copy;  // Before the connections: it must outlive them.
  JARING_ASSIGN_OR_RETURN(const auto from, PostgresConnection::Open(address));
  JARING_RETURN_IF_ERROR(from->RunScript("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  JARING_RETURN_IF_ERROR(CheckIsNoUnfinishedCopy(*from));
  JARING_ASSIGN_OR_RETURN(version, SchemaVersion(*from));
  JARING_ASSIGN_OR_RETURN(auto shapes, ShapesAt(migrations, version));
  copy.emplace(std::move(shapes));
  JARING_ASSIGN_OR_RETURN(const auto to,
                          SqliteConnection::Open(file.string(), SqliteMode::kCreator));
  JARING_RETURN_IF_ERROR(to->RunScript(kFillQuickly));
  JARING_RETURN_IF_ERROR(to->RunScript("BEGIN"));
  JARING_RETURN_IF_ERROR(TableCopy::PrepareWalk(*from, Database::Engine::kPostgres));
  JARING_RETURN_IF_ERROR(MigrateTo(*to, migrations, version));
  JARING_RETURN_IF_ERROR(FillAndCompare(*copy, *from, *to));
  JARING_RETURN_IF_ERROR(to->RunScript("COMMIT"));
  return from->RunScript("COMMIT");
}

}  // namespace

Result<std::vector<TableShape>> ShapesAt(const std::filesystem::path& migrations,
                                         std::int64_t version) {
  JARING_ASSIGN_OR_RETURN(const auto memory,
                          SqliteConnection::Open(":memory:", SqliteMode::kCreator));
  JARING_RETURN_IF_ERROR(MigrateTo(*memory, migrations, version));
  return ReadShapes(*memory);
}

Result<bool> IsEmpty(Tx& tx, Database::Engine engine) {
  std::int64_t tables = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(engine == Database::Engine::kSqlite ? sql::kSqliteTables : sql::kPostgresTables, {},
               [&](const Row& row) { tables = row.Int(0); }));
  return tables == 0;
}

Result<Done> CopyToFile(const std::string& address, const std::filesystem::path& file,
                        const std::filesystem::path& migrations) {
  if (!address.starts_with(kSqlitePrefix)) {
    return CopyRowsToFile(address, file, migrations);
  }
  const std::string source = address.substr(kSqlitePrefix.size());
  std::error_code ignored;
  if (!std::filesystem::exists(source, ignored)) {
    return NotFound("db.missing", source);
  }
  JARING_ASSIGN_OR_RETURN(const auto from, SqliteConnection::Open(source, SqliteMode::kReader));
  JARING_RETURN_IF_ERROR(CheckIsNoUnfinishedCopy(*from));
  JARING_RETURN_IF_ERROR(from->CopyTo(file.string()));
  return DropMarks(file);
}

Result<Done> FillServer(const std::string& address, const std::filesystem::path& file,
                        const std::filesystem::path& migrations,
                        const std::function<Result<Done>(Tx&)>& check) {
  std::optional<TableCopy> copy;  // Before the connections: it must outlive them.
  JARING_ASSIGN_OR_RETURN(const auto from,
                          SqliteConnection::Open(file.string(), SqliteMode::kReader));
  JARING_ASSIGN_OR_RETURN(auto shapes, ReadShapes(*from));
  JARING_ASSIGN_OR_RETURN(const std::int64_t version, SchemaVersion(*from));
  copy.emplace(std::move(shapes));
  JARING_ASSIGN_OR_RETURN(const auto to, PostgresConnection::Open(address));
  // Two restores into one database wait for each other: the lock is that of every writer.
  JARING_RETURN_IF_ERROR(to->RunScript("BEGIN; SELECT pg_advisory_xact_lock(4242001)"));
  JARING_ASSIGN_OR_RETURN(const bool is_empty, IsEmpty(*to, Database::Engine::kPostgres));
  if (!is_empty) {
    return Conflict("restore.target_not_empty");
  }
  JARING_RETURN_IF_ERROR(TableCopy::PrepareWalk(*to, Database::Engine::kPostgres));
  JARING_RETURN_IF_ERROR(MigrateTo(*to, migrations, version));
  JARING_RETURN_IF_ERROR(FillAndCompare(*copy, *from, *to));
  JARING_RETURN_IF_ERROR(to->RunScript(sql::kPostgresWalkEnd));
  JARING_RETURN_IF_ERROR(Migrate(*to, migrations));
  JARING_RETURN_IF_ERROR(to->RunScript("ANALYZE"));
  JARING_RETURN_IF_ERROR(check(*to));
  return to->RunScript("COMMIT");
}

Result<std::vector<TableRows>> CountRows(const std::filesystem::path& file) {
  std::optional<TableCopy> copy;  // Before the connection: it must outlive it.
  JARING_ASSIGN_OR_RETURN(const auto of,
                          SqliteConnection::Open(file.string(), SqliteMode::kReader));
  JARING_ASSIGN_OR_RETURN(auto shapes, ReadShapes(*of));
  copy.emplace(std::move(shapes));
  return copy->Count(*of);
}

namespace {

/// Reads a file once from its beginning to its end, so that what is then asked of it here and there
/// comes from memory, as far as that holds it: a disk reads on much faster than here and there.
void ReadOnce(const std::filesystem::path& file) {
  std::ifstream from(file, std::ios::binary);
  std::vector<char> piece(std::size_t{1} << 20);
  while (from.read(piece.data(), static_cast<std::streamsize>(piece.size()))) {
  }
}

}  // namespace

Result<Done> CheckPages(const std::filesystem::path& file) {
  ReadOnce(file);
  JARING_ASSIGN_OR_RETURN(const auto of,
                          SqliteConnection::Open(file.string(), SqliteMode::kReader));
  std::string found;
  std::int64_t lost = 0;
  JARING_RETURN_IF_ERROR(
      of->Query(sql::kSqlitePages, {}, [&](const Row& row) { found = row.Text(0); }));
  JARING_RETURN_IF_ERROR(of->Query(sql::kSqliteLostReferences, {}, [&](const Row&) { ++lost; }));
  if (found != "ok") {
    return Internal("db.corrupt", found);
  }
  return lost == 0 ? Result<Done>(Done{})
                   : Internal("db.corrupt", std::to_string(lost) + " references lead nowhere");
}

Result<Done> MakeStandAlone(const std::filesystem::path& file) {
  JARING_ASSIGN_OR_RETURN(const auto of,
                          SqliteConnection::Open(file.string(), SqliteMode::kWriter));
  return of->RunScript("PRAGMA journal_mode = DELETE;");
}

}  // namespace jaring
