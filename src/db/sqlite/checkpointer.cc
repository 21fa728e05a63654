#include "db/sqlite/checkpointer.h"

#include <linux/ioprio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace jaring {
namespace {

/// Who pays comes first: on two cores the copying would take turns from them, and on the disk its
/// thousands of pages would stand in a queue before theirs. Both are wishes; a system may know
/// neither.
void GiveWay() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
  syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, gettid(), IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
}

}  // namespace

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
  GiveWay();
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
