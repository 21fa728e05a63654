#include "db/database.h"

#include <array>
#include <limits>
#include <thread>

#include "db/database_fixture.h"

namespace jaring {
namespace {

constexpr const char* kInsert = "INSERT INTO thing (id, name, data, other) VALUES ($1, $2, $3, $4)";
constexpr const char* kInsertOrKeep =
    "INSERT INTO thing (id, name, data, other) VALUES ($1, $2, $3, $4)\n"
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, other = excluded.other";
constexpr const char* kUpdate = "UPDATE thing SET name = $2, data = $3, other = $4 WHERE id = $1";
constexpr const char* kFind = "SELECT id, name, data, other FROM thing WHERE id = $1";
constexpr const char* kAtMost = "SELECT id, name FROM thing WHERE id <= $1 ORDER BY id DESC";
constexpr const char* kCount = "SELECT COUNT(*) FROM thing";

constexpr int kStreamed = 20'000;

class DatabaseTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (!IsSkipped()) {
      scratch().Run(
          "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT, data BYTEA, other BIGINT,"
          " CONSTRAINT small CHECK (other IS NULL OR other <> 13)) /* clustered */");
    }
  }

  std::int64_t Count() {
    std::int64_t count = -1;
    EXPECT_TRUE(db().Read(
        [&](Tx& tx) { return tx.Query(kCount, {}, [&](const Row& row) { count = row.Int(0); }); }));
    return count;
  }

  Error FailureOf(const std::function<Result<Done>(Tx&)>& work) {
    const auto done = db().Write(work);
    EXPECT_FALSE(done);
    return done ? Error{} : done.error();
  }
};

JARING_ON_EACH_ENGINE(DatabaseTest);

TEST_P(DatabaseTest, NumbersParametersByNameNotByAppearance) {
  Write([](Tx& tx) {
    std::string first;
    std::string second;
    auto done =
        tx.Query("SELECT CAST($2 AS TEXT), CAST($1 AS TEXT)", {"one", "two"}, [&](const Row& row) {
          first = row.Text(0);
          second = row.Text(1);
        });
    EXPECT_EQ(first, "two");
    EXPECT_EQ(second, "one");
    return done;
  });
}

TEST_P(DatabaseTest, StreamsRowsThatAreGoneWhenTheSinkReturns) {
  Write([](Tx& tx) -> Result<Done> {
    const auto give = [](const RowSink& sink) -> Result<Done> {
      for (int id = 0; id < kStreamed; ++id) {
        std::string passing = "row " + std::to_string(id);
        const std::array<Value, 4> row = {id, passing, Bytes{passing}, Value()};
        JARING_RETURN_IF_ERROR(sink(row));
        passing.assign(passing.size(), 'x');
      }
      return Done{};
    };
    JARING_ASSIGN_OR_RETURN(const std::int64_t written, tx.RunStream(kInsert, give));
    EXPECT_EQ(written, kStreamed);
    return tx.Query(kFind, {19'999}, [](const Row& row) { EXPECT_EQ(row.Text(1), "row 19999"); });
  });
  EXPECT_EQ(Count(), kStreamed);
}

TEST_P(DatabaseTest, AStreamThatIsGivenUpWritesNothing) {
  const auto give_up = [](const RowSink& sink) -> Result<Done> {
    const std::array<Value, 4> row = {1, "one", Value(), Value()};
    JARING_RETURN_IF_ERROR(sink(row));
    return Conflict("test.given_up");
  };
  const auto failure = FailureOf([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.RunStream(kInsert, give_up));
    return Done{};
  });
  EXPECT_EQ(failure.rule, "test.given_up");
  EXPECT_EQ(Count(), 0);
  // The connection is as good as before.
  Write([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {1, "one", Value(), Value()}));
    return Done{};
  });
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, AStreamTellsWhatTheEngineRefuses) {
  const auto failure = FailureOf([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.RunStream(kInsert, [](const RowSink& sink) -> Result<Done> {
      const std::array<Value, 4> row = {1, "one", Value(), 13};
      return sink(row);
    }));
    return Done{};
  });
  EXPECT_EQ(failure.rule, "db.constraint");
}

