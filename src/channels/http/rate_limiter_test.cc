#include "channels/http/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

namespace jaring {
namespace {

constexpr RateLimit LimitOf(Budget budget) {
  return budget == Budget::kRead    ? RateLimit{60, 5}
         : budget == Budget::kWrite ? RateLimit{6, 2}
                                    : RateLimit{1, 1};
}

RateLimiter::Moment Start() {
  return RateLimiter::Moment(std::chrono::hours(1));
}

class RateLimiterTest : public testing::Test {
 protected:
  RateVerdict At(double seconds, Budget budget = Budget::kRead, std::string_view caller = "1:1") {
    return limiter_.Take(caller, budget, LimitOf(budget),
                         Start() + std::chrono::milliseconds(std::llround(seconds * 1000)));
  }

  RateLimiter limiter_{64};
};

TEST_F(RateLimiterTest, GivesABurstAndThenAsManyAsComeInTime) {
  for (int left = 4; left >= 0; --left) {
    EXPECT_TRUE(At(1000).allowed) << left;
  }
  EXPECT_FALSE(At(1000).allowed);
  EXPECT_EQ(At(1000).retry_after_seconds, 1);
  EXPECT_FALSE(At(1000.9).allowed);
  EXPECT_TRUE(At(1001).allowed);  // One a second; the refused ones cost nothing.
  EXPECT_FALSE(At(1001).allowed);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(At(1100).allowed);
  }
  EXPECT_FALSE(At(1100).allowed);  // Never more than the burst.
}

TEST_F(RateLimiterTest, SeveralServersGiveOutNoMoreThanOne) {
  constexpr int kServers = 3;
  constexpr RateLimit kLimit{.per_minute = 60, .burst = 10, .servers = kServers};
  std::array<RateLimiter, kServers> servers;
  int allowed = 0;
  for (int second = 0; second < 120; ++second) {
    for (int i = 0; i < 60; ++i) {
      const auto now = Start() + std::chrono::milliseconds(second * 1000 + i * 10);
      allowed += servers[static_cast<std::size_t>(i % kServers)]
                         .Take("same", Budget::kRead, kLimit, now)
                         .allowed
                     ? 1
                     : 0;
    }
  }
  EXPECT_LE(allowed, 10 + 120);
  EXPECT_GE(allowed, 10 + 120 - 2 * kServers) << "and hardly less";
}

TEST_F(RateLimiterTest, OfManyServersEachLetsOneThrough) {
  constexpr RateLimit kLimit{.per_minute = 1, .burst = 10, .servers = 20};
  EXPECT_TRUE(limiter_.Take("same", Budget::kRead, kLimit, Start()).allowed);
  const RateVerdict verdict = limiter_.Take("same", Budget::kRead, kLimit, Start());
  EXPECT_FALSE(verdict.allowed);
  EXPECT_EQ(verdict.retry_after_seconds, 20 * 60);
}

TEST_F(RateLimiterTest, TellsHowLongToWait) {
  EXPECT_TRUE(At(50, Budget::kWrite).allowed);
  EXPECT_TRUE(At(50, Budget::kWrite).allowed);
  EXPECT_EQ(At(50, Budget::kWrite).retry_after_seconds, 10);
  EXPECT_EQ(At(57.5, Budget::kWrite).retry_after_seconds, 3);  // Rounded up: 2.5 is too soon.
  EXPECT_FALSE(At(59.999, Budget::kWrite).allowed);
  EXPECT_TRUE(At(60, Budget::kWrite).allowed);
  EXPECT_TRUE(At(60, Budget::kExpensive).allowed);
  EXPECT_EQ(At(60, Budget::kExpensive).retry_after_seconds, 60);
}

TEST_F(RateLimiterTest, ALookTakesNothing) {
  const auto look = [&](double seconds) {
    return limiter_.Look("1:1", Budget::kWrite, LimitOf(Budget::kWrite),
                         Start() + std::chrono::milliseconds(std::llround(seconds * 1000)));
  };
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(look(50).allowed);
  }
  EXPECT_TRUE(At(50, Budget::kWrite).allowed);
  EXPECT_TRUE(At(50, Budget::kWrite).allowed);
  EXPECT_FALSE(look(50).allowed);
  EXPECT_EQ(look(57.5).retry_after_seconds, 3);
  EXPECT_TRUE(look(60).allowed);
}

