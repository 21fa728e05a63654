#pragma once

// The program's log: JSON lines to a file or to stderr, written by a thread of its own, so that a
// slow disk or a full pipe holds no request up.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/calendar.h"
#include "base/result.h"

namespace jaring {

enum class LogLevel : std::uint8_t { kInfo, kWarning, kError };

/// "info", "warn", "error".
std::string_view LogLevelName(LogLevel level);

/// "2026-03-15T05:00:00.123456Z", appended.
void AppendTimestamp(std::string& out, Instant at);

/// Thread: any number of callers.
class ServerLog {
 public:
  /// Appends to `file`, made with mode 0640; an empty name is stderr.
  ///
  /// Errors: log.unwritable.
  static Result<std::unique_ptr<ServerLog>> Open(std::string file);
  /// Writes what is left.
  ~ServerLog();
  ServerLog(const ServerLog&) = delete;
  ServerLog& operator=(const ServerLog&) = delete;

  /// Takes whole lines, each ended by a newline.
  ///
  /// Limit: 8 MiB wait; what comes when they are there is dropped and counted.
  void Write(std::string_view lines);

  /// One line of the server itself: `event` is a stable name such as "tls.reloaded", `detail`
  /// English without personal data.
  void Event(Instant at, LogLevel level, std::string_view event, std::string_view detail);

  /// Opens the file anew, after somebody has moved it away. The old one is kept when that fails.
  void Reopen();

  /// Lines that were lost since the start: too many waited, or the disk was full.
  std::int64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  ServerLog(std::string file, int descriptor);
  void Work();
  void WriteOut(std::string_view lines);

  const std::string file_;
  int descriptor_;  // Used by the thread alone.
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::string waiting_;
  bool reopen_ = false;
  bool ending_ = false;
  std::atomic<std::int64_t> dropped_ = 0;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