TEST_P(DatabaseTest, KnowsItsTables) {
  Write([](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const bool thing, tx.HasTable("thing"));
    JARING_ASSIGN_OR_RETURN(const bool later, tx.HasTable("later"));
    EXPECT_TRUE(thing);
    EXPECT_FALSE(later);
    JARING_RETURN_IF_ERROR(tx.RunScript("CREATE TABLE later (id BIGINT NOT NULL PRIMARY KEY)"));
    JARING_ASSIGN_OR_RETURN(const bool now, tx.HasTable("later"));
    EXPECT_TRUE(now);
    return Done{};
  });
}

/// Texts and bytes that quoting, COPY or array literals could spoil.
std::vector<std::string> AwkwardTexts() {
  return {"",
          "NULL",
          "null",
          "\\N",
          "\\",
          "\\\\",
          "\"",
          "'",
          "a,b",
          "{a}",
          "{}",
          "\t",
          "\n",
          "\r\n",
          " padded ",
          "\\x41",
          "$1",
          "a\\nb",
          "Ünï",
          "漢字",
          "🙂",
          "a;--",
          "/* clustered */"};
}

enum class How { kOneByOne, kPlainSet, kConflictSet, kUpdateSet };

void StoreAll(Tx& tx, How how, const ValueRows& rows) {
  if (how == How::kOneByOne) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_TRUE(tx.Run(kInsert, rows.row(i)));
    }
    return;
  }
  if (how == How::kUpdateSet) {
    ValueRows blank(4);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      blank.Add({rows.row(i)[0], "x", Bytes{"x"}, 7});
    }
    EXPECT_TRUE(tx.RunEach(kInsert, blank));
  }
  const char* sql = how == How::kPlainSet      ? kInsert
                    : how == How::kConflictSet ? kInsertOrKeep
                                               : kUpdate;
  const auto changed = tx.RunEach(sql, rows);
  ASSERT_TRUE(changed) << changed.error().detail;
  EXPECT_EQ(*changed, static_cast<std::int64_t>(rows.size()));
}

TEST_P(DatabaseTest, KeepsEveryValueWhicheverWayItIsStored) {
  const auto texts = AwkwardTexts();
  const std::string zeros("\0a\\\0'\xff\n", 7);
  const std::vector<std::int64_t> integers = {0, -1, std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};
  for (const How how : {How::kOneByOne, How::kPlainSet, How::kConflictSet, How::kUpdateSet}) {
    scratch().Run("DELETE FROM thing");
    ValueRows rows(4);
    ValueRows keys(1);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto id = static_cast<std::int64_t>(i);
      rows.Add({id, texts[i], Bytes{zeros}, integers[i % integers.size()]});
      keys.Add({id});
    }
    rows.Add({100, Value(), Value(), Value()});
    rows.Add({101, std::string_view(), Bytes{}, 1});
    keys.Add({100});
    keys.Add({101});
    std::size_t seen = 0;
    Write([&](Tx& tx) {
      StoreAll(tx, how, rows);
      return tx.QueryEach(kFind, keys, [&](std::size_t k, const Row& row) {
        EXPECT_EQ(k, seen++);
        if (k < texts.size()) {
          EXPECT_EQ(row.Text(1), texts[k]);
          EXPECT_EQ(row.Blob(2), zeros);
          EXPECT_EQ(row.Int(3), integers[k % integers.size()]);
          EXPECT_FALSE(row.IsNull(1));
        } else if (k == texts.size()) {
          EXPECT_TRUE(row.IsNull(1) && row.IsNull(2) && row.IsNull(3));
        } else {
          EXPECT_FALSE(row.IsNull(1) || row.IsNull(2)) << static_cast<int>(how);
          EXPECT_EQ(row.Text(1), "");
          EXPECT_EQ(row.Blob(2), "");
        }
      });
    });
    EXPECT_EQ(seen, texts.size() + 2) << static_cast<int>(how);
  }
}

