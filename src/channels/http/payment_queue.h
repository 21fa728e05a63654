#pragma once

// Group commit for single payments: whatever waits is posted as one set in one transaction, and
// nobody is answered before it is on the disk. While one set is being written the next one gathers,
// so the more clients there are the larger the sets, and one fsync serves them all.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "channels/http/problem.h"
#include "collection/payment.h"

namespace jaring {

/// One payment as a client sent it, parsed, with the promise to answer.
struct PaymentJob {
  std::string key;          // Idempotency-Key.
  std::string fingerprint;  // SHA-256 of what was sent: the same key may not mean another payment.
  Language language = Language::kIndonesian;

  std::string partner;
  std::string reference;
  std::optional<MemberNumber> member;
  std::optional<SealedBlock> nik;
  std::string code_as_sent;
  Money amount;
  Instant paid_at = Instant::FromMicros(0);
  std::string channel;

  Responder responder{nullptr};
};

/// Answers each job once: 201 posted, 200 repeated, 202 in suspense, else a problem. The answer is
/// stored under the key in the same transaction and given again to the same request.
///
/// Limit:  at most `kMostWaiting` jobs wait; further ones are told 503.
/// Thread: Post from any; it writes on a thread of its own. What the constructor is given must
///         outlive it.
class PaymentQueue {
 public:
  static constexpr std::size_t kMostWaiting = 10'000;
  static constexpr std::size_t kMostInSet = 1'000;

  PaymentQueue(Database& database, const Agency& agency, const Messages& messages,
               std::function<Instant()> now);
  /// Posts what waits, then ends.
  ~PaymentQueue();
  PaymentQueue(const PaymentQueue&) = delete;
  PaymentQueue& operator=(const PaymentQueue&) = delete;

  void Post(PaymentJob job);

  /// For the metrics.
  std::int64_t waiting() const { return waiting_.load(std::memory_order_relaxed); }

 private:
  struct Answer {
    int status = 500;
    std::string body;
    bool is_new = false;  // Not stored yet.
  };

  void Work();
  std::vector<PaymentJob> TakeSet();
  void PostSet(std::vector<PaymentJob>& jobs);
  Result<Done> WriteSet(Tx& tx, std::vector<PaymentJob>& jobs, std::vector<Answer>& answers);
  Result<Done> FindStored(Tx& tx, const std::vector<PaymentJob>& jobs,
                          std::vector<Answer>& answers) const;
  Result<Done> PostNew(Tx& tx, const std::vector<PaymentJob>& jobs, std::vector<Answer>& answers);
  Result<Done> Store(Tx& tx, const std::vector<PaymentJob>& jobs,
                     const std::vector<Answer>& answers) const;
  Answer AnswerOf(const PaymentJob& job, const PaymentOutcome& outcome) const;
  Answer Refusal(const Error& error, Language language) const;
  void Refuse(PaymentJob& job, const Error& error) const;

  Database& database_;
  const Agency& agency_;
  const Messages& messages_;
  const std::function<Instant()> now_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<PaymentJob> jobs_;
  bool stopping_ = false;
  std::atomic<std::int64_t> waiting_ = 0;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
