#pragma once

// Looks at people are noted before the answer leaves. Many looks that wait together are written in
// one transaction, as payments are.

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "access/audit.h"
#include "channels/http/problem.h"

namespace jaring {

/// An answer that may leave once it is noted who saw what.
struct NotedAnswer {
  std::vector<AuditEntry> entries;
  HttpResponse response;
  Responder responder{nullptr};
  Language language = Language::kIndonesian;
};

/// Writes the entries, then gives the answers; when they cannot be written the answer is 503.
///
/// Limit:  at most kMostWaiting answers wait; further ones are told 503.
/// Thread: Post from any; it writes on a thread of its own. What the constructor is given must
///         outlive it.
class AuditQueue {
 public:
  static constexpr std::size_t kMostWaiting = 10'000;
  static constexpr std::size_t kMostInSet = 1'000;

  AuditQueue(Database& database, std::string key, const Messages& messages);
  /// Writes what waits, then ends.
  ~AuditQueue();
  AuditQueue(const AuditQueue&) = delete;
  AuditQueue& operator=(const AuditQueue&) = delete;

  void Post(NotedAnswer answer);

 private:
  void Work();
  std::vector<NotedAnswer> TakeSet();
  void WriteSet(std::vector<NotedAnswer>& answers);
  void Refuse(NotedAnswer& answer);

  Database& database_;
  const std::string key_;
  const Messages& messages_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<NotedAnswer> answers_;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
