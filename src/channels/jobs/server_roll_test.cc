#include "channels/jobs/server_roll.h"

#include <optional>

#include "registry/agency_fixture.h"

namespace jaring {
namespace {

class ServerRollTest : public AgencyTest {
 protected:
  std::unique_ptr<ServerRoll> Server(const std::string& name,
                                     std::function<bool(const std::string&)> is_gone = {}) {
    return std::make_unique<ServerRoll>(
        db(), [] { return Noon(D(20260315)); }, name, std::move(is_gone));
  }

  std::int64_t Rows() {
    std::int64_t rows = 0;
    EXPECT_TRUE(db().Read([&](Tx& tx) {
      return tx.Query("SELECT COUNT(*) FROM server", {}, [&](const Row& r) { rows = r.Int(0); });
    }));
    return rows;
  }
};

JARING_ON_EACH_ENGINE(ServerRollTest);

TEST_P(ServerRollTest, CountsThoseThatAnswer) {
  const auto one = Server("one");
  EXPECT_EQ(one->servers(), 1);
  EXPECT_EQ(one->claim(), "");
  ASSERT_TRUE(one->Answer());
  EXPECT_NE(one->claim(), "");
  auto two = Server("two");
  const auto three = Server("three");
  ASSERT_TRUE(two->Answer());
  ASSERT_TRUE(three->Answer());
  EXPECT_EQ(three->servers(), 3) << "who comes last knows at once";
  EXPECT_EQ(one->servers(), 1);
  ASSERT_TRUE(one->Answer());
  EXPECT_EQ(one->servers(), 3) << "the others with their next call";
  EXPECT_NE(one->claim(), two->claim());
  two.reset();
  ASSERT_TRUE(one->Answer());
  EXPECT_EQ(one->servers(), 2) << "who stops strikes itself off";
}

TEST_P(ServerRollTest, StrikesOffWhoDoesNotAnswer) {
  const auto one = Server("one");
  const auto dead = Server("dead");
  const auto alive = Server("alive");
  for (const auto* server : {&one, &dead, &alive}) {
    ASSERT_TRUE((*server)->Answer());
  }
  ASSERT_TRUE(one->Answer());
  for (int look = 1; look < ServerRoll::kLooksUntilGone; ++look) {
    ASSERT_TRUE(alive->Answer());
    const auto struck_off = one->Answer();
    ASSERT_TRUE(struck_off);
    EXPECT_FALSE(*struck_off) << look;
    EXPECT_EQ(one->servers(), 3);
  }
  EXPECT_TRUE(*one->Answer());
  EXPECT_EQ(one->servers(), 2);
  EXPECT_EQ(Rows(), 2);
}

TEST_P(ServerRollTest, WhoOnlySleptJoinsUnderAnotherNumber) {
  const auto one = Server("one");
  const auto sleeper = Server("sleeper");
  ASSERT_TRUE(sleeper->Answer());
  const std::string claim = sleeper->claim();
  for (int look = 0; look <= ServerRoll::kLooksUntilGone; ++look) {
    ASSERT_TRUE(one->Answer());
  }
  EXPECT_EQ(Rows(), 1);
  EXPECT_EQ(sleeper->claim(), claim) << "it does not know yet";
  ASSERT_TRUE(sleeper->Answer());
  EXPECT_NE(sleeper->claim(), claim);
  EXPECT_EQ(Rows(), 2);
}

TEST_P(ServerRollTest, NobodyIsGoneForAsLongAsNobodyCouldLook) {
  // One look is one look, however long the database kept it waiting.
  const auto one = Server("one");
  const auto two = Server("two");
  ASSERT_TRUE(two->Answer());
  for (int i = 0; i < 3 * ServerRoll::kLooksUntilGone; ++i) {
    ASSERT_TRUE(one->Answer());
    ASSERT_TRUE(two->Answer());
    EXPECT_EQ(one->servers() + two->servers(), 4);
  }
}

TEST_P(ServerRollTest, WhoIsKnownToHaveEndedIsStruckOffAtOnce) {
  const auto before = Server("host 17");
  ASSERT_TRUE(before->Answer());
  const auto elsewhere = Server("other 17");
  ASSERT_TRUE(elsewhere->Answer());
  const auto after = Server("host 18", [](const std::string& name) { return name == "host 17"; });
  EXPECT_TRUE(*after->Answer());
  EXPECT_EQ(after->servers(), 2);
}

}  // namespace
}  // namespace jaring
