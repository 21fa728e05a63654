#include "channels/http/housekeeper.h"

#include <algorithm>
#include <utility>

#include "access/retention.h"

namespace jaring {

Result<std::int64_t> DeleteAllDue(Database& database, const std::vector<RetentionTerm>& terms,
                                  Instant now, std::int64_t rows_at_once,
                                  const std::function<bool()>& stop) {
  std::int64_t total = 0;
  for (const RetentionTerm& term : terms) {
    if (!term.may_delete || !IsDeletable(term.what)) {
      continue;
    }
    const Instant cutoff = Instant::FromMicros(now.micros() - term.micros);
    std::int64_t deleted = rows_at_once;
    while (deleted == rows_at_once && !stop()) {
      JARING_RETURN_IF_ERROR(database.Write([&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(deleted, DeleteDue(tx, term.what, cutoff, rows_at_once));
        return Done{};
      }));
      total += deleted;
    }
  }
  return total;
}

Housekeeper::Housekeeper(std::vector<Duty> duties) {
  for (Duty& duty : duties) {
    turns_.push_back({std::move(duty)});
  }
}

Housekeeper::~Housekeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Housekeeper::Start() {
  thread_ = std::thread([this] { Work(); });
}

void Housekeeper::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

bool Housekeeper::IsStopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

Housekeeper::Clock::time_point Housekeeper::NextDue() const {
  const auto next = std::min_element(turns_.begin(), turns_.end(),
                                     [](const Turn& a, const Turn& b) { return a.due < b.due; });
  return next == turns_.end() ? Clock::now() + std::chrono::hours(1) : next->due;
}

void Housekeeper::Work() {
  const std::function<bool()> stopping = [this] { return IsStopping(); };
  bool woken = false;
  while (!IsStopping()) {
    for (Turn& turn : turns_) {
      if (Clock::now() >= turn.due || (woken && turn.duty.when_woken)) {
        turn.duty.run(stopping);
        turn.due = Clock::now() + turn.duty.every;
      }
    }
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, NextDue(), [this] { return stopping_ || woken_; });
    woken = std::exchange(woken_, false);
  }
}

}  // namespace jaring
