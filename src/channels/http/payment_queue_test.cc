// The queue of single payments on real databases: every job answered once, every payment posted
// once, whatever comes at the same moment.

#include "channels/http/payment_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "channels/http/idempotency_sql.h"
#include "channels/http/test_site.h"

namespace jaring {
namespace {

using testing::HasSubstr;

/// A Tx that refuses to store the answer of one key, as a full disk or a bug would.
class PoisonedTx final : public Tx {
 public:
  PoisonedTx(Tx& tx, std::string_view key) : tx_(tx), key_(key) {}
  using Tx::Query;
  using Tx::Run;
  Result<std::int64_t> Run(std::string_view sql, std::span<const Value> values) override {
    return tx_.Run(sql, values);
  }
  Result<Done> Query(std::string_view sql, std::span<const Value> values,
                     const RowFunction& on_row) override {
    return tx_.Query(sql, values, on_row);
  }
  Result<Done> QueryEach(std::string_view sql, const ValueRows& keys,
                         const EachRowFunction& on_row) override {
    return tx_.QueryEach(sql, keys, on_row);
  }
  Result<std::int64_t> RunEach(std::string_view sql, const ValueRows& rows) override {
    for (std::size_t i = 0; sql == sql::kInsertAnswer && i < rows.size(); ++i) {
      if (rows.row(i)[1].text() == key_) {
        return Internal("db.failed", "poisoned");
      }
    }
    return tx_.RunEach(sql, rows);
  }
  Result<std::int64_t> RunStream(std::string_view sql,
                                 const std::function<Result<Done>(const RowSink&)>& give) override {
    return tx_.RunStream(sql, give);
  }
  Result<Done> RunScript(std::string_view script) override { return tx_.RunScript(script); }
  Result<bool> HasTable(std::string_view name) override { return tx_.HasTable(name); }

 private:
  Tx& tx_;
  std::string_view key_;
};

/// A real database that can be held up before it writes, and poisoned for one key.
class HeldDatabase final : public Database {
 public:
  explicit HeldDatabase(Database& database) : database_(database) {}
  Engine engine() const override { return database_.engine(); }
  Result<Done> Read(const std::function<Result<Done>(Tx&)>& work) override {
    return database_.Read(work);
  }
  Result<std::unique_ptr<HeldLock>> TryLock(std::string_view name) override {
    return database_.TryLock(name);
  }
  Result<Done> WriteAnyway(const std::function<Result<Done>(Tx&)>& work) override {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    ++writes_;
    const Doubt doubt = std::exchange(doubt_, Doubt::kNone);
    lock.unlock();
    const auto written = database_.WriteAnyway([&](Tx& tx) -> Result<Done> {
      PoisonedTx poisoned(tx, poison_);
      JARING_RETURN_IF_ERROR(work(poisoned));
      return doubt == Doubt::kNotMade ? Internal("db.failed") : Result<Done>(Done{});
    });
    return doubt == Doubt::kNone ? written
                                 : Error{ErrorCode::kUnavailable, "db.outcome_unknown", ""};
  }

  /// What is true of the next commit, whose end nobody sees.
  enum class Doubt : std::uint8_t { kNone, kMade, kNotMade };
  void LoseConnection(Doubt doubt) { doubt_ = doubt; }

  void Hold() { Set(true); }
  void Release() { Set(false); }
  void WaitForWriter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return arrived_ > 0; });
  }
  void Poison(std::string key) { poison_ = std::move(key); }
  int writes() {
    const std::lock_guard lock(mutex_);
    return writes_;
  }

 private:
  void Set(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    arrived_ = 0;
    changed_.notify_all();
  }

  Database& database_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int arrived_ = 0;
  int writes_ = 0;
  Doubt doubt_ = Doubt::kNone;
  std::string poison_;
};

