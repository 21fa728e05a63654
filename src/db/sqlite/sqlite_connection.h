#pragma once

// One SQLite connection as a Tx: prepared statements found again by the address of their text.

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/database.h"

namespace jaring {

/// So long one program waits for another's writing.
constexpr std::chrono::milliseconds kWriterWait{10'000};

enum class SqliteMode : std::uint8_t { kReader, kWriter, kCreator };

class SqliteConnection final : public Tx {
 public:
  /// WAL, synchronous=FULL, foreign keys on; waits kWriterWait for another process's lock.
  ///
  /// Errors: as Tx; db.not_a_database.
  static Result<std::unique_ptr<SqliteConnection>> Open(const std::string& file, SqliteMode mode);

  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;
  ~SqliteConnection() override;

  Result<std::int64_t> Run(std::string_view sql, std::span<const Value> values) override;
  Result<Done> Query(std::string_view sql, std::span<const Value> values,
                     const RowFunction& on_row) override;
  Result<Done> QueryEach(std::string_view sql, const ValueRows& keys,
                         const EachRowFunction& on_row) override;
  Result<std::int64_t> RunEach(std::string_view sql, const ValueRows& rows) override;
  Result<std::int64_t> RunStream(std::string_view sql,
                                 const std::function<Result<Done>(const RowSink&)>& give) override;
  Result<bool> HasTable(std::string_view name) override;
  Result<std::optional<std::int64_t>> CountCommits() override;

  /// `/* clustered */` after a table's closing bracket becomes WITHOUT ROWID: rows are kept in the
  /// order of the primary key. PostgreSQL reads it as the comment it is.
  Result<Done> RunScript(std::string_view script) override;

  /// True while a transaction is open; SQLite closes one by itself when the disk is full.
  bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }

  /// To be told after each transaction that this connection committed; see CountCommits.
  void CountOwnCommit() { ++commits_; }

  /// Pages of the write-ahead log after the last commit of this connection.
  int log_pages() const { return log_pages_; }
  /// Copies the pages of the database, as they are now, into a new file, beside writers.
  Result<Done> CopyTo(const std::string& file);
  /// Copies as much of the write-ahead log into the database as it can without waiting for anyone.
  void Checkpoint();

 private:
  struct Statement {
    sqlite3_stmt* handle = nullptr;
    std::string_view text;
    std::vector<int> places;  // SQLite's number of $1, $2…: it counts by first appearance.
  };

  explicit SqliteConnection(sqlite3* db) : db_(db) {}
  Result<Done> Execute(const std::string& script);
  Result<Statement*> Prepare(std::string_view sql);
  static void Bind(const Statement& statement, std::span<const Value> values);
  Error LastError() const;
  static Error ErrorFor(int code, const std::string& detail);

  sqlite3* db_;
  int log_pages_ = 0;
  std::int64_t commits_ = 0;
  std::int64_t data_version_ = 0;  // SQLite's, when CountCommits was asked last.
  std::unordered_map<const void*, Statement> statements_;
};

}  // namespace jaring
