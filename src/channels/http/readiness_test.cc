#include "channels/http/readiness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/source_dir.h"
#include "channels/http/test_site.h"

namespace jaring {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReadinessTest : public ::testing::TestWithParam<Database::Engine> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam())) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    site_ = std::make_unique<TestSite>(GetParam());
  }
  ReadinessParts Parts() const {
    return {site_->database(), site_->agency(), SourceDir() + "/migrations", "/", {}};
  }
  std::unique_ptr<TestSite> site_;
};

TEST_P(ReadinessTest, IsReadyWhenNothingIsMissing) {
  EXPECT_THAT(FindUnready(Parts()), IsEmpty());
  EXPECT_EQ(ReadinessAnswer(Parts()).status, 200);
}

TEST_P(ReadinessTest, NamesTheWrongKey) {
  const Sealer other(std::string(Sealer::kKeyBytes, 'x'));
  const Agency agency{site_->agency().scheme, other, true};
  const ReadinessParts parts{site_->database(), agency, "", "", {}};
  EXPECT_THAT(FindUnready(parts), ElementsAre("key: agency.wrong_key"));
}

TEST_P(ReadinessTest, NamesASchemaThatIsNotOurs) {
  ReadinessParts parts = Parts();
  parts.migrations = "/nonexistent";
  EXPECT_THAT(FindUnready(parts), ElementsAre("schema: migration.folder_unreadable"));
}

TEST_P(ReadinessTest, NamesADiskWithoutRoom) {
  ReadinessParts parts = Parts();
  parts.data_folder = "/proc";  // Has no room, ever.
  EXPECT_THAT(FindUnready(parts), ElementsAre("disk: no room"));
}

TEST_P(ReadinessTest, ADatabaseThatHasMovedAwayIsNotReadyOneThatIsMovedCanBeRead) {
  const auto mark = [&](const char* script) {
    const auto done = site_->database().WriteAnyway([&](Tx& tx) { return tx.RunScript(script); });
    ASSERT_TRUE(done) << done.error().detail;
  };
  mark(
      "CREATE TABLE database_move (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);"
      "INSERT INTO database_move VALUES ('id', 'x'), ('state', 'leaving'), ('elsewhere', 'y')");
  EXPECT_THAT(FindUnready(Parts()), IsEmpty());
  mark("UPDATE database_move SET value = 'left' WHERE name = 'state'");
  EXPECT_THAT(FindUnready(Parts()), ElementsAre("database: db.moved"));
}

TEST_P(ReadinessTest, StoppingIsNotReadyAndSaidInPlainWords) {
  ReadinessParts parts = Parts();
  parts.is_stopping = [] { return true; };
  const HttpResponse answer = ReadinessAnswer(parts);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "stopping\n");
}

INSTANTIATE_TEST_SUITE_P(Each, ReadinessTest,
                         ::testing::Values(Database::Engine::kSqlite, Database::Engine::kPostgres),
                         EngineName);

}  // namespace
}  // namespace jaring
