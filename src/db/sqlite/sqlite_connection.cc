#include "db/sqlite/sqlite_connection.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "db/copy_sql.h"

namespace jaring {
namespace {

constexpr std::string_view kDataVersion = "PRAGMA data_version";

/// Rows of one cursor.
class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* handle) : handle_(handle) {}
  bool IsNull(int column) const override {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
  }
  std::int64_t Int(int column) const override { return sqlite3_column_int64(handle_, column); }
  std::string_view Text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    return {text == nullptr ? "" : text, Size(column)};
  }
  std::string_view Blob(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_, column));
    return {bytes == nullptr ? "" : bytes, Size(column)};
  }

 private:
  std::size_t Size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
  }
  sqlite3_stmt* handle_;
};

/// Leaves a statement ready for its next use, whatever happened.
class Resetting {
 public:
  explicit Resetting(sqlite3_stmt* handle) : handle_(handle) {}
  Resetting(const Resetting&) = delete;
  Resetting& operator=(const Resetting&) = delete;
  ~Resetting() { sqlite3_reset(handle_); }

 private:
  sqlite3_stmt* handle_;
};

/// SQLite's memory statistics take a lock of the whole process at every allocation; nobody asks for
/// them. Works before the first connection only, and is a wish: it may have been too late.
void DropMemoryStatistics() {
  [[maybe_unused]] static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// SQLite lets everyone on the machine read what it makes; here it finds an empty file that only
/// its owner may read. What SQLite puts beside it gets the same mode. When this fails, SQLite says
/// why.
void MakeForOwnerOnly(const std::string& file) {
  const int made = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made >= 0) {
    close(made);
  }
}

}  // namespace

Error SqliteConnection::ErrorFor(int code, const std::string& detail) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::kUnavailable, "db.busy", detail};
    case SQLITE_FULL:
      return {ErrorCode::kUnavailable, "db.disk_full", detail};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorCode::kUnavailable, "db.read_only", detail};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return {ErrorCode::kUnavailable, "db.unavailable", detail};
    case SQLITE_CONSTRAINT:
      return Conflict("db.constraint", detail);
    case SQLITE_CORRUPT:
      return Internal("db.corrupt", detail);
    case SQLITE_NOTADB:
      return Invalid("db.not_a_database", detail);
    default:
      return Internal("db.failed", detail);
  }
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& file,
                                                                 SqliteMode mode) {
  DropMemoryStatistics();
  if (mode == SqliteMode::kCreator && !file.starts_with(':')) {
    MakeForOwnerOnly(file);
  }
  sqlite3* db = nullptr;
  const int create = mode == SqliteMode::kCreator ? SQLITE_OPEN_CREATE : 0;
  const int code = sqlite3_open_v2(file.c_str(), &db,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(db));
  if (code != SQLITE_OK) {
    return db == nullptr ? ErrorFor(code, "out of memory") : connection->LastError();
  }
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, static_cast<int>(kWriterWait.count()));
  // Who fills a new database sorts whole tables for its indexes: more than memory may hold.
  const std::string sorts_in = mode == SqliteMode::kCreator ? "FILE" : "MEMORY";
  const std::string settings =
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = " + sorts_in +
      "; PRAGMA cache_size = " + std::string(mode == SqliteMode::kReader ? "-24576" : "-98304") +
      ";";
  JARING_RETURN_IF_ERROR(connection->Execute(settings));
  if (mode == SqliteMode::kReader) {
    JARING_RETURN_IF_ERROR(connection->Execute("PRAGMA query_only = ON;"));
  } else if (sqlite3_db_readonly(db, "main") == 1) {
    return Error{ErrorCode::kUnavailable, "db.read_only", file};
  } else {
    JARING_RETURN_IF_ERROR(connection->Execute("PRAGMA journal_mode = WAL;"));
  }
  // Instead of SQLite's own checkpoints at commits: see Checkpointer.
  const auto note_length = [](void* log_pages, sqlite3*, const char*, int pages) {
    *static_cast<int*>(log_pages) = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(db, note_length, &connection->log_pages_);
  return connection;
}

SqliteConnection::~SqliteConnection() {
  for (auto& [address, statement] : statements_) {
    sqlite3_finalize(statement.handle);
  }
  sqlite3_close(db_);
}