TEST_F(RateLimiterTest, KeepsBudgetsAndCallersApart) {
  EXPECT_TRUE(At(1, Budget::kExpensive).allowed);
  EXPECT_FALSE(At(1, Budget::kExpensive).allowed);
  EXPECT_TRUE(At(1, Budget::kWrite).allowed);
  EXPECT_TRUE(At(1, Budget::kExpensive, "1:11").allowed);
  EXPECT_TRUE(At(1, Budget::kExpensive, "").allowed);
}

TEST_F(RateLimiterTest, RemembersNoMoreThanItMay) {
  for (int i = 0; i < 10'000; ++i) {
    At(1, Budget::kRead, "4:" + std::to_string(i));
  }
  EXPECT_LE(limiter_.size(), 64U);
}

TEST_F(RateLimiterTest, ForgetsWhoHasNotAskedForLongest) {
  RateLimiter one_each(1);  // One caller in each shard.
  const auto take = [&](const std::string& caller) {
    return one_each.Take(caller, Budget::kExpensive, {1, 1}, Start()).allowed;
  };
  EXPECT_TRUE(take("a"));
  EXPECT_FALSE(take("a"));
  for (int i = 0; i < 1000; ++i) {
    take(std::to_string(i));
  }
  EXPECT_TRUE(take("a"));
}

TEST_F(RateLimiterTest, CountsExactlyFromManyThreads) {
  constexpr RateLimit kWide{60, 1000};
  std::atomic<int> allowed = 0;
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        allowed += limiter_.Take("same", Budget::kRead, kWide, Start()).allowed;
        limiter_.Take(std::to_string(i), Budget::kRead, kWide, Start());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GE(allowed, 1000);  // Forgotten now and then: 64 are remembered here.
  EXPECT_LE(limiter_.size(), 64U);
  RateLimiter roomy;
  allowed = 0;
  threads.clear();
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        allowed += roomy.Take("same", Budget::kRead, kWide, Start()).allowed;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(allowed, 1000);
}

TEST(BudgetOf, TellsLooksFromChangesAndWhatCostsMuch) {
  EXPECT_EQ(BudgetOf(Action::kReadPerson, HttpMethod::kGet), Budget::kRead);
  EXPECT_EQ(BudgetOf(Action::kReadPerson, HttpMethod::kHead), Budget::kRead);
  EXPECT_EQ(BudgetOf(Action::kEnrolPeople, HttpMethod::kPost), Budget::kWrite);
  EXPECT_EQ(BudgetOf(Action::kPostPayment, HttpMethod::kPost), Budget::kPayment);
  EXPECT_EQ(BudgetOf(Action::kReadInsight, HttpMethod::kGet), Budget::kExpensive);
  EXPECT_EQ(BudgetOf(Action::kUseJobs, HttpMethod::kPost), Budget::kExpensive);
}

TEST(CallerRates, GivesEachKindOfCallerItsOwn) {
  const CallerRates rates{.user = {.read = 100, .write = 8, .payment = 1, .expensive = 4},
                          .device = {.read = 200, .write = 2, .payment = 1, .expensive = 1},
                          .partner = {.read = 300, .write = 3, .payment = 900, .expensive = 1}};
  EXPECT_EQ(rates.of(ActorKind::kStaffUser).of(Budget::kRead).per_minute, 100);
  EXPECT_EQ(rates.of(ActorKind::kWorker).of(Budget::kExpensive).per_minute, 4);
  EXPECT_EQ(rates.of(ActorKind::kDevice).of(Budget::kWrite).per_minute, 2);
  EXPECT_EQ(rates.of(ActorKind::kPartnerClient).of(Budget::kPayment).burst, 225);
  EXPECT_EQ(rates.of(ActorKind::kPartnerClient).of(Budget::kWrite).burst, 10);
}

}  // namespace
}  // namespace jaring
