#include "db/copy_database.h"

#include <sqlite3.h>

#include <fstream>
#include <limits>

#include "db/database_fixture.h"
#include "db/migrate.h"

namespace jaring {
namespace {

// "later" is made first and refers to a table made after it: rows must come in another order.
constexpr std::string_view kFirst = R"sql(
-- What a copy must carry.
CREATE TABLE thing (
  thing_id  BIGINT NOT NULL PRIMARY KEY,
  name      TEXT,
  raw       BYTEA,
  amount    BIGINT
);
CREATE TABLE part (
  part_id   BIGINT NOT NULL PRIMARY KEY,
  thing_id  BIGINT NOT NULL REFERENCES thing (thing_id)
) /* clustered */;
CREATE INDEX thing_by_amount ON thing (amount);
ALTER TABLE thing ADD COLUMN passing TEXT;
ALTER TABLE thing DROP COLUMN passing;
INSERT INTO thing (thing_id, name) VALUES (1, 'made by the migration');
)sql";
constexpr std::string_view kSecond = "-- Later.\nALTER TABLE thing ADD COLUMN colour TEXT;\n";

class CopyDatabaseTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    std::filesystem::create_directories(migrations());
    std::ofstream(migrations() / "0001_create_thing.sql") << kFirst;
    Write([&](Tx& tx) { return Migrate(tx, migrations()); });
  }

  std::filesystem::path migrations() { return scratch().folder() / "migrations"; }
  std::filesystem::path copy() { return scratch().folder() / "copy.db"; }

  /// Rows with everything that is hard to carry, and more than fit into one batch.
  void FillThings() {
    const std::string hard = "tab\t line\n return\r back\\slash \\N 'quote' \"two\" é 漢 {,} NULL";
    const std::string bytes("\0\x01\xff\\x41\n", 7);
    Write([&](Tx& tx) -> Result<Done> {
      ValueRows rows(4);
      rows.Add({2, hard, Bytes{bytes}, std::numeric_limits<std::int64_t>::max()});
      rows.Add({3, "", Bytes{""}, std::numeric_limits<std::int64_t>::min()});
      rows.Add({4, Value(), Value(), Value()});
      for (int id = 5; id < 12'000; ++id) {
        rows.Add({id, "many", Bytes{bytes}, id});
      }
      JARING_RETURN_IF_ERROR(tx.RunEach(
          "INSERT INTO thing (thing_id, name, raw, amount) VALUES ($1, $2, $3, $4)", rows));
      JARING_RETURN_IF_ERROR(tx.Run("INSERT INTO part (part_id, thing_id) VALUES (9, 4)"));
      return Done{};
    });
  }

  static std::string Everything(Database& db) {
    std::string all;
    const auto text = [&all](const Row& row) {
      for (int i = 0; i < 4; ++i) {
        all += row.IsNull(i) ? "NULL"
               : i == 2      ? std::string(row.Blob(i))
                             : std::string(row.Text(i));
        all += '|';
      }
    };
    const auto read = db.Read([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          tx.Query("SELECT thing_id, name, raw, amount FROM thing ORDER BY thing_id", {}, text));
      return tx.Query("SELECT part_id, thing_id, NULL, NULL FROM part", {}, text);
    });
    EXPECT_TRUE(read) << read.error().detail;
    return all;
  }

  static std::unique_ptr<Database> Open(const std::filesystem::path& file) {
    return *Database::Connect("sqlite:" + file.string(), Database::Open::kMustExist);
  }
};

TEST_P(CopyDatabaseTest, CarriesEveryValueIntoAFileThatStandsAlone) {
  FillThings();
  const auto copied = CopyToFile(scratch().address(), copy(), migrations());
  ASSERT_TRUE(copied) << copied.error().rule << copied.error().detail;
  EXPECT_FALSE(std::filesystem::exists(copy().string() + "-wal"));
  EXPECT_EQ(Everything(*Open(copy())), Everything(db()));
  EXPECT_TRUE(CheckPages(copy()));
  const std::vector<TableRows> wanted{{"schema_migration", 1}, {"thing", 11'999}, {"part", 1}};
  EXPECT_EQ(*CountRows(copy()), wanted);
}

TEST_P(CopyDatabaseTest, TwoCopiesInOneProgramDoNotMixTheirStatements) {
  FillThings();
  for (int i = 0; i < 5; ++i) {
    std::filesystem::remove(copy());
    ASSERT_TRUE(CopyToFile(scratch().address(), copy(), migrations()));
    EXPECT_EQ(CountRows(copy())->at(1).rows, 11'999);
  }
}

TEST_P(CopyDatabaseTest, FillsAServerAndBringsItToTheNewestSchema) {
  if (is_sqlite()) {
    return;  // A file is filled by copying it.
  }
  FillThings();
  ASSERT_TRUE(CopyToFile(scratch().address(), copy(), migrations()));
  std::ofstream(migrations() / "0002_add_colour.sql") << kSecond;
  ScratchDatabase other(GetParam());
  std::int64_t version = 0;
  const auto filled =
      FillServer(other.address(), copy(), migrations(), [&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(version, SchemaVersion(tx));
        return Done{};
      });
  ASSERT_TRUE(filled) << filled.error().rule << filled.error().detail;
  EXPECT_EQ(version, 2);
  EXPECT_EQ(Everything(other.db()), Everything(db()));
  const auto again =
      FillServer(other.address(), copy(), migrations(), [](Tx&) -> Result<Done> { return Done{}; });
  EXPECT_EQ(again.error().rule, "restore.target_not_empty");
}

TEST_P(CopyDatabaseTest, WhatTheCheckRefusesIsNotKept) {
  if (is_sqlite()) {
    return;
  }
  FillThings();
  ASSERT_TRUE(CopyToFile(scratch().address(), copy(), migrations()));
  ScratchDatabase other(GetParam());
  const auto refused = FillServer(other.address(), copy(), migrations(),
                                  [](Tx&) -> Result<Done> { return Internal("agency.wrong_key"); });
  EXPECT_EQ(refused.error().rule, "agency.wrong_key");
  EXPECT_TRUE(FillServer(other.address(), copy(), migrations(),
                         [](Tx&) -> Result<Done> { return Done{}; }));
}

TEST_P(CopyDatabaseTest, SeesDamagedPagesAndLostReferences) {
  FillThings();
  ASSERT_TRUE(CopyToFile(scratch().address(), copy(), migrations()));
  EXPECT_TRUE(CheckPages(copy()));
  // As somebody else's program may write it, one that looks at no references.
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(copy().c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, "INSERT INTO part (part_id, thing_id) VALUES (10, 99999)", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(sqlite3_close(raw), SQLITE_OK);
  EXPECT_EQ(CheckPages(copy()).error().rule, "db.corrupt");
  // Bytes of a page in the middle.
  ASSERT_TRUE(CopyToFile(scratch().address(), scratch().folder() / "torn.db", migrations()));
  std::fstream torn(scratch().folder() / "torn.db",
                    std::ios::binary | std::ios::in | std::ios::out);
  torn.seekp(40'000);
  torn << std::string(3'000, 'x');
  torn.close();
  EXPECT_EQ(CheckPages(scratch().folder() / "torn.db").error().rule, "db.corrupt");
}

TEST_P(CopyDatabaseTest, ADatabaseThatIsNotThereIsMissing) {
  EXPECT_EQ(CopyToFile("sqlite:/nonexistent/a.db", copy(), migrations()).error().rule,
            "db.missing");
}

JARING_ON_EACH_ENGINE(CopyDatabaseTest);

}  // namespace
}  // namespace jaring
