// An SQLite database copied page by page while others write it.

#include <memory>

#include "db/sqlite/sqlite_connection.h"

namespace jaring {
namespace {

// So many at a time; between two steps the disk serves who pays.
constexpr int kPagesAtOnce = 2'000;

}  // namespace

Result<Done> SqliteConnection::CopyTo(const std::string& file) {
  // A reader's snapshot, held over all steps: SQLite would begin again at each commit of others
  // without it, and a writer that never rests would never let a copy end.
  JARING_RETURN_IF_ERROR(Execute("BEGIN; SELECT count(*) FROM sqlite_schema;"));
  sqlite3* target = nullptr;
  const int opened =
      sqlite3_open_v2(file.c_str(), &target,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> closing(target, &sqlite3_close);
  SqliteConnection* const self = this;
  const auto end = [](SqliteConnection* c) { static_cast<void>(c->Execute("ROLLBACK;")); };
  const std::unique_ptr<SqliteConnection, decltype(end)> ending(self, end);
  if (opened != SQLITE_OK) {
    return Error{ErrorCode::kUnavailable, "db.unavailable", file};
  }
  sqlite3_backup* const backup = sqlite3_backup_init(target, "main", db_, "main");
  if (backup == nullptr) {
    return Error{ErrorCode::kUnavailable, "db.unavailable", sqlite3_errmsg(target)};
  }
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, kPagesAtOnce);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE || finished != SQLITE_OK) {
    code = code != SQLITE_DONE ? code : finished;
    return ErrorFor(code, sqlite3_errstr(code));
  }
  return Done{};
}

}  // namespace jaring
