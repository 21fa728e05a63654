#pragma once

// Group commit for single payments: whatever waits is posted as one set in one transaction, and
// nobody is answered before it is on the disk. While one set is being written the next one gathers,
// so the more clients there are the larger the sets, and one fsync serves them all.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "access/principal.h"
#include "channels/http/fair_queue.h"
#include "channels/http/problem.h"
#include "collection/payment.h"

namespace jaring {

/// One payment as a client sent it, parsed, with the promise to answer.
struct PaymentJob {
  std::string key;          // Idempotency-Key.
  std::string fingerprint;  // SHA-256 of what was sent: the same key may not mean another payment.
  Language language = Language::kIndonesian;
  Principal who;
  std::string client;  // KeyOwner(who).
  std::string request_id;

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

/// Answers each job once, and notes who posted it: 201 posted, 200 repeated, 202 in suspense, else
/// a problem; payment.outcome_unknown when the database went away during the commit. The answer is
/// stored under the key in the same transaction and given again to the same request; a request with
/// the key of one that is not answered yet is told idempotency_key.running.
///
/// Limit:  at most `kMostWaiting` jobs wait, `kMostOfClient` of one client; further ones are told
///         503. Clients take turns, so that a flood from one leaves the others their place.
/// Thread: Post from any; it writes on a thread of its own. What the constructor is given must
///         outlive it.
class PaymentQueue {
 public:
  static constexpr std::size_t kMostWaiting = 10'000;
  static constexpr std::size_t kMostOfClient = 5'000;
  static constexpr std::size_t kMostInSet = 1'000;
  static constexpr std::size_t kMostOfClientInSet = 250;  // A flood's set is soon written.

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
    std::int64_t person_id = 0;
    std::string rule = {};  // Of a refusal.
  };

  void Work();
  std::vector<PaymentJob> TakeSet();
  void PostSet(std::vector<PaymentJob>& jobs);
  Result<Done> WriteSet(Tx& tx, std::vector<PaymentJob>& jobs, std::vector<Answer>& answers);
  Result<Done> FindStored(Tx& tx, const std::vector<PaymentJob>& jobs,
                          std::vector<Answer>& answers) const;
  Result<Done> PostNew(Tx& tx, const std::vector<PaymentJob>& jobs, std::vector<Answer>& answers);
  Result<Done> Spend(Tx& tx, const PaymentJob& job, Money amount) const;
  Result<Done> Store(Tx& tx, const std::vector<PaymentJob>& jobs,
                     const std::vector<Answer>& answers) const;
  Result<Done> Note(Tx& tx, const std::vector<PaymentJob>& jobs,
                    const std::vector<Answer>& answers) const;
  void Forget(const std::vector<PaymentJob>& jobs);
  Answer AnswerOf(const PaymentJob& job, const PaymentOutcome& outcome) const;
  Answer Refusal(const Error& error, Language language) const;
  void Refuse(PaymentJob& job, const Error& error) const;

  Database& database_;
  const Agency& agency_;
  const Messages& messages_;
  const std::function<Instant()> now_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  FairQueue<PaymentJob> jobs_{{kMostWaiting, kMostOfClient, kMostOfClientInSet}};
  std::unordered_set<std::string> running_;  // Client and key of each job not answered yet.
  bool stopping_ = false;
  std::atomic<std::int64_t> waiting_ = 0;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
