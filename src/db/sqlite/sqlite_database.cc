#include "db/sqlite/sqlite_database.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace jaring {
namespace {

/// Readers kept open between uses; more are opened under load and closed again.
constexpr std::size_t kMaxIdleReaders = 8;

constexpr std::string_view kBeginWrite = "BEGIN IMMEDIATE";
constexpr std::string_view kBeginRead = "BEGIN";
constexpr std::string_view kCommit = "COMMIT";
constexpr std::string_view kRollback = "ROLLBACK";

/// Commits what went well; whatever fails, no transaction stays open.
Result<Done> Finish(SqliteConnection& connection, Result<Done> outcome) {
  if (outcome) {
    const auto committed = connection.Run(kCommit, {});
    if (!committed) {
      outcome = committed.error();
    }
  }
  if (connection.in_transaction()) {
    const auto rolled_back = connection.Run(kRollback, {});
    if (!rolled_back && outcome) {
      outcome = rolled_back.error();
    }
  }
  return outcome;
}

class FileLock final : public HeldLock {
 public:
  explicit FileLock(int file) : file_(file) {}
  ~FileLock() override { close(file_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  const int file_;
};

}  // namespace

Result<std::unique_ptr<HeldLock>> SqliteDatabase::TryLock(std::string_view name) {
  const std::string path = file_ + "-" + std::string(name);
  const int file = open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return Error{ErrorCode::kUnavailable, "db.unavailable", path};
  }
  auto lock = std::make_unique<FileLock>(file);
  return std::unique_ptr<HeldLock>(flock(file, LOCK_EX | LOCK_NB) == 0 ? std::move(lock) : nullptr);
}

Result<std::unique_ptr<Database>> SqliteDatabase::Connect(const std::string& file, Open open) {
  std::error_code ignored;
  if (open == Open::kMustExist && !std::filesystem::exists(file, ignored)) {
    return NotFound("db.missing", file);
  }
  auto writer = SqliteConnection::Open(
      file, open == Open::kMayCreate ? SqliteMode::kCreator : SqliteMode::kWriter);
  if (!writer) {
    // In WAL mode SQLite calls a file that it may only read "unable to open".
    const bool read_only = writer.error().rule == "db.unavailable" &&
                           access(file.c_str(), F_OK) == 0 && access(file.c_str(), W_OK) != 0;
    return read_only ? Error{ErrorCode::kUnavailable, "db.read_only", file} : writer.error();
  }
  return std::unique_ptr<Database>(new SqliteDatabase(file, std::move(writer).value()));
}

Result<Done> SqliteDatabase::WriteAnyway(const std::function<Result<Done>(Tx&)>& work) {
  const std::lock_guard lock(writer_mutex_);
  turn_.Take();
  const auto begun = writer_->Run(kBeginWrite, {});
  turn_.Give();
  if (!begun) {
    return begun.error();
  }
  auto outcome = Finish(*writer_, work(*writer_));
  if (outcome) {
    writer_->CountOwnCommit();
  }
  checkpointer_.AfterCommit(*writer_);
  return outcome;
}

Result<std::unique_ptr<SqliteConnection>> SqliteDatabase::TakeReader() {
  {
    const std::lock_guard lock(readers_mutex_);
    // The one this thread used last, if it is free: its pages are in this core's cache.
    auto found = std::find_if(idle_readers_.begin(), idle_readers_.end(), [](const auto& idle) {
      return idle.last_user == std::this_thread::get_id();
    });
    if (!idle_readers_.empty()) {
      found = found == idle_readers_.end() ? found - 1 : found;
      auto reader = std::move(found->connection);
      idle_readers_.erase(found);
      return reader;
    }
  }
  return SqliteConnection::Open(file_, SqliteMode::kReader);
}

void SqliteDatabase::GiveBack(std::unique_ptr<SqliteConnection> reader) {
  const std::lock_guard lock(readers_mutex_);
  if (idle_readers_.size() < kMaxIdleReaders) {
    idle_readers_.push_back({std::this_thread::get_id(), std::move(reader)});
  }
}

Result<Done> SqliteDatabase::Read(const std::function<Result<Done>(Tx&)>& work) {
  JARING_ASSIGN_OR_RETURN(auto reader, TakeReader());
  const auto begun = reader->Run(kBeginRead, {});
  auto outcome = begun ? Finish(*reader, work(*reader)) : begun.error();
  GiveBack(std::move(reader));
  return outcome;
}

}  // namespace jaring