TEST_P(DatabaseTest, QueryEachAnswersInTheOrderOfKeysAndOfTheStatement) {
  Write([&](Tx& tx) -> Result<Done> {
    ValueRows rows(4);
    for (int id = 1; id <= 50; ++id) {
      rows.Add({id, "n", Value(), Value()});
    }
    JARING_RETURN_IF_ERROR(tx.RunEach(kInsert, rows));
    // Far more than work_mem holds, with keys that come twice and keys without answer.
    if (!is_sqlite()) {
      JARING_RETURN_IF_ERROR(tx.RunScript("SET LOCAL work_mem = '64kB'"));
    }
    ValueRows keys(1);
    for (int k = 0; k < 2'000; ++k) {
      keys.Add({k * 37 % 50});
    }
    std::size_t next_key = 0;
    std::int64_t next_id = 0;
    std::size_t answers = 0;
    JARING_RETURN_IF_ERROR(tx.QueryEach(kAtMost, keys, [&](std::size_t k, const Row& row) {
      if (k != next_key || next_id == 0) {
        EXPECT_GE(k, next_key);
        next_key = k;
        next_id = keys.row(k)[0].integer();
      }
      EXPECT_EQ(row.Int(0), next_id--);
      ++answers;
    }));
    EXPECT_EQ(answers, 2'000u / 50 * (49 * 50 / 2));
    return Done{};
  });
}

TEST_P(DatabaseTest, RunEachCountsWhatItChangesAndTakesAnEmptySet) {
  Write([&](Tx& tx) -> Result<Done> {
    ValueRows rows(4);
    JARING_ASSIGN_OR_RETURN(const std::int64_t none, tx.RunEach(kInsert, rows));
    EXPECT_EQ(none, 0);
    rows.Add({1, "a", Value(), Value()});
    rows.Add({2, "b", Value(), Value()});
    JARING_RETURN_IF_ERROR(tx.RunEach(kInsert, rows));
    rows.Add({3, "c", Value(), Value()});
    JARING_ASSIGN_OR_RETURN(const std::int64_t updated, tx.RunEach(kUpdate, rows));
    EXPECT_EQ(updated, 2);
    JARING_ASSIGN_OR_RETURN(const std::int64_t kept, tx.RunEach(kInsertOrKeep, rows));
    EXPECT_EQ(kept, 3);
    return Done{};
  });
  EXPECT_EQ(Count(), 3);
}

TEST_P(DatabaseTest, UndoesEverythingOnAnError) {
  const Error error = FailureOf([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {1, "a", Value(), Value()}));
    return Invalid("test.changed_its_mind");
  });
  EXPECT_EQ(error.rule, "test.changed_its_mind");
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseTest, TellsOfBrokenConstraintsOneByOneAndInSets) {
  for (const bool second_is_bad : {false, true}) {
    const Error error = FailureOf([&](Tx& tx) -> Result<Done> {
      ValueRows rows(4);
      rows.Add({1, "a", Value(), second_is_bad ? 12 : 13});
      rows.Add({second_is_bad ? 1 : 2, "b", Value(), Value()});
      JARING_RETURN_IF_ERROR(tx.RunEach(kInsert, rows));
      return Done{};
    });
    EXPECT_EQ(error.rule, "db.constraint");
    EXPECT_EQ(error.code, ErrorCode::kConflict);
  }
  EXPECT_EQ(FailureOf([](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(tx.Run(kInsert, {Value(), "a", Value(), Value()}));
              return Done{};
            }).rule,
            "db.constraint");
  EXPECT_EQ(Count(), 0);
  scratch().Run("DELETE FROM thing");  // The connection is of use afterwards.
}