class PaymentQueueTest : public testing::TestWithParam<Database::Engine> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    site_.emplace(GetParam());
    held_.emplace(site_->database());
  }

  void Start() { queue_.emplace(*held_, site_->agency(), site_->messages(), &TestSite::now); }

  /// One month of one member.
  static PaymentJob JobFor(const MemberNumber& member, std::string key, std::string reference) {
    PaymentJob job;
    job.key = std::move(key);
    job.fingerprint = Sha256(reference);
    job.language = Language::kEnglish;
    job.partner = "pos";
    job.reference = std::move(reference);
    job.member = member;
    job.code_as_sent = BillCodeOf(member);
    job.amount = Rp(75);
    job.paid_at = TestSite::now();
    job.channel = "api";
    return job;
  }

  std::shared_ptr<AnswerBox> Post(PaymentJob job) {
    auto box = std::make_shared<AnswerBox>();
    job.responder = Responder(box);
    queue_->Post(std::move(job));
    return box;
  }

  /// Posts one job from each of many threads at once; their answers in order.
  std::vector<HttpResponse> PostFromThreads(int threads,
                                            const std::function<PaymentJob(int)>& job) {
    std::vector<HttpResponse> answers(static_cast<std::size_t>(threads));
    std::vector<std::thread> running;
    running.reserve(answers.size());
    for (int n = 0; n < threads; ++n) {
      running.emplace_back([&, n] { answers[static_cast<std::size_t>(n)] = Post(job(n))->Take(); });
    }
    for (std::thread& thread : running) {
      thread.join();
    }
    return answers;
  }

  std::optional<TestSite> site_;
  std::optional<HeldDatabase> held_;
  std::optional<PaymentQueue> queue_;
};

JARING_ON_EACH_ENGINE(PaymentQueueTest);

TEST_P(PaymentQueueTest, PostsEachOfManyOnce) {
  constexpr int kThreads = 64;
  constexpr int kEach = 5;
  const auto members = site_->EnrolPeopleNow(kThreads);
  Start();
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int n = 0; n < kThreads; ++n) {
    threads.emplace_back([&, n] {
      for (int i = 0; i < kEach; ++i) {
        const std::string name = std::to_string(n) + "-" + std::to_string(i);
        const HttpResponse answer =
            Post(JobFor(members[static_cast<std::size_t>(n)], "key-" + name, "ref-" + name))
                ->Take();
        EXPECT_EQ(answer.status, 201) << answer.body;
        EXPECT_THAT(answer.body, HasSubstr("\"reference\":\"ref-" + name + "\""));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(site_->Verified().payments, kThreads * kEach);
  EXPECT_LE(held_->writes(), kThreads * kEach);
}

TEST_P(PaymentQueueTest, PostsWhatGatheredInOneTransaction) {
  const auto members = site_->EnrolPeopleNow(50);
  Start();
  held_->Hold();
  std::vector<std::shared_ptr<AnswerBox>> boxes = {Post(JobFor(members[0], "first", "first"))};
  held_->WaitForWriter();
  for (std::size_t n = 1; n < 50; ++n) {
    boxes.push_back(Post(JobFor(members[n], "key" + std::to_string(n), std::to_string(n))));
  }
  EXPECT_EQ(queue_->waiting(), 49);
  held_->Release();
  for (const auto& box : boxes) {
    EXPECT_EQ(box->Take().status, 201);
  }
  EXPECT_EQ(held_->writes(), 2);
}

TEST_P(PaymentQueueTest, PostsABurstOfOneKeyOnce) {
  const auto members = site_->EnrolPeopleNow(1);
  Start();
  const auto job = [&](int) { return JobFor(members[0], "one-key", "one-reference"); };
  const HttpResponse* first = nullptr;
  const auto answers = PostFromThreads(64, job);
  for (const HttpResponse& answer : answers) {
    if (answer.status != 201) {
      EXPECT_EQ(answer.status, 409) << answer.body;
      EXPECT_THAT(answer.body, HasSubstr("idempotency_key.running"));
      continue;
    }
    first = first == nullptr ? &answer : first;
    EXPECT_EQ(answer.body, first->body);
  }
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(Post(job(0))->Take().body, first->body);  // Who was told to wait finds it now.
  EXPECT_EQ(site_->Verified().payments, 1);
}

TEST_P(PaymentQueueTest, RefusesOneKeyWithTwoMeanings) {
  const auto members = site_->EnrolPeopleNow(2);
  Start();
  const auto job = [&](int n) {
    return JobFor(members[static_cast<std::size_t>(n)], "key", "ref-" + std::to_string(n));
  };
  EXPECT_EQ(Post(job(0))->Take().status, 201);
  const HttpResponse refused = Post(job(1))->Take();
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("idempotency_key.reused"));
  EXPECT_EQ(Post(job(0))->Take().status, 201);
  // The key belongs to who sent it: the same from another client is another key.
  PaymentJob other = job(1);
  other.who = {.kind = ActorKind::kPartnerClient, .id = 5, .role = Role::kPartner};
  EXPECT_EQ(Post(std::move(other))->Take().status, 201);
  EXPECT_EQ(site_->Verified().payments, 2);
}

TEST_P(PaymentQueueTest, APartnersClientPostsForItsPartnerOnly) {
  const auto members = site_->EnrolPeopleNow(1);
  Start();
  PaymentJob job = JobFor(members[0], "key", "ref");
  job.who = {.kind = ActorKind::kPartnerClient,
             .id = 5,
             .role = Role::kPartner,
             .scope = {ScopeKind::kPartner, 999}};
  const HttpResponse refused = Post(std::move(job))->Take();
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("partner.unknown"));
  EXPECT_EQ(site_->Verified().payments, 0);
}

TEST_P(PaymentQueueTest, OneBadJobDoesNotTakeTheOthersWithIt) {
  const auto members = site_->EnrolPeopleNow(20);
  held_->Poison("key-7");
  Start();
  held_->Hold();
  const auto first = Post(JobFor(members[0], "key-0", "ref-0"));
  held_->WaitForWriter();
  std::vector<std::shared_ptr<AnswerBox>> boxes;
  for (std::size_t n = 1; n < 20; ++n) {
    const std::string name = std::to_string(n);
    boxes.push_back(Post(JobFor(members[n], "key-" + name, "ref-" + name)));
  }
  held_->Release();
  EXPECT_EQ(first->Take().status, 201);
  for (std::size_t n = 1; n < 20; ++n) {
    const HttpResponse answer = boxes[n - 1]->Take();
    EXPECT_EQ(answer.status, n == 7 ? 500 : 201) << answer.body;
    EXPECT_EQ(answer.content_type, n == 7 ? kProblemType : kJsonType);
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("poisoned")));  // Details are for the log.
  }
  EXPECT_EQ(site_->Verified().payments, 19);
}

