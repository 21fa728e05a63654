// What is done from time to time beside the requests.

#include "channels/http/housekeeper.h"

#include <gtest/gtest.h>

#include <future>

namespace jaring {
namespace {

using std::chrono::hours;

/// Tells when a duty has run so many times.
class Counter {
 public:
  void Count() {
    const std::lock_guard lock(mutex_);
    ++runs_;
    changed_.notify_all();
  }
  bool Reaches(int runs) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes(2), [&] { return runs_ >= runs; });
  }
  int runs() {
    const std::lock_guard lock(mutex_);
    return runs_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int runs_ = 0;
};

TEST(Housekeeper, DoesEachDutyAtTheBeginningAndThenInItsTime) {
  Counter often;
  Counter seldom;
  Housekeeper keeper({{std::chrono::seconds(0), [&](const auto&) { often.Count(); }},
                      {hours(1), [&](const auto&) { seldom.Count(); }}});
  keeper.Start();
  EXPECT_TRUE(often.Reaches(5));
  EXPECT_EQ(seldom.runs(), 1);
}

TEST(Housekeeper, WakesOnlyForWhatWantsIt) {
  Counter messages;
  Counter others;
  Housekeeper keeper({{hours(1), [&](const auto&) { others.Count(); }},
                      {hours(1), [&](const auto&) { messages.Count(); }, true}});
  keeper.Start();
  ASSERT_TRUE(messages.Reaches(1));
  keeper.Wake();
  EXPECT_TRUE(messages.Reaches(2));
  EXPECT_EQ(others.runs(), 1);
}

TEST(Housekeeper, TellsALongDutyToStop) {
  std::promise<void> begun;
  auto keeper = std::make_unique<Housekeeper>(
      std::vector<Duty>{{hours(1), [&](const std::function<bool()>& stopping) {
                           begun.set_value();
                           while (!stopping()) {
                             std::this_thread::yield();
                           }
                         }}});
  keeper->Start();
  begun.get_future().wait();
  keeper.reset();  // Ends.
}

TEST(Housekeeper, NeedsNoStart) {
  Counter runs;
  {
    const Housekeeper keeper({{hours(1), [&](const auto&) { runs.Count(); }}});
  }
  EXPECT_EQ(runs.runs(), 0);
}

}  // namespace
}  // namespace jaring