TEST_P(DatabaseTest, NeverSaysDoneWhenAFailedStatementWasPassedOver) {
  const auto done = db().Write([](Tx& tx) -> Result<Done> {
    (void)tx.Run(kInsert, {1, "a", Value(), Value()});
    (void)tx.Run(kInsert, {1, "again", Value(), Value()});
    return Done{};
  });
  EXPECT_EQ(Count(), done ? 1 : 0);
}

TEST_P(DatabaseTest, ReadsASnapshotWhileSomebodyWrites) {
  std::int64_t before = -1;
  std::int64_t after = -1;
  const auto count = [](Tx& tx, std::int64_t& into) {
    return tx.Query(kCount, {}, [&](const Row& row) { into = row.Int(0); });
  };
  ASSERT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(count(tx, before));
    Write([](Tx& writer) -> Result<Done> {
      JARING_RETURN_IF_ERROR(writer.Run(kInsert, {1, "a", Value(), Value()}));
      return Done{};
    });
    return count(tx, after);
  }));
  EXPECT_EQ(before, 0);
  EXPECT_EQ(after, 0);
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, ReadersCannotWrite) {
  const auto done = db().Read([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {1, "a", Value(), Value()}));
    return Done{};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().rule, "db.read_only");
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseTest, ManyThreadsWriteInTurn) {
  Write([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {1, "a", Value(), 100}));
    return Done{};
  });
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 10; ++i) {
        // Reads, then writes what it read plus one: lost unless writers take turns.
        EXPECT_TRUE(db().Write([](Tx& tx) -> Result<Done> {
          std::int64_t value = 0;
          JARING_RETURN_IF_ERROR(tx.Query(kFind, {1}, [&](const Row& row) { value = row.Int(3); }));
          JARING_RETURN_IF_ERROR(tx.Run(kUpdate, {1, "a", Value(), value + 1}));
          return Done{};
        }));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  ASSERT_TRUE(db().Read([](Tx& tx) {
    return tx.Query(kFind, {1}, [](const Row& row) { EXPECT_EQ(row.Int(3), 140); });
  }));
}

TEST_P(DatabaseTest, FailedStatementSaysDbFailed) {
  EXPECT_EQ(FailureOf([](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(tx.Run("INSERT INTO nothing_there (a) VALUES ($1)", {1}));
              return Done{};
            }).rule,
            "db.failed");
}

/// What only a server can do.
class ServerTest : public DatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Each, ServerTest, ::testing::Values(Database::Engine::kPostgres),
                         EngineName);

TEST_P(ServerTest, ThatDropsConnectionsIsFoundAgain) {
  const auto drop_all = [] {
    const auto other = Database::Connect(ScratchDatabase::Server(), Database::Open::kMustExist);
    ASSERT_TRUE(other);
    ASSERT_TRUE((*other)->Read([](Tx& tx) {
      return tx.RunScript("SELECT pg_terminate_backend(pid::int, 5000) FROM public.test_backend");
    }));
  };
  scratch().Run("CREATE TABLE public.test_backend (pid BIGINT)");
  const auto note = [](Tx& tx) {
    return tx.RunScript("INSERT INTO public.test_backend SELECT pg_backend_pid()");
  };
  Write(note);
  drop_all();  // Idle: the next caller does not notice.
  Write([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {1, "a", Value(), Value()}));
    return Done{};
  });
  Write(note);
  // At work: this call fails and nothing of it is there; the next one works.
  const Error error = FailureOf([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {2, "b", Value(), Value()}));
    drop_all();
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {3, "c", Value(), Value()}));
    return Done{};
  });
  EXPECT_EQ(error.rule, "db.unavailable");
  EXPECT_EQ(Count(), 1);
  scratch().Run("DROP TABLE public.test_backend");
}

