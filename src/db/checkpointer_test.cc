// The write-ahead log is copied beside the writer and begins anew; nothing of it is lost.

#include "db/sqlite/checkpointer.h"

#include <algorithm>

#include "db/database_fixture.h"

namespace jaring {
namespace {

class CheckpointerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    scratch_.Run("CREATE TABLE t (a BIGINT, b TEXT)");
    auto writer = SqliteConnection::Open(File(), SqliteMode::kWriter);
    ASSERT_TRUE(writer);
    writer_ = std::move(writer).value();
  }
  std::string File() { return (scratch_.folder() / "test.db").string(); }

  /// Commits `count` sets of about 20 pages; the longest the log has been.
  int Write(Checkpointer& checkpointer, int count) {
    int longest = 0;
    for (int i = 0; i < count; ++i) {
      EXPECT_TRUE(writer_->Run("BEGIN IMMEDIATE", {}));
      for (int row = 0; row < 20; ++row) {
        EXPECT_TRUE(writer_->Run("INSERT INTO t (a, b) VALUES ($1, $2)", {{written_++, page_}}));
      }
      EXPECT_TRUE(writer_->Run("COMMIT", {}));
      checkpointer.AfterCommit(*writer_);
      longest = std::max(longest, writer_->log_pages());
    }
    return longest;
  }

  std::int64_t Count() {
    std::int64_t count = -1;
    EXPECT_TRUE(scratch_.db().Read([&](Tx& tx) {
      return tx.Query("SELECT COUNT(*) FROM t", {}, [&](const Row& row) { count = row.Int(0); });
    }));
    return count;
  }

  ScratchDatabase scratch_{Database::Engine::kSqlite};
  std::unique_ptr<SqliteConnection> writer_;
  const std::string page_ = std::string(3'500, 'x');
  std::int64_t written_ = 0;
};

TEST_F(CheckpointerTest, LogBeginsAnewUnderSteadyWriting) {
  Checkpointer checkpointer(File(), {.pass = 100, .most = 400, .rest = 20});
  Write(checkpointer, 500);  // More than 10,000 pages.
  EXPECT_LT(std::filesystem::file_size(File() + "-wal") / 4'096, 9'000U);
  EXPECT_EQ(Count(), written_);
}

TEST_F(CheckpointerTest, WaitsForAReaderOfOldPages) {
  Checkpointer checkpointer(File(), {.pass = 100, .most = 400, .rest = 20});
  ASSERT_TRUE(scratch_.db().Read([&](Tx& tx) -> Result<Done> {
    std::int64_t count = -1;
    const auto look = [&] {
      return tx.Query("SELECT COUNT(*) FROM t", {}, [&](const Row& row) { count = row.Int(0); });
    };
    JARING_RETURN_IF_ERROR(look());
    EXPECT_GE(Write(checkpointer, 100), 2'000);  // Kept while the reader needs it.
    JARING_RETURN_IF_ERROR(look());
    EXPECT_EQ(count, 0);
    return Done{};
  }));
  Write(checkpointer, 100);
  EXPECT_LT(writer_->log_pages(), 2'000);
  EXPECT_EQ(Count(), written_);
}

}  // namespace
}  // namespace jaring