TEST_P(PaymentQueueTest, TellsAnUnknownPartnerAndForgetsTheKey) {
  const auto members = site_->EnrolPeopleNow(1);
  Start();
  PaymentJob job = JobFor(members[0], "key", "ref");
  job.partner = "bank";
  const HttpResponse refused = Post(std::move(job))->Take();
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("partner.unknown"));
  EXPECT_EQ(Post(JobFor(members[0], "key", "ref"))->Take().status, 201);
}

TEST_P(PaymentQueueTest, ACommitInDoubtComesToOneOutcome) {
  const auto members = site_->EnrolPeopleNow(2);
  Start();
  std::size_t n = 0;
  for (const auto doubt : {HeldDatabase::Doubt::kMade, HeldDatabase::Doubt::kNotMade}) {
    const std::string name = std::to_string(n);
    const auto post = [&] {
      return Post(JobFor(members[n], "key-" + name, "ref-" + name))->Take();
    };
    held_->LoseConnection(doubt);
    const HttpResponse checked = post();
    EXPECT_EQ(checked.status, 503);
    EXPECT_THAT(checked.body, HasSubstr("\"rule\":\"payment.outcome_unknown\""));
    EXPECT_THAT(checked.headers, HasSubstr("Retry-After: 5"));
    EXPECT_EQ(post().status, 201) << "the stored answer, or posted now";
    EXPECT_EQ(site_->Verified().payments, ++n);
  }
}