TEST_P(ServerTest, ThatIsLostDuringACommitLeavesTheOutcomeUnknown) {
  const auto lose = [](Tx& tx) -> Result<Done> {
    std::string end;
    JARING_RETURN_IF_ERROR(tx.Query("SELECT pg_backend_pid()", {}, [&](const Row& row) {
      end = "SELECT pg_terminate_backend(" + std::string(row.Text(0)) + ", 5000)";
    }));
    const auto other = Database::Connect(ScratchDatabase::Server(), Database::Open::kMustExist);
    return (*other)->Read([&](Tx& others) { return others.RunScript(end); });
  };
  EXPECT_EQ(FailureOf(lose).rule, "db.outcome_unknown");
  const auto read = db().Read(lose);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().rule, "db.unavailable") << "a look has nothing to be in doubt of";
}

TEST_P(DatabaseTest, BytesOfARowStayWhileTheyAreLookedAt) {
  std::string both;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.RunScript("CREATE TABLE pair (a BYTEA, b BYTEA)"));
    JARING_RETURN_IF_ERROR(
        tx.Run("INSERT INTO pair (a, b) VALUES ($1, $2)", {Bytes{"first"}, Bytes{"second"}}));
    return tx.Query("SELECT a, b FROM pair", {}, [&](const Row& row) {
      const std::string_view first = row.Blob(0);
      const std::string_view second = row.Blob(1);
      both = std::string(first) + " " + std::string(second);
    });
  });
  EXPECT_EQ(both, "first second");
}

TEST_P(DatabaseTest, ALockThatIsGivenBackIsFreeAtOnce) {
  for (int round = 0; round < 30; ++round) {
    const auto held = db().TryLock("month");
    ASSERT_TRUE(held) << held.error().detail;
    ASSERT_TRUE(*held) << "round " << round;
    const auto beside = db().TryLock("month");
    ASSERT_TRUE(beside);
    EXPECT_FALSE(*beside);
  }
}

TEST_P(DatabaseTest, ALockIsOfOneDatabaseOnly) {
  ScratchDatabase other(GetParam());
  const auto held = other.db().TryLock("month");
  ASSERT_TRUE(held && *held);
  const auto ours = db().TryLock("month");
  ASSERT_TRUE(ours);
  EXPECT_TRUE(*ours);
}

TEST_P(DatabaseTest, CountsWhatWasCommittedBetweenTwoTransactions) {
  auto beside = Database::Connect(scratch().address(), Database::Open::kMustExist);
  ASSERT_TRUE(beside);
  const auto count = [&](Database& by) {
    std::optional<std::int64_t> commits;
    EXPECT_TRUE(by.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(commits, tx.CountCommits());
      return Done{};
    }));
    return commits;
  };
  const auto insert = [&](Database& by, int id) {
    EXPECT_TRUE(by.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(tx.Run(kInsert, {id, "x", Value(), Value()}));
      return Done{};
    }));
  };
  const auto first = count(db());
  if (GetParam() == Database::Engine::kPostgres) {
    EXPECT_FALSE(first);
    return;
  }
  ASSERT_TRUE(first);
  EXPECT_EQ(count(db()), *first + 1);
  EXPECT_EQ(Count(), 0);  // Reading counts nothing, here
  EXPECT_TRUE((*beside)->Read([](Tx& tx) { return tx.Query(kCount, {}, [](const Row&) {}); }));
  EXPECT_EQ(count(db()), *first + 2);  // nor there.
  FailureOf([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run(kInsert, {7, "x", Value(), Value()}));
    return Conflict("undone");
  });
  EXPECT_EQ(count(db()), *first + 3);
  insert(db(), 1);
  EXPECT_EQ(count(db()), *first + 5);
  insert(**beside, 2);
  EXPECT_GT(*count(db()), *first + 6);
}

}  // namespace
}  // namespace jaring
