#include "db/move_database.h"

#include <fstream>
#include <limits>

#include "db/database_fixture.h"
#include "db/migrate.h"
#include "db/move_mark.h"

namespace jaring {
namespace {

using Engine = Database::Engine;
using std::string_view_literals::operator""sv;

constexpr std::string_view kTables = R"sql(
-- What a move must carry: every kind of value and of key, an index, a reference.
CREATE TABLE part (
  part_id   BIGINT NOT NULL PRIMARY KEY,
  thing_id  BIGINT NOT NULL REFERENCES thing (thing_id)
) /* clustered */;
CREATE TABLE word (
  name   TEXT   NOT NULL,
  raw    BYTEA  NOT NULL,
  thing  BIGINT NOT NULL,
  PRIMARY KEY (name, raw, thing)
) /* clustered */;
CREATE INDEX word_by_thing ON word (thing);
ALTER TABLE word ADD COLUMN note TEXT;
ALTER TABLE word DROP COLUMN note;
INSERT INTO word (name, raw, thing) VALUES ('made by the migration', '', 1);
)sql";
constexpr std::string_view kThing = R"sql(
-- Before what refers to it.
CREATE TABLE thing (
  thing_id  BIGINT NOT NULL PRIMARY KEY,
  name      TEXT,
  raw       BYTEA,
  amount    BIGINT
);
CREATE INDEX thing_by_amount ON thing (amount, name);
)sql";
constexpr int kThings = 12'000;  // Several steps of a walk.

struct Ends {
  Engine from;
  Engine to;
};

/// From each engine to each.
class MoveDatabaseTest : public ::testing::TestWithParam<Ends> {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(GetParam().from) ||
        !ScratchDatabase::IsAvailable(GetParam().to)) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    from_ = std::make_unique<ScratchDatabase>(GetParam().from);
    to_ = std::make_unique<ScratchDatabase>(GetParam().to);
    request_ = {.from = from_->address(),
                .to = to_->address(),
                .from_name = "old",
                .to_name = "new",
                .migrations = from_->folder() / "migrations",
                .id = "first"};
    std::filesystem::create_directories(request_.migrations);
    std::ofstream(request_.migrations / "0001_create_thing.sql") << kThing;
    std::ofstream(request_.migrations / "0002_create_part.sql") << kTables;
    steps_.check = [this](Tx& tx) { return CheckSchema(tx, request_.migrations); };
    steps_.on_close = Note("closed");
    steps_.verify = Note("verified");
    steps_.on_open = Note("opened");
    Must(from().Write([&](Tx& tx) { return Migrate(tx, request_.migrations); }));
    Must(from().Write(AddRows));
  }

  Database& from() { return from_->db(); }
  Database& to() { return to_->db(); }
  Result<MoveReport> Move() { return MoveDatabase(request_, steps_); }

  static void Must(const Result<Done>& done) {
    ASSERT_TRUE(done) << done.error().rule << ": " << done.error().detail;
  }

  static Result<Done> AddRows(Tx& tx) {
    const std::string hard = "tab\t line\n return\r back\\slash \\N 'quote' \"two\" é 漢 {,} NULL";
    const std::string bytes("\0\x01\xff\\x41\n", 7);
    ValueRows rows(4);
    rows.Add({2, hard, Bytes{bytes}, std::numeric_limits<std::int64_t>::max()});
    rows.Add({3, "", Bytes{""}, std::numeric_limits<std::int64_t>::min()});
    rows.Add({4, Value(), Value(), Value()});
    for (int id = 5; id < kThings; ++id) {
      rows.Add({id, "many", Bytes{bytes}, id});
    }
    JARING_RETURN_IF_ERROR(tx.RunEach(
        "INSERT INTO thing (thing_id, name, raw, amount) VALUES ($1, $2, $3, $4)", rows));
    JARING_RETURN_IF_ERROR(tx.Run("INSERT INTO part (part_id, thing_id) VALUES (9, 4)"));
    ValueRows words(3);
    for (const std::string_view name : {std::string_view(hard), "Ärger"sv, "a"sv, "B"sv}) {
      for (int i = 0; i < 600; ++i) {
        words.Add({name, Bytes{bytes}, i});
      }
    }
    JARING_RETURN_IF_ERROR(
        tx.RunEach("INSERT INTO word (name, raw, thing) VALUES ($1, $2, $3)", words));
    return Done{};
  }

  static std::string Everything(Database& db) {
    std::vector<std::string> lines;
    const auto add = [&lines](const Row& row) {
      std::string line;
      for (int i = 0; i < 4; ++i) {
        line += row.IsNull(i) ? "NULL"
                : i == 2      ? std::string(row.Blob(i))
                              : std::string(row.Text(i));
        line += '|';
      }
      lines.push_back(line);
    };
    Must(db.Read([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(tx.Query("SELECT thing_id, name, raw, amount FROM thing", {}, add));
      JARING_RETURN_IF_ERROR(tx.Query("SELECT part_id, thing_id, NULL, NULL FROM part", {}, add));
      JARING_RETURN_IF_ERROR(
          tx.Query("SELECT number, name, NULL, NULL FROM schema_migration", {}, add));
      return tx.Query("SELECT name, thing, raw, NULL FROM word", {}, add);
    }));
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const std::string& line : lines) {
      all += line + "\n";
    }
    return all;
  }

  static std::string RuleOf(const Result<Done>& done) { return done ? "" : done.error().rule; }
  static std::string RuleOf(const Result<MoveReport>& done) {
    return done ? "" : done.error().rule;
  }
  static std::string WriteRule(Database& db) {
    return RuleOf(db.Write([](Tx&) -> Result<Done> { return Done{}; }));
  }
  std::string UseRule(Database& db) {
    return RuleOf(db.Read([&](Tx& tx) { return CheckSchema(tx, request_.migrations); }));
  }

  std::function<Result<Done>(Tx&)> Note(const std::string& what) {
    return [this, what](Tx&) -> Result<Done> {
      told_ += what + " ";
      return Done{};
    };
  }

  /// Stops in a phase once so many rows are through.
  void StopAt(MovePhase phase, std::int64_t rows) {
    steps_.on_progress = [phase, rows](const MoveProgress& progress) -> Result<Done> {
      return progress.phase == phase && progress.rows >= rows ? Internal("test.stopped")
                                                              : Result<Done>(Done{});
    };
  }

  /// Does something once, when the last row was copied and nothing is compared yet.
  void WhenCopied(const std::function<void()>& act) {
    steps_.on_progress = [act, done = false](const MoveProgress& progress) mutable -> Result<Done> {
      if (!done && progress.phase == MovePhase::kCopying && progress.rows == progress.total_rows) {
        done = true;
        act();
      }
      return Done{};
    };
  }

  std::unique_ptr<ScratchDatabase> from_;
  std::unique_ptr<ScratchDatabase> to_;
  MoveRequest request_;
  MoveSteps steps_;
  std::string told_;
};

