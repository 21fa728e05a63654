// The schema as the engines tell it after all migrations fits data/distribution.toml; what does not
// fit is found.

#include "spread/table_keys.h"

#include <gmock/gmock.h>

#include "base/source_dir.h"
#include "db/database_fixture.h"
#include "db/migrate.h"

namespace jaring {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<TableLayout> RealLayouts() {
  auto layouts = LoadTableLayouts(SourceDir() + "/data/distribution.toml");
  EXPECT_TRUE(layouts) << layouts.error().rule << " " << layouts.error().detail;
  return layouts ? std::move(layouts).value() : std::vector<TableLayout>();
}

TableLayout Spread(const char* name, const char* by, const char* group) {
  return {.name = name, .kind = TableKind::kDistributed, .by = by, .group = group, .why = "Test."};
}

TableLayout Kept(const char* name, TableKind kind) {
  return {.name = name, .kind = kind, .by = {}, .group = {}, .why = "Test."};
}

class TableKeysTest : public EngineTest {
 protected:
  std::vector<std::string> Misfits(const std::vector<TableLayout>& layouts) {
    std::vector<std::string> misfits;
    const auto done = db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const TableKeys keys, ReadTableKeys(tx, db().engine()));
      misfits = FindMisfits(layouts, keys);
      return Done{};
    });
    EXPECT_TRUE(done) << done.error().detail;
    return misfits;
  }

  void MakeRealSchema() {
    Write([](Tx& tx) { return Migrate(tx, SourceDir() + "/migrations"); });
  }
};

JARING_ON_EACH_ENGINE(TableKeysTest);

TEST_P(TableKeysTest, RealSchemaFitsTheRealLayout) {
  MakeRealSchema();
  EXPECT_THAT(Misfits(RealLayouts()), IsEmpty());
}

TEST_P(TableKeysTest, TablesAndKeysAreReadAtAll) {
  MakeRealSchema();
  const auto done = db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const TableKeys keys, ReadTableKeys(tx, db().engine()));
    EXPECT_EQ(keys.tables.size(), RealLayouts().size());
    EXPECT_GT(keys.unique.size(), keys.tables.size());
    EXPECT_GT(keys.references.size(), 5U);
    for (const std::string& table : keys.tables) {
      EXPECT_TRUE(std::any_of(keys.unique.begin(), keys.unique.end(), [&](const UniqueKey& key) {
        return key.table == table;
      })) << table;
    }
    return Done{};
  });
  ASSERT_TRUE(done);
}

TEST_P(TableKeysTest, TableThatIsInNoListIsFound) {
  MakeRealSchema();
  scratch().Run("CREATE TABLE novelty (person_id BIGINT NOT NULL PRIMARY KEY)");
  EXPECT_THAT(Misfits(RealLayouts()), ElementsAre(HasSubstr("novelty is not in")));
}

TEST_P(TableKeysTest, TableThatIsGoneIsFound) {
  MakeRealSchema();
  scratch().Run("DROP TABLE worker_pin");
  EXPECT_THAT(Misfits(RealLayouts()), ElementsAre(HasSubstr("worker_pin is in")));
}

TEST_P(TableKeysTest, UniqueIndexWithoutThePersonIsFound) {
  MakeRealSchema();
  scratch().Run("CREATE UNIQUE INDEX one_each ON contribution (contribution_id)");
  EXPECT_THAT(Misfits(RealLayouts()),
              ElementsAre(HasSubstr("unique key one_each has no person_id")));
}

TEST_P(TableKeysTest, UniqueIndexOnWhatIsMadeOfThePersonIsFound) {
  MakeRealSchema();
  scratch().Run("CREATE UNIQUE INDEX half ON contribution ((person_id % 2), contribution_id)");
  EXPECT_THAT(Misfits(RealLayouts()), ElementsAre(HasSubstr("unique key half has no person_id")));
}

TEST_P(TableKeysTest, PrimaryKeyWithoutThePersonIsFound) {
  scratch().Run("CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY, person_id BIGINT NOT NULL)");
  EXPECT_THAT(Misfits({Spread("a", "person_id", "person")}), Contains(HasSubstr("no person_id")));
}

TEST_P(TableKeysTest, UniqueConstraintWithoutThePersonIsFound) {
  scratch().Run(
      "CREATE TABLE a (person_id BIGINT NOT NULL PRIMARY KEY, code TEXT NOT NULL UNIQUE)");
  EXPECT_EQ(Misfits({Spread("a", "person_id", "person")}).size(), 1U);
  EXPECT_THAT(Misfits({Kept("a", TableKind::kReference)}), IsEmpty());
}

