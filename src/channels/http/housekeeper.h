#pragma once

// What has to be done from time to time while the server runs, beside the requests.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/calendar.h"
#include "channels/text/retention_terms.h"
#include "db/database.h"

namespace jaring {

/// Deletes all that is over, in transactions of at most `rows_at_once`, so that others find their
/// turn between them; stops early when `stop` says so. How many rows it was.
Result<std::int64_t> DeleteAllDue(Database& database, const std::vector<RetentionTerm>& terms,
                                  Instant now, std::int64_t rows_at_once,
                                  const std::function<bool()>& stop);

/// Something to do again and again. What fails is tried again the next time.
struct Duty {
  std::chrono::seconds every;
  /// Is told of a stop by `stopping`, when it takes long.
  std::function<void(const std::function<bool()>& stopping)> run;
  bool when_woken = false;  // Also at once, when there is something for it.
};

/// A thread that does the duties in turn, each for the first time when it starts.
///
/// Thread: Wake from any. What the duties use must outlive it.
class Housekeeper {
 public:
  static constexpr std::int64_t kRowsAtOnce = 500;

  explicit Housekeeper(std::vector<Duty> duties);
  ~Housekeeper();
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

  void Start();
  /// There is something for the duties that want to be woken.
  void Wake();

 private:
  using Clock = std::chrono::steady_clock;
  struct Turn {
    Duty duty;
    Clock::time_point due = {};
  };

  void Work();
  bool IsStopping();
  Clock::time_point NextDue() const;

  std::vector<Turn> turns_;  // Of the thread alone.
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
