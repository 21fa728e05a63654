#pragma once

// The servers of one database know of each other.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// Each server has a row and counts it up every two seconds (on SQLite every thirty: there its
/// servers share a machine, so that a new one knows at once who has ended, and the disk may sleep).
/// One whose count stands still for five looks of another is struck off; should it only have slept,
/// it finds that out at its next call and joins anew under another number, and what it had claimed
/// is not its own any more.
///
/// Clocks play no part: servers whose clocks differ, or stand still, see the same. A database that
/// keeps everybody waiting strikes nobody off, because it also keeps them from looking.
///
/// Thread: any number of callers. What it is given outlives it.
class ServerRoll {
 public:
  static constexpr std::chrono::seconds kEvery{2};
  static constexpr std::chrono::seconds kEveryOnSqlite{30};
  static constexpr int kLooksUntilGone = 5;

  /// `name` is for people; `is_gone` knows for sure of a server of that name that it has ended (its
  /// process on this machine, say), so that nobody has to wait for that. May be empty.
  ServerRoll(Database& database, std::function<Instant()> now, std::string name,
             std::function<bool(const std::string& name)> is_gone = {});
  /// Strikes itself off.
  ~ServerRoll();
  ServerRoll(const ServerRoll&) = delete;
  ServerRoll& operator=(const ServerRoll&) = delete;

  /// Joins at once, if the database answers, and goes on on a thread of its own. `on_gone` is then
  /// called there when another server was struck off.
  void Start(std::function<void()> on_gone);

  /// No call is answered any more, and `on_gone` not called. It stays in the roll until it ends, or
  /// the others miss it: what it claimed can be brought to an end in between.
  void Stop();

  /// Answers one call: joins, or counts on, and looks at the others; true when one was struck off.
  /// For the thread, and for tests.
  Result<bool> Answer();

  /// What this server claims things under; empty while it is not in the roll.
  std::string claim() const;

  /// How many share the work, this one among them: at least 1.
  std::int64_t servers() const { return servers_.load(std::memory_order_relaxed); }

 private:
  struct Other {
    std::int64_t beat = 0;
    int looks = 0;  // Since the count has stood still.
  };
  struct Call {
    std::int64_t server_id = 0;
    std::map<std::int64_t, Other> others;
    bool struck_off = false;
  };

  Result<Done> Note(Tx& tx, Call& call) const;
  Result<Done> Look(Tx& tx, Call& call, bool is_new) const;
  void Work(const std::function<void()>& on_gone);

  Database& database_;
  const std::function<Instant()> now_;
  const std::string name_;
  const std::function<bool(const std::string&)> is_gone_;

  std::map<std::int64_t, Other> others_;  // Of whoever answers calls: one at a time.
  std::atomic<std::int64_t> server_id_ = 0;
  std::atomic<std::int64_t> servers_ = 1;

  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