TEST_P(TableKeysTest, DistributedTableWithoutAnyKeyIsFound) {
  scratch().Run("CREATE TABLE a (person_id BIGINT NOT NULL)");
  EXPECT_THAT(Misfits({Spread("a", "person_id", "person")}), ElementsAre("a has no unique key"));
}

TEST_P(TableKeysTest, ReferencesKeepToTheRules) {
  scratch().Run(
      "CREATE TABLE a (person_id BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (person_id, n));"
      "CREATE TABLE b (person_id BIGINT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (person_id, n),"
      " FOREIGN KEY (person_id, n) REFERENCES a (person_id, n))");
  const TableLayout a = Spread("a", "person_id", "person");
  EXPECT_THAT(Misfits({a, Spread("b", "person_id", "person")}), IsEmpty());
  EXPECT_THAT(Misfits({Kept("a", TableKind::kReference), Spread("b", "person_id", "person")}),
              IsEmpty());
  EXPECT_THAT(Misfits({Kept("a", TableKind::kReference), Kept("b", TableKind::kReference)}),
              IsEmpty());
  // Together, but referring by another column than the one they lie by.
  EXPECT_THAT(Misfits({Spread("a", "person_id", "person"), Spread("b", "n", "person")}),
              ElementsAre(HasSubstr("not within one shard")));
  EXPECT_THAT(Misfits({a, Spread("b", "person_id", "other")}),
              ElementsAre(HasSubstr("not within one shard")));
  EXPECT_THAT(Misfits({a, Kept("b", TableKind::kReference)}),
              ElementsAre(HasSubstr("b (reference) refers to a (distributed)")));
  EXPECT_THAT(Misfits({a, Kept("b", TableKind::kLocal)}),
              ElementsAre(HasSubstr("not within one shard")));
  EXPECT_THAT(Misfits({Kept("a", TableKind::kLocal), Spread("b", "person_id", "person")}),
              ElementsAre(HasSubstr("which other machines do not have")));
}

TEST(TableLayoutTest, FileIsReadInItsOrder) {
  const auto layouts = ParseTableLayouts(
      "[[table]]\nname = 'b'\nkind = 'distributed'\nby = 'x'\ngroup = 'g'\nwhy = 'W.'\n"
      "[[table]]\nname = 'a'\nkind = 'local'\nwhy = 'V.'\n");
  ASSERT_TRUE(layouts);
  ASSERT_EQ(layouts->size(), 2U);
  EXPECT_EQ((*layouts)[0].name, "b");
  EXPECT_EQ((*layouts)[0].by, "x");
  EXPECT_EQ((*layouts)[1].kind, TableKind::kLocal);
  EXPECT_EQ(FindLayout(*layouts, "a")->why, "V.");
  EXPECT_EQ(FindLayout(*layouts, "c"), nullptr);
}

TEST(TableLayoutTest, FileThatIsWrongIsRefused) {
  const std::string a = "[[table]]\nname = 'a'\nkind = 'local'\nwhy = 'V.'\n";
  for (const std::string& text : {
           std::string("[[table"),
           std::string("x = 1"),
           std::string("table = [1]"),
           a + a,
           std::string("[[table]]\nname = 'a'\nkind = 'local'\n"),
           std::string("[[table]]\nname = 'a'\nkind = 'copied'\nwhy = 'V.'\n"),
           std::string("[[table]]\nname = 'a'\nkind = 'local'\nby = 'x'\nwhy = 'V.'\n"),
           std::string("[[table]]\nname = 'a'\nkind = 'distributed'\nby = 'x'\nwhy = 'V.'\n"),
           std::string("[[table]]\nname = 'a'\nkind = 'distributed'\ngroup = 'x'\nwhy = 'V.'\n"),
       }) {
    const auto layouts = ParseTableLayouts(text);
    ASSERT_FALSE(layouts) << text;
    EXPECT_EQ(layouts.error().rule, "spread.file_malformed") << text;
  }
  EXPECT_EQ(LoadTableLayouts("/dev/null").error().rule, "spread.file_unreadable");
  EXPECT_EQ(LoadTableLayouts("no/such/file").error().rule, "spread.file_unreadable");
}

}  // namespace
}  // namespace jaring
