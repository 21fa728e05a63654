#pragma once

// Notes that sessions are in use, so that those left alone end. Beside the requests: none waits for
// it, and many are written in one transaction.

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// Thread: Post from any; it writes on a thread of its own. The database outlives it.
class SeenQueue {
 public:
  static constexpr std::size_t kMostWaiting = 100'000;  // Further ones are noted at their next use.

  explicit SeenQueue(Database& database);
  /// Writes what waits, then ends.
  ~SeenQueue();
  SeenQueue(const SeenQueue&) = delete;
  SeenQueue& operator=(const SeenQueue&) = delete;

  void Post(std::int64_t session_id, Instant at);

 private:
  void Work();

  Database& database_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<std::int64_t, Instant> seen_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
