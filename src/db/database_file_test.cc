// Files that are missing, foreign, read-only or in use; and the migrations that fill new ones.

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "base/source_dir.h"
#include "db/database_fixture.h"
#include "db/migrate.h"

namespace jaring {
namespace {

std::string RuleOf(const std::string& address, Database::Open open = Database::Open::kMustExist) {
  const auto db = Database::Connect(address, open);
  return db ? "opened" : db.error().rule;
}

/// Gives up every capability of this process, such as root's to write what it may only read.
bool DropCapabilities() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

TEST(DatabaseAddress, MustBeOfAKnownForm) {
  EXPECT_EQ(RuleOf("mysql://x"), "db.address_malformed");
  EXPECT_EQ(RuleOf("sqlite:"), "db.address_malformed");
  EXPECT_EQ(RuleOf(""), "db.address_malformed");
}

TEST(DatabaseAddress, NobodyListens) {
  EXPECT_EQ(RuleOf("postgresql://nobody@127.0.0.1:1/none"), "db.unavailable");
}

class SqliteFile : public ::testing::Test {
 protected:
  ScratchDatabase scratch_{Database::Engine::kSqlite};
};

TEST_F(SqliteFile, MissingIsToldUnlessItMayBeMade) {
  const std::string address = "sqlite:" + (scratch_.folder() / "new.db").string();
  EXPECT_EQ(RuleOf(address), "db.missing");
  EXPECT_FALSE(std::filesystem::exists(scratch_.folder() / "new.db"));
  EXPECT_EQ(RuleOf(address, Database::Open::kMayCreate), "opened");
  EXPECT_EQ(RuleOf(address), "opened");
  EXPECT_EQ(RuleOf("sqlite:" + (scratch_.folder() / "no" / "folder.db").string(),
                   Database::Open::kMayCreate),
            "db.unavailable");
}

TEST_F(SqliteFile, ForeignFileIsNotADatabase) {
  const auto file = scratch_.folder() / "list.csv";
  std::ofstream(file) << std::string(5'000, 'x');
  EXPECT_EQ(RuleOf("sqlite:" + file.string()), "db.not_a_database");
}

TEST_F(SqliteFile, ReadOnlyFileIsTold) {
  scratch_.Run("CREATE TABLE t (a BIGINT)");
  const auto file = scratch_.folder() / "copy.db";
  std::filesystem::copy_file(scratch_.folder() / "test.db", file);
  using std::filesystem::perms;
  std::filesystem::permissions(file, perms::owner_read | perms::group_read | perms::others_read);
  // In a process of its own, which permissions bind even when it is root's.
  EXPECT_EXIT(
      {
        const bool bound = DropCapabilities();
        const std::string rule = RuleOf("sqlite:" + file.string());
        std::fprintf(stderr, "bound %d, rule %s", bound, rule.c_str());
        std::exit(bound && rule == "db.read_only" ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "rule db.read_only");
}

TEST_F(SqliteFile, SecondWriterIsToldThatTheDatabaseIsBusy) {
  scratch_.Run("CREATE TABLE t (a BIGINT)");
  const auto other = Database::Connect(scratch_.address(), Database::Open::kMustExist);
  ASSERT_TRUE(other);
  ASSERT_TRUE((*other)->Write([](Tx& tx) { return tx.RunScript("PRAGMA busy_timeout = 1"); }));
  const auto add = [](Tx& tx) { return tx.RunScript("INSERT INTO t (a) VALUES (1)"); };
  std::string rule;
  ASSERT_TRUE(scratch_.db().Write([&](Tx& tx) {
    const auto second = (*other)->Write(add);
    rule = second ? "" : second.error().rule;
    return add(tx);
  }));
  EXPECT_EQ(rule, "db.busy");
  EXPECT_TRUE((*other)->Write(add));  // Free again.
}

TEST_F(SqliteFile, WhoWritesWithoutAPauseKeepsNobodyOut) {
  scratch_.Run("CREATE TABLE t (a BIGINT)");
  const auto add = [](Tx& tx) { return tx.RunScript("INSERT INTO t (a) VALUES (1)"); };
  std::atomic<bool> stop = false;
  std::atomic<int> commits = 0;
  std::thread busy([&] {
    while (!stop) {
      EXPECT_TRUE(scratch_.db().Write([&](Tx& tx) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        return add(tx);
      }));
      ++commits;
    }
  });
  const auto other = Database::Connect(scratch_.address(), Database::Open::kMustExist);
  EXPECT_TRUE(other);
  while (commits == 0) {
    std::this_thread::yield();
  }
  constexpr int kRounds = 20;
  const int before = commits;
  for (int round = 0; other && round < kRounds; ++round) {
    EXPECT_TRUE((*other)->Write(add));
  }
  const int meanwhile = commits - before;
  stop = true;
  busy.join();
  // One each, when both have just begun to wait; many more without turns.
  EXPECT_LT(meanwhile, 5 * kRounds);
}

class MigrateTest : public EngineTest {
 protected:
  void File(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(folder());
    std::ofstream(folder() / name) << text;
  }
  std::filesystem::path folder() { return scratch().folder() / "migrations"; }
  std::string Rule() {
    const auto done = db().Write([&](Tx& tx) { return Migrate(tx, folder()); });
    return done ? "" : done.error().rule;
  }
  std::int64_t Version() {
    std::int64_t version = -1;
    EXPECT_TRUE(db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(version, SchemaVersion(tx));
      return Done{};
    }));
    return version;
  }
};

JARING_ON_EACH_ENGINE(MigrateTest);

TEST_P(MigrateTest, AppliesTheProjectsOwnTwiceWithoutHarm) {
  const auto migrate = [](Tx& tx) { return Migrate(tx, SourceDir() + "/migrations"); };
  Write(migrate);
  const std::int64_t version = Version();
  EXPECT_GE(version, 6);
  Write(migrate);
  EXPECT_EQ(Version(), version);
}

TEST_P(MigrateTest, AppliesOnlyWhatIsNew) {
  File("0001_create_a.sql", "-- A.\nCREATE TABLE a (x BIGINT NOT NULL PRIMARY KEY);");
  EXPECT_EQ(Rule(), "");
  File("0002_create_b.sql",
       "CREATE TABLE b (x BIGINT PRIMARY KEY) /* clustered */;\nINSERT INTO a (x) VALUES (1);");
  EXPECT_EQ(Rule(), "");
  EXPECT_EQ(Rule(), "");
  EXPECT_EQ(Version(), 2);
}

TEST_P(MigrateTest, RefusesGapsNothingAndNewerDatabases) {
  EXPECT_EQ(Rule(), "migration.folder_unreadable");
  File("0002_create_b.sql", "CREATE TABLE b (x BIGINT);");
  EXPECT_EQ(Rule(), "migration.gap");
  File("0001_create_a.sql", "CREATE TABLE a (x BIGINT);");
  EXPECT_EQ(Rule(), "");
  std::filesystem::remove(folder() / "0002_create_b.sql");
  EXPECT_EQ(Rule(), "migration.newer");
}

TEST_P(MigrateTest, LeavesNothingOfAMigrationThatFails) {
  File("0001_create_a.sql", "CREATE TABLE a (x BIGINT);");
  File("0002_create_b.sql", "CREATE TABLE b (x BIGINT); CREATE TABLE nonsense;");
  EXPECT_EQ(Rule(), "db.failed");
  File("0002_create_b.sql", "CREATE TABLE b (x BIGINT);");
  EXPECT_EQ(Rule(), "");  // Neither a nor b was there yet.
  EXPECT_EQ(Version(), 2);
}

}  // namespace
}  // namespace jaring
