#include "db/sqlite/checkpointer.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace jaring {
namespace {

// ioprio_set(2), which the C library has no face for; <linux/ioprio.h> is no C++ in every release.
constexpr int kOfProcess = 1;
constexpr int kWhenIdle = 3 << 13;

/// Who pays comes first: on two cores the copying would take turns from them, and on the disk its
/// thousands of pages would stand in a queue before theirs. Both are wishes; a system may know
/// neither.
void GiveWay() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 19);
  syscall(SYS_ioprio_set, kOfProcess, gettid(), kWhenIdle);
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
