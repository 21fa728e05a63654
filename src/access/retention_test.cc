// What is over is deleted, and nothing else.

#include "access/retention.h"

#include <gtest/gtest.h>

#include "registry/agency_fixture.h"

namespace jaring {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;

class RetentionTest : public AgencyTest {
 protected:
  std::int64_t Due(const char* what) {
    std::int64_t count = -1;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(count, CountDue(tx, what, cutoff_));
      return Done{};
    });
    return count;
  }
  std::int64_t Delete(const char* what, std::int64_t limit) {
    std::int64_t count = -1;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(count, DeleteDue(tx, what, cutoff_, limit));
      return Done{};
    });
    return count;
  }

  const Instant cutoff_ = Instant::FromMicros(10 * kDayMicros);
};

JARING_ON_EACH_ENGINE(RetentionTest);

TEST_P(RetentionTest, DeletesWhatIsOverAFewAtATime) {
  Write([&](Tx& tx) -> Result<Done> {
    for (int day = 7; day <= 12; ++day) {
      const std::int64_t at = day * kDayMicros;
      JARING_RETURN_IF_ERROR(
          tx.Run("INSERT INTO idempotency_key (client, key, fingerprint, status, body, created_at)"
                 " VALUES ('c', $1, $2, 200, '', $3)",
                 {"k" + std::to_string(day), Bytes{"f"}, at}));
    }
    return Done{};
  });
  EXPECT_EQ(Due("answers"), 3);
  EXPECT_EQ(Delete("answers", 2), 2);
  EXPECT_EQ(Delete("answers", 2), 1);
  EXPECT_EQ(Delete("answers", 2), 0);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM idempotency_key"), 3);
}

TEST_P(RetentionTest, AnOpenSessionStays) {
  Write([&](Tx& tx) -> Result<Done> {
    const char* sql =
        "INSERT INTO session (token_hash, session_id, actor_kind, actor_id, role, scope_kind,"
        " scope_id, second_factor, label, created_at, expires_at, ended_at)"
        " VALUES ($1, $2, 1, 1, 4, 1, 0, 1, 'x', 0, $3, $4)";
    const std::int64_t later = 20 * kDayMicros;
    JARING_RETURN_IF_ERROR(tx.Run(sql, {Bytes{"open"}, 1, later, Value()}));
    JARING_RETURN_IF_ERROR(tx.Run(sql, {Bytes{"ended"}, 2, later, 9 * kDayMicros}));
    JARING_RETURN_IF_ERROR(tx.Run(sql, {Bytes{"over"}, 3, 9 * kDayMicros, Value()}));
    JARING_RETURN_IF_ERROR(tx.Run(sql, {Bytes{"late"}, 4, later, 11 * kDayMicros}));
    return Done{};
  });
  EXPECT_EQ(Due("sessions"), 2);
  EXPECT_EQ(Delete("sessions", 500), 2);
  EXPECT_EQ(Number("SELECT SUM(session_id) FROM session"), 5);
}

TEST_P(RetentionTest, MessagesNotSentYetStay) {
  EXPECT_EQ(Due("messages"), 0);
  EXPECT_EQ(Delete("messages", 10), 0);
  EXPECT_EQ(Due("nonces"), 0);
  EXPECT_EQ(Delete("nonces", 10), 0);
}

}  // namespace
}  // namespace jaring
