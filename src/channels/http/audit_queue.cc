#include "channels/http/audit_queue.h"

#include <algorithm>
#include <iterator>

namespace jaring {

AuditQueue::AuditQueue(Database& database, std::string key, const Messages& messages)
    : database_(database), key_(std::move(key)), messages_(messages), thread_([this] { Work(); }) {}

AuditQueue::~AuditQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void AuditQueue::Post(NotedAnswer answer) {
  std::unique_lock lock(mutex_);
  if (answers_.size() >= kMostWaiting || stopping_) {
    lock.unlock();
    Refuse(answer);
    return;
  }
  answers_.push_back(std::move(answer));
  const bool first = answers_.size() == 1;
  lock.unlock();
  if (first) {
    arrived_.notify_one();
  }
}

void AuditQueue::Work() {
  for (;;) {
    std::vector<NotedAnswer> answers = TakeSet();
    if (answers.empty()) {
      return;
    }
    WriteSet(answers);
  }
}

/// Waits for answers; none when it is time to end.
std::vector<NotedAnswer> AuditQueue::TakeSet() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !answers_.empty(); });
  const auto count = static_cast<std::ptrdiff_t>(std::min(answers_.size(), kMostInSet));
  std::vector<NotedAnswer> set(std::make_move_iterator(answers_.begin()),
                               std::make_move_iterator(answers_.begin() + count));
  answers_.erase(answers_.begin(), answers_.begin() + count);
  return set;
}

void AuditQueue::WriteSet(std::vector<NotedAnswer>& answers) {
  std::vector<AuditEntry> entries;
  for (NotedAnswer& answer : answers) {
    std::move(answer.entries.begin(), answer.entries.end(), std::back_inserter(entries));
  }
  const auto written =
      database_.Write([&](Tx& tx) -> Result<Done> { return RecordAudit(tx, key_, entries); });
  for (NotedAnswer& answer : answers) {
    if (written) {
      answer.responder.Send(std::move(answer.response));
    } else {
      Refuse(answer);
    }
  }
}

void AuditQueue::Refuse(NotedAnswer& answer) {
  answer.responder.Send(ProblemResponse({ErrorCode::kUnavailable, "request.unavailable", ""},
                                        messages_, answer.language));
}

}  // namespace jaring