void SqliteConnection::Checkpoint() {
  sqlite3_wal_checkpoint_v2(db_, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

Error SqliteConnection::LastError() const {
  return ErrorFor(sqlite3_errcode(db_), sqlite3_errmsg(db_));
}

Result<Done> SqliteConnection::Execute(const std::string& script) {
  if (sqlite3_exec(db_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return LastError();
  }
  return Done{};
}

Result<SqliteConnection::Statement*> SqliteConnection::Prepare(std::string_view sql) {
  Statement& statement = statements_[sql.data()];
  if (statement.handle != nullptr) {
    JARING_CHECK(statement.text.size() == sql.size());  // A constant, not a passing string.
    return &statement;
  }
  if (sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &statement.handle, nullptr) != SQLITE_OK) {
    const Error error = LastError();
    statements_.erase(sql.data());
    return error;
  }
  statement.text = sql;
  const int count = sqlite3_bind_parameter_count(statement.handle);
  for (int i = 1; i <= count; ++i) {
    const std::string name = "$" + std::to_string(i);
    const int place = sqlite3_bind_parameter_index(statement.handle, name.c_str());
    JARING_CHECK(place != 0);
    statement.places.push_back(place);
  }
  return &statement;
}

void SqliteConnection::Bind(const Statement& statement, std::span<const Value> values) {
  JARING_CHECK(values.size() == statement.places.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value& value = values[i];
    const int place = statement.places[i];
    const auto size = static_cast<int>(value.text().size());
    // SQLite takes a null pointer for NULL; an empty view may have one.
    const char* data = value.text().data() == nullptr ? "" : value.text().data();
    int code = SQLITE_OK;
    switch (value.kind()) {
      case Value::Kind::kNull:
        code = sqlite3_bind_null(statement.handle, place);
        break;
      case Value::Kind::kInteger:
        code = sqlite3_bind_int64(statement.handle, place, value.integer());
        break;
      case Value::Kind::kText:
        code = sqlite3_bind_text(statement.handle, place, data, size, SQLITE_STATIC);
        break;
      case Value::Kind::kBytes:
        code = sqlite3_bind_blob(statement.handle, place, data, size, SQLITE_STATIC);
        break;
    }
    JARING_CHECK(code == SQLITE_OK);
  }
}

Result<std::int64_t> SqliteConnection::Run(std::string_view sql, std::span<const Value> values) {
  JARING_ASSIGN_OR_RETURN(const Statement* statement, Prepare(sql));
  const Resetting resetting(statement->handle);
  Bind(*statement, values);
  const int code = sqlite3_step(statement->handle);
  if (code != SQLITE_DONE && code != SQLITE_ROW) {
    return LastError();
  }
  return sqlite3_changes64(db_);
}

Result<Done> SqliteConnection::Query(std::string_view sql, std::span<const Value> values,
                                     const RowFunction& on_row) {
  JARING_ASSIGN_OR_RETURN(const Statement* statement, Prepare(sql));
  const Resetting resetting(statement->handle);
  Bind(*statement, values);
  const SqliteRow row(statement->handle);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) {
    on_row(row);
  }
  if (code != SQLITE_DONE) {
    return LastError();
  }
  return Done{};
}

Result<Done> SqliteConnection::QueryEach(std::string_view sql, const ValueRows& keys,
                                         const EachRowFunction& on_row) {
  JARING_ASSIGN_OR_RETURN(const Statement* statement, Prepare(sql));
  const SqliteRow row(statement->handle);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Resetting resetting(statement->handle);
    Bind(*statement, keys.row(i));
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW) {
      on_row(i, row);
    }
    if (code != SQLITE_DONE) {
      return LastError();
    }
  }
  return Done{};
}

Result<std::int64_t> SqliteConnection::RunEach(std::string_view sql, const ValueRows& rows) {
  return RunStream(sql, [&](const RowSink& sink) -> Result<Done> {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      JARING_RETURN_IF_ERROR(sink(rows.row(i)));
    }
    return Done{};
  });
}

Result<std::int64_t> SqliteConnection::RunStream(
    std::string_view sql, const std::function<Result<Done>(const RowSink&)>& give) {
  JARING_ASSIGN_OR_RETURN(const Statement* statement, Prepare(sql));
  const std::int64_t before = sqlite3_total_changes64(db_);
  JARING_RETURN_IF_ERROR(give([&](std::span<const Value> row) -> Result<Done> {
    const Resetting resetting(statement->handle);
    Bind(*statement, row);
    return sqlite3_step(statement->handle) == SQLITE_DONE ? Result<Done>(Done{}) : LastError();
  }));
  return sqlite3_total_changes64(db_) - before;
}

/// SQLite's data_version stays the same while only this connection commits.
Result<std::optional<std::int64_t>> SqliteConnection::CountCommits() {
  std::int64_t version = 0;
  JARING_RETURN_IF_ERROR(Query(kDataVersion, {}, [&](const Row& row) { version = row.Int(0); }));
  if (version != data_version_) {
    data_version_ = version;
    ++commits_;
  }
  return std::optional(commits_);
}

Result<bool> SqliteConnection::HasTable(std::string_view name) {
  bool found = false;
  JARING_RETURN_IF_ERROR(
      Query(sql::kSqliteTable, std::array<Value, 1>{name}, [&](const Row&) { found = true; }));
  return found;
}

Result<Done> SqliteConnection::RunScript(std::string_view script) {
  constexpr std::string_view kHint = "/* clustered */";
  std::string text(script);
  for (std::size_t at = text.find(kHint); at != std::string::npos; at = text.find(kHint, at)) {
    text.replace(at, kHint.size(), "WITHOUT ROWID");
  }
  return Execute(text);
}

}  // namespace jaring