TEST_P(PaymentQueueTest, KnowsARepeatedReference) {
  const auto members = site_->EnrolPeopleNow(2);
  Start();
  EXPECT_EQ(Post(JobFor(members[0], "a", "ref"))->Take().status, 201);
  const HttpResponse repeated = Post(JobFor(members[0], "b", "ref"))->Take();
  EXPECT_EQ(repeated.status, 200);
  EXPECT_THAT(repeated.body, HasSubstr("\"status\":\"repeated\""));
  PaymentJob more = JobFor(members[0], "c", "ref");
  more.amount = Rp(150);
  more.fingerprint = Sha256("more");
  const HttpResponse refused = Post(std::move(more))->Take();
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.body, HasSubstr("payment.reference_reused"));
  // Sixty-four at once, each under a key of its own.
  int posted = 0;
  for (const HttpResponse& answer : PostFromThreads(
           64, [&](int n) { return JobFor(members[1], "many-" + std::to_string(n), "many"); })) {
    EXPECT_LE(answer.status, 201) << answer.body;
    posted += answer.status == 201 ? 1 : 0;
  }
  EXPECT_EQ(posted, 1);
  EXPECT_EQ(site_->Verified().payments, 2);
}

TEST_P(PaymentQueueTest, KeepsMoneyOfUnknownCodesInSuspense) {
  Start();
  const HttpResponse answer = Post(JobFor({999'999'998, 1}, "a", "ref"))->Take();
  EXPECT_EQ(answer.status, 202);
  EXPECT_THAT(answer.body, HasSubstr("payment.unknown_bill_code"));
  EXPECT_EQ(site_->Verified().payments, 1);
}

TEST_P(PaymentQueueTest, TellsWhenItIsFull) {
  const auto members = site_->EnrolPeopleNow(1);
  Start();
  held_->Hold();
  auto taken = Post(JobFor(members[0], "taken", "taken"));
  held_->WaitForWriter();
  std::vector<std::shared_ptr<AnswerBox>> boxes;
  for (std::size_t n = 0; n < PaymentQueue::kMostOfClient; ++n) {
    boxes.push_back(Post(JobFor(members[0], "key-" + std::to_string(n), "same")));
  }
  const HttpResponse refused = Post(JobFor(members[0], "late", "late"))->Take();
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.headers, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(refused.body, HasSubstr("request.unavailable"));
  held_->Release();
  EXPECT_EQ(taken->Take().status, 201);
  for (const auto& box : boxes) {
    ASSERT_LE(box->Take().status, 201);  // Posted once, and then known.
  }
  EXPECT_EQ(Post(JobFor(members[0], "late", "late"))->Take().status, 201);
  EXPECT_EQ(site_->Verified().payments, 3);
}

TEST_P(PaymentQueueTest, AFloodOfOneClientLeavesTheOthersTheirTurn) {
  const auto members = site_->EnrolPeopleNow(2);
  Start();
  held_->Hold();
  auto taken = Post(JobFor(members[0], "taken", "taken"));
  held_->WaitForWriter();
  std::vector<std::shared_ptr<AnswerBox>> flood;
  for (std::size_t n = 0; n < 2 * PaymentQueue::kMostOfClientInSet; ++n) {
    flood.push_back(Post(JobFor(members[0], "flood-" + std::to_string(n), "same")));
  }
  PaymentJob other = JobFor(members[1], "other", "other");
  other.who = {.kind = ActorKind::kPartnerClient, .id = 5, .role = Role::kPartner};
  const auto answer = Post(std::move(other));
  held_->Release();
  EXPECT_EQ(taken->Take().status, 201);
  EXPECT_EQ(answer->Take().status, 201);
  EXPECT_LE(held_->writes(), 3);  // In the first set after the flood began, not behind it.
  for (const auto& box : flood) {
    ASSERT_LE(box->Take().status, 201);
  }
  EXPECT_EQ(held_->writes(), 3);
}

TEST_P(PaymentQueueTest, AnswersAllThatWaitWhenItEnds) {
  const auto members = site_->EnrolPeopleNow(30);
  Start();
  held_->Hold();
  std::vector<std::shared_ptr<AnswerBox>> boxes = {Post(JobFor(members[0], "0", "0"))};
  held_->WaitForWriter();
  for (std::size_t n = 1; n < 30; ++n) {
    boxes.push_back(Post(JobFor(members[n], std::to_string(n), std::to_string(n))));
  }
  std::thread ending([this] { queue_.reset(); });
  held_->Release();
  ending.join();
  for (const auto& box : boxes) {
    EXPECT_EQ(box->Take().status, 201);
  }
  EXPECT_EQ(site_->Verified().payments, 30);
}

}  // namespace
}  // namespace jaring
