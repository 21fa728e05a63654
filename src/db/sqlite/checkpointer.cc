#include "db/sqlite/checkpointer.h"

#include <sys/resource.h>
#include <unistd.h>

namespace jaring {

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Checkpointer::AfterCommit(SqliteConnection& writer) {
  std::unique_lock lock(mutex_);
  log_pages_ = writer.log_pages();
  if (log_pages_ < seen_pages_) {
    seen_pages_ = 0;  // It began anew.
  }
  if (log_pages_ >= 2 * limits_.most) {
    changed_.wait(lock, [this] { return !copying_; });  // The thread does not keep up.
  }
  const int grown = log_pages_ - seen_pages_;
  if (copying_ || grown < limits_.rest) {
    return;
  }
  if (log_pages_ >= limits_.most) {
    writer.Checkpoint();
    seen_pages_ = log_pages_;
  } else if (grown >= limits_.pass) {
    copying_ = true;
    changed_.notify_one();
    if (!thread_.joinable()) {
      thread_ = std::thread([this] { CopyWhenAsked(); });
    }
  }
}

void Checkpointer::CopyWhenAsked() {
  // Who pays comes first: on two cores the copying would take a turn from them.
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
  const auto connection = SqliteConnection::Open(file_, SqliteMode::kWriter);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return copying_ || stopping_; });
    if (stopping_) {
      return;
    }
    seen_pages_ = log_pages_;
    lock.unlock();
    if (connection) {
      (*connection)->Checkpoint();
    }
    lock.lock();
    copying_ = false;
    changed_.notify_one();
  }
}

}  // namespace jaring