TEST_P(MoveDatabaseTest, CarriesEveryValueAndClosesTheSource) {
  const std::string before = Everything(from());
  const auto report = Move();
  ASSERT_TRUE(report) << report.error().rule << report.error().detail;
  EXPECT_EQ(told_, "closed verified opened ");
  EXPECT_EQ(Everything(to()), before);
  EXPECT_EQ(Everything(from()), before);
  EXPECT_EQ(WriteRule(from()), "db.moved");
  EXPECT_EQ(WriteRule(to()), "");
  EXPECT_EQ(UseRule(to()), "");
  std::int64_t rows = 0;
  for (const TableSum& table : report->tables) {
    rows += table.rows;
    EXPECT_EQ(table.sum.size(), 32U);
  }
  EXPECT_EQ(rows, report->copied_rows);
  EXPECT_EQ(rows, (kThings - 2) + 1 + 2'401 + 2);
  EXPECT_FALSE(report->went_on);
}

TEST_P(MoveDatabaseTest, MakesTheIndexes) {
  ASSERT_TRUE(Move());
  to_->Run("DROP INDEX thing_by_amount; DROP INDEX word_by_thing;");
}

TEST_P(MoveDatabaseTest, SaysThatItWasDone) {
  ASSERT_TRUE(Move());
  const auto again = Move();
  ASSERT_TRUE(again) << again.error().rule;
  EXPECT_TRUE(again->was_done);
  EXPECT_EQ(told_, "closed verified opened ");
}

TEST_P(MoveDatabaseTest, GoesOnWhereItWas) {
  const std::string before = Everything(from());
  std::int64_t stopped_copying = 0;
  for (const std::int64_t rows : {1, 600, 9'000, kThings + 500}) {
    request_.id = "try " + std::to_string(rows);  // Only the first counts.
    StopAt(MovePhase::kCopying, rows);
    EXPECT_EQ(RuleOf(Move()), "test.stopped");
    EXPECT_EQ(WriteRule(from()), "db.closed");
    EXPECT_EQ(WriteRule(to()), "db.unfinished");
    EXPECT_EQ(UseRule(to()), "db.unfinished");
    EXPECT_EQ(UseRule(from()), "");
    ++stopped_copying;
  }
  StopAt(MovePhase::kComparing, 1);
  EXPECT_EQ(RuleOf(Move()), "test.stopped");
  StopAt(MovePhase::kVerifying, 0);
  EXPECT_EQ(RuleOf(Move()), "test.stopped");
  EXPECT_EQ(WriteRule(to()), "db.unfinished");
  steps_.on_progress = nullptr;
  steps_.on_open = [](Tx&) -> Result<Done> { return Internal("test.stopped"); };
  EXPECT_EQ(RuleOf(Move()), "test.stopped");
  EXPECT_EQ(WriteRule(from()), "db.moved");
  EXPECT_EQ(UseRule(to()), "db.unfinished");
  steps_.on_open = Note("opened");
  const auto report = Move();
  ASSERT_TRUE(report) << report.error().rule << report.error().detail;
  EXPECT_TRUE(report->went_on);
  EXPECT_EQ(report->copied_rows, 0);
  EXPECT_EQ(told_, "closed verified opened ");
  EXPECT_EQ(Everything(to()), before);
  EXPECT_EQ(WriteRule(to()), "");
  EXPECT_EQ(stopped_copying, 4);
}

TEST_P(MoveDatabaseTest, CopiesNoRowTwice) {
  StopAt(MovePhase::kCopying, 5'000);
  EXPECT_EQ(RuleOf(Move()), "test.stopped");
  steps_.on_progress = nullptr;
  const auto report = Move();
  ASSERT_TRUE(report) << report.error().rule << report.error().detail;
  EXPECT_LT(report->copied_rows, kThings);
  EXPECT_GT(report->copied_rows, 0);
}

TEST_P(MoveDatabaseTest, OneAlteredValueIsFound) {
  const std::vector<std::string> changes = {
      "UPDATE thing SET amount = amount + 1 WHERE thing_id = 11999",
      "UPDATE thing SET name = NULL WHERE thing_id = 3",
      "UPDATE thing SET name = '' WHERE thing_id = 4",
      "UPDATE thing SET raw = NULL WHERE thing_id = 3",
      "UPDATE thing SET name = 'manY' WHERE thing_id = 700",
      "DELETE FROM word WHERE name = 'a' AND thing = 599",
      "INSERT INTO word (name, raw, thing) VALUES ('a', '', 5)",
      "UPDATE word SET thing = 601 WHERE name = 'a' AND thing = 599",
      "DELETE FROM part"};
  for (const std::string& change : changes) {
    const ScratchDatabase target(GetParam().to);
    request_.to = target.address();
    const auto other = Database::Connect(request_.to, Database::Open::kMustExist);
    ASSERT_TRUE(other);
    WhenCopied([&] { Must((*other)->WriteAnyway([&](Tx& tx) { return tx.RunScript(change); })); });
    EXPECT_EQ(RuleOf(Move()), "db.copy_differs") << change;
    EXPECT_EQ(UseRule(**other), "db.unfinished") << change;
  }
  EXPECT_EQ(told_, "closed ");
}

TEST_P(MoveDatabaseTest, WhatIsRefusedIsNotOpened) {
  steps_.verify = [](Tx&) -> Result<Done> { return Conflict("move.books_do_not_balance"); };
  EXPECT_EQ(RuleOf(Move()), "move.books_do_not_balance");
  EXPECT_EQ(UseRule(to()), "db.unfinished");
  EXPECT_EQ(WriteRule(from()), "db.closed");
}

TEST_P(MoveDatabaseTest, ASourceOpenedMeanwhileSpoilsTheCopy) {
  steps_.verify = [this](Tx&) -> Result<Done> {
    JARING_RETURN_IF_ERROR(ReopenDatabase(from(), Reopen::kUnlessMoved, Note("reopened")));
    return from().Write([](Tx& tx) { return tx.RunScript("DELETE FROM part"); });
  };
  EXPECT_EQ(RuleOf(Move()), "move.source_reopened");
  EXPECT_EQ(told_, "closed reopened ");
  EXPECT_EQ(WriteRule(from()), "");
  EXPECT_EQ(UseRule(to()), "db.unfinished");
  request_.id = "second";
  EXPECT_EQ(RuleOf(Move()), "move.target_other");
  EXPECT_EQ(WriteRule(from()), "");
  EXPECT_EQ(RuleOf(ReopenDatabase(to(), Reopen::kEvenIfMoved, Note(""))), "db.unfinished");
}

TEST_P(MoveDatabaseTest, ReopensOnlyWhatIsClosed) {
  EXPECT_EQ(RuleOf(ReopenDatabase(from(), Reopen::kEvenIfMoved, Note(""))), "move.not_closed");
  ASSERT_TRUE(Move());
  EXPECT_EQ(RuleOf(ReopenDatabase(from(), Reopen::kUnlessMoved, Note(""))), "db.moved");
  EXPECT_EQ(WriteRule(from()), "db.moved");
  Must(ReopenDatabase(from(), Reopen::kEvenIfMoved, Note("")));
  EXPECT_EQ(WriteRule(from()), "");
}

TEST_P(MoveDatabaseTest, RefusesBeforeAnythingIsClosed) {
  to_->Run("CREATE TABLE other (id BIGINT NOT NULL PRIMARY KEY)");
  EXPECT_EQ(RuleOf(Move()), "move.target_not_empty");
  MoveRequest same = request_;
  same.to = same.from;
  EXPECT_EQ(RuleOf(MoveDatabase(same, steps_)), "move.same_database");
  MoveRequest missing = request_;
  missing.from = "sqlite:/nonexistent/a.db";
  EXPECT_EQ(RuleOf(MoveDatabase(missing, steps_)), "db.missing");
  steps_.check = [](Tx&) -> Result<Done> { return Conflict("agency.wrong_key"); };
  EXPECT_EQ(RuleOf(Move()), "agency.wrong_key");
  EXPECT_EQ(WriteRule(from()), "");
  EXPECT_EQ(told_, "");
}

TEST_P(MoveDatabaseTest, OnceBegunItLeadsToOnePlaceOnly) {
  StopAt(MovePhase::kCopying, 1);
  EXPECT_EQ(RuleOf(Move()), "test.stopped");
  MoveRequest elsewhere = request_;
  elsewhere.to_name = "third";
  EXPECT_EQ(RuleOf(MoveDatabase(elsewhere, steps_)), "move.to_elsewhere");
  MoveRequest back = request_;
  std::swap(back.from, back.to);
  EXPECT_EQ(RuleOf(MoveDatabase(back, steps_)), "db.unfinished");
}

TEST_P(MoveDatabaseTest, TwoAtOnceDoItOnce) {
  const std::string before = Everything(from());
  WhenCopied([] {});
  steps_.on_progress = [this, done = false](const MoveProgress& progress) mutable -> Result<Done> {
    if (!done && progress.rows > 600) {
      done = true;
      MoveSteps quiet = steps_;
      quiet.on_progress = nullptr;
      const auto second = MoveDatabase(request_, quiet);
      EXPECT_TRUE(second) << second.error().rule << second.error().detail;
    }
    return Done{};
  };
  EXPECT_EQ(RuleOf(Move()), "move.runs_twice");
  EXPECT_EQ(told_, "closed verified opened ");
  EXPECT_EQ(Everything(to()), before);
}

std::string EndsName(const ::testing::TestParamInfo<Ends>& info) {
  const auto name = [](Engine engine) { return engine == Engine::kSqlite ? "Sqlite" : "Postgres"; };
  return std::string(name(info.param.from)) + "To" + name(info.param.to);
}

INSTANTIATE_TEST_SUITE_P(Each, MoveDatabaseTest,
                         ::testing::Values(Ends{Engine::kSqlite, Engine::kPostgres},
                                           Ends{Engine::kPostgres, Engine::kSqlite},
                                           Ends{Engine::kSqlite, Engine::kSqlite},
                                           Ends{Engine::kPostgres, Engine::kPostgres}),
                         EndsName);

}  // namespace
}  // namespace jaring
