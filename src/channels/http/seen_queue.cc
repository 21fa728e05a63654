#include "channels/http/seen_queue.h"

#include "access/session.h"

namespace jaring {

SeenQueue::SeenQueue(Database& database) : database_(database), thread_([this] { Work(); }) {}

SeenQueue::~SeenQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  thread_.join();
}

void SeenQueue::Post(std::int64_t session_id, Instant at) {
  {
    const std::lock_guard lock(mutex_);
    if (seen_.size() >= kMostWaiting) {
      return;
    }
    seen_.insert_or_assign(session_id, at);
  }
  arrived_.notify_one();
}

void SeenQueue::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return stopping_ || !seen_.empty(); });
    if (seen_.empty()) {
      return;
    }
    std::map<std::int64_t, Instant> batch;
    batch.swap(seen_);
    lock.unlock();
    const auto written = database_.Write([&](Tx& tx) -> Result<Done> {
      for (const auto& [session_id, at] : batch) {
        JARING_RETURN_IF_ERROR(NoteSessionSeen(tx, session_id, at));
      }
      return Done{};
    });
    static_cast<void>(written);  // Lost at worst: the session ends a little early.
    lock.lock();
  }
}

}  // namespace jaring
