#pragma once

// SQLite behind the Database face: one writer, a few readers on snapshots.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "db/database.h"
#include "db/sqlite/checkpointer.h"
#include "db/sqlite/sqlite_connection.h"
#include "db/sqlite/writer_turn.h"

namespace jaring {

class SqliteDatabase final : public Database {
 public:
  /// Errors: db.missing, db.read_only, db.not_a_database, db.unavailable.
  static Result<std::unique_ptr<Database>> Connect(const std::string& file, Open open);

  Engine engine() const override { return Engine::kSqlite; }
  Result<Done> WriteAnyway(const std::function<Result<Done>(Tx&)>& work) override;
  Result<Done> Read(const std::function<Result<Done>(Tx&)>& work) override;
  /// A lock on FILE-NAME, an empty file that stays.
  Result<std::unique_ptr<HeldLock>> TryLock(std::string_view name) override;

 private:
  struct IdleReader {
    std::thread::id last_user;
    std::unique_ptr<SqliteConnection> connection;
  };

  SqliteDatabase(std::string file, std::unique_ptr<SqliteConnection> writer)
      : file_(std::move(file)),
        turn_(file_),
        writer_(std::move(writer)),
        checkpointer_(file_, {}) {}
  Result<std::unique_ptr<SqliteConnection>> TakeReader();
  void GiveBack(std::unique_ptr<SqliteConnection> reader);

  const std::string file_;
  std::mutex writer_mutex_;
  WriterTurn turn_;
  std::unique_ptr<SqliteConnection> writer_;
  Checkpointer checkpointer_;
  std::mutex readers_mutex_;
  std::vector<IdleReader> idle_readers_;
};

}  // namespace jaring
