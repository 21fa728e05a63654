#pragma once

// Copies SQLite's write-ahead log into the database beside the writer, so that commits need not
// wait.

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "db/sqlite/sqlite_connection.h"

namespace jaring {

/// A log that is written all the time is never wholly copied from beside. So a thread copies most
/// of it, and when the log is long the writer itself copies the short rest: then the log begins
/// anew.
class Checkpointer {
 public:
  /// Lengths of the log, in pages of 4 KiB.
  struct Limits {
    int pass = 8'000;   // The thread copies what has been written, each time it is this much.
    int most = 64'000;  // From here on the writer copies the rest.
    int rest = 1'000;   // Less new than this is not worth copying.
  };

  Checkpointer(std::string file, Limits limits) : file_(std::move(file)), limits_(limits) {}
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  /// Waits for a pass under way.
  ~Checkpointer();

  /// The writer calls it after each commit, before the next. What cannot be copied now (a reader
  /// needs the old pages, the disk is full) stays in the log for a later time.
  void AfterCommit(SqliteConnection& writer);

 private:
  void CopyWhenAsked();

  const std::string file_;
  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool copying_ = false;  // Asked for, or under way.
  bool stopping_ = false;
  int log_pages_ = 0;
  int seen_pages_ = 0;  // How long the log was when it was last copied.
  std::thread thread_;  // Started when first needed: most commands write little.
};

}  // namespace jaring
