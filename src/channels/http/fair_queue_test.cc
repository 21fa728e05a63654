#include "channels/http/fair_queue.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

using Jobs = std::vector<std::string>;
using Queue = FairQueue<std::string>;

void AddMany(Queue& queue, const std::string& client, int count) {
  for (int i = 1; i <= count; ++i) {
    EXPECT_EQ(queue.Add(client, client + std::to_string(i)), std::nullopt);
  }
}

TEST(FairQueue, TakesOneOfEachInTurnInTheOrderTheyCame) {
  Queue queue({.most = 100, .most_of_client = 100, .most_of_client_in_set = 100});
  AddMany(queue, "a", 4);
  AddMany(queue, "b", 1);
  AddMany(queue, "c", 2);
  EXPECT_EQ(queue.Take(100), (Jobs{"a1", "b1", "c1", "a2", "c2", "a3", "a4"}));
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(queue.Take(100).empty());
}

TEST(FairQueue, WhoWasCutOffComesFirstNextTime) {
  Queue queue({.most = 100, .most_of_client = 100, .most_of_client_in_set = 100});
  AddMany(queue, "a", 3);
  AddMany(queue, "b", 3);
  AddMany(queue, "c", 3);
  EXPECT_EQ(queue.Take(2), (Jobs{"a1", "b1"}));
  EXPECT_EQ(queue.Take(2), (Jobs{"c1", "a2"}));
  EXPECT_EQ(queue.Take(100), (Jobs{"b2", "c2", "a3", "b3", "c3"}));
}

TEST(FairQueue, AFloodTakesItsShareOfASetOnly) {
  Queue queue({.most = 1000, .most_of_client = 500, .most_of_client_in_set = 5});
  AddMany(queue, "flood", 500);
  AddMany(queue, "small", 1);
  EXPECT_EQ(queue.Take(100), (Jobs{"flood1", "small1", "flood2", "flood3", "flood4", "flood5"}));
  EXPECT_EQ(queue.Take(100).size(), 5U);
  EXPECT_EQ(queue.size(), 490U);
}

TEST(FairQueue, RefusesWhatPassesAClientsShare) {
  Queue queue({.most = 100, .most_of_client = 3, .most_of_client_in_set = 100});
  AddMany(queue, "a", 3);
  EXPECT_EQ(queue.Add("a", "a4"), "a4");
  AddMany(queue, "b", 1);
  EXPECT_EQ(queue.size(), 4U);
}

TEST(FairQueue, MakesRoomAtTheCostOfWhoHasMost) {
  Queue queue({.most = 6, .most_of_client = 100, .most_of_client_in_set = 100});
  AddMany(queue, "a", 2);
  AddMany(queue, "b", 4);
  EXPECT_EQ(queue.Add("b", "b5"), "b5");
  EXPECT_EQ(queue.Add("c", "c1"), "b4");
  EXPECT_EQ(queue.Add("c", "c2"), "b3");
  EXPECT_EQ(queue.Add("c", "c3"), "c3");  // All have two now.
  EXPECT_EQ(queue.size(), 6U);
  EXPECT_EQ(queue.Take(100), (Jobs{"a1", "b1", "c1", "a2", "b2", "c2"}));
}

}  // namespace
}  // namespace jaring
