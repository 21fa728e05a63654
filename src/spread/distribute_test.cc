// What `jaring db distribute` asks for, in which order, and what it refuses: against a stand-in
// (tests/spread/citus_stand_in.sql), which shows nothing of what Citus does with it.

#include "spread/distribute.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/source_dir.h"
#include "db/database_fixture.h"
#include "db/migrate.h"

namespace jaring {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DistributeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!ScratchDatabase::IsAvailable(Database::Engine::kPostgres)) {
      GTEST_SKIP() << "JARING_TEST_POSTGRES is not set; run under tests/with_postgres.sh";
    }
    scratch_ = std::make_unique<ScratchDatabase>(Database::Engine::kPostgres);
    const auto made =
        scratch_->db().Write([](Tx& tx) { return Migrate(tx, SourceDir() + "/migrations"); });
    ASSERT_TRUE(made) << made.error().detail;
    // The stand-in's schema comes after ours and before the catalog, whose names it takes.
    const std::string schema = scratch_->address().substr(scratch_->address().rfind("%3D") + 3);
    stand_in_ = schema + "_stand_in";
    std::ifstream file(SourceDir() + "/tests/spread/citus_stand_in.sql");
    std::stringstream text;
    text << file.rdbuf();
    ASSERT_TRUE(file);
    scratch_->Run("CREATE SCHEMA " + stand_in_ + "; SET LOCAL search_path = " + stand_in_ +
                  ", pg_catalog;" + text.str());
    auto db = Database::Connect(scratch_->address() + "," + stand_in_ + ",pg_catalog",
                                Database::Open::kMustExist);
    ASSERT_TRUE(db) << db.error().detail;
    db_ = std::move(db).value();
    auto layouts = LoadTableLayouts(SourceDir() + "/data/distribution.toml");
    ASSERT_TRUE(layouts);
    layouts_ = std::move(layouts).value();
  }

  void TearDown() override {
    db_.reset();
    if (scratch_) {
      scratch_->Run("DROP SCHEMA " + stand_in_ + " CASCADE");
    }
  }

  void Run(const std::string& script) {
    const auto done = db_->Write([&](Tx& tx) { return tx.RunScript(script); });
    ASSERT_TRUE(done) << done.error().detail;
  }

  void MakeReady() {
    Run("INSERT INTO pg_available_extensions VALUES ('citus');"
        "INSERT INTO pg_extension VALUES ('citus');"
        "INSERT INTO pg_dist_node VALUES (0, true, false, 'primary'), (1, true, true, 'primary')");
  }

  SpreadPlan Plan() {
    auto plan = PlanSpread(*db_, layouts_);
    EXPECT_TRUE(plan) << plan.error().rule << " " << plan.error().detail;
    return plan ? std::move(plan).value() : SpreadPlan();
  }

  /// The rule that keeps it from being carried out; "" for none.
  std::string Missing() {
    const SpreadPlan plan = Plan();
    if (plan.missing) {
      const auto refused = CarryOutSpread(*db_, plan, [](const SpreadStep&) {});
      EXPECT_FALSE(refused);
      EXPECT_EQ(refused.error().rule, plan.missing->rule);
    }
    return plan.missing ? plan.missing->rule : "";
  }

  std::vector<std::string> Calls() {
    std::vector<std::string> calls;
    const auto done = db_->Read([&](Tx& tx) {
      return tx.Query("SELECT call FROM stand_in_call ORDER BY number", {},
                      [&](const Row& row) { calls.emplace_back(row.Text(0)); });
    });
    EXPECT_TRUE(done) << done.error().detail;
    return calls;
  }

  std::size_t CountOf(TableKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(layouts_.begin(), layouts_.end(),
                      [&](const TableLayout& layout) { return layout.kind == kind; }));
  }

  std::unique_ptr<ScratchDatabase> scratch_;
  std::string stand_in_;
  std::unique_ptr<Database> db_;
  std::vector<TableLayout> layouts_;
};

TEST_F(DistributeTest, SaysWhatIsMissingOneAfterTheOther) {
  EXPECT_EQ(Missing(), "spread.extension_not_installed");
  Run("INSERT INTO pg_available_extensions VALUES ('citus'), ('postgis')");
  EXPECT_EQ(Missing(), "spread.extension_not_created");
  Run("INSERT INTO pg_extension VALUES ('plpgsql'), ('citus')");
  EXPECT_EQ(Missing(), "spread.coordinator_unknown");
  Run("INSERT INTO pg_dist_node VALUES (0, true, false, 'primary')");
  EXPECT_EQ(Missing(), "spread.no_machines");
  Run("INSERT INTO pg_dist_node VALUES (1, true, true, 'secondary'), (2, false, true, 'primary')");
  EXPECT_EQ(Missing(), "spread.no_machines");
  Run("INSERT INTO pg_dist_node VALUES (3, true, true, 'primary')");
  EXPECT_EQ(Missing(), "");
  Run("CREATE TABLE novelty (n BIGINT)");
  EXPECT_EQ(Missing(), "spread.layout_broken");
  EXPECT_THAT(Plan().misfits, ::testing::ElementsAre(HasSubstr("novelty")));
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_F(DistributeTest, RealPostgresqlWithoutTheExtensionIsRefused) {
  const auto plan = PlanSpread(scratch_->db(), layouts_);
  ASSERT_TRUE(plan);
  ASSERT_TRUE(plan->missing);
  EXPECT_THAT(plan->missing->rule, HasSubstr("spread.extension_not_"));
}

TEST_F(DistributeTest, SqliteIsRefusedButHasAPlan) {
  ScratchDatabase sqlite(Database::Engine::kSqlite);
  const auto made =
      sqlite.db().Write([](Tx& tx) { return Migrate(tx, SourceDir() + "/migrations"); });
  ASSERT_TRUE(made);
  const auto plan = PlanSpread(sqlite.db(), layouts_);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->missing->rule, "spread.needs_postgresql");
  EXPECT_EQ(plan->steps.size(), layouts_.size());
}

TEST_F(DistributeTest, TurnsEachTableOnceAndInOrder) {
  MakeReady();
  std::vector<std::string> told;
  const auto done = CarryOutSpread(
      *db_, Plan(), [&](const SpreadStep& step) { told.push_back(step.layout.name); });
  ASSERT_TRUE(done) << done.error().rule << " " << done.error().detail;

  const auto calls = Calls();
  const std::size_t reference = CountOf(TableKind::kReference);
  const std::size_t distributed = CountOf(TableKind::kDistributed);
  EXPECT_EQ(told.size(), reference + distributed);
  ASSERT_EQ(calls.size(), reference + 2 * distributed);
  // The stand-in refuses a wrong order; these are the kinds one after the other.
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const char* kind = i < reference ? "reference " : i < told.size() ? "distributed " : "freed ";
    EXPECT_EQ(calls[i].rfind(kind, 0), 0U) << calls[i];
  }
  EXPECT_EQ(std::set<std::string>(calls.begin(), calls.end()).size(), calls.size());
  // One group for everything that lies by person.
  const auto by_person = std::count_if(calls.begin(), calls.end(), [](const std::string& call) {
    return call.find(" person_id ") != std::string::npos;
  });
  const auto firsts = std::count_if(calls.begin(), calls.end(), [](const std::string& call) {
    return call.find(" person_id none") != std::string::npos;
  });
  EXPECT_EQ(by_person, 25);
  EXPECT_EQ(firsts, 1);

  const SpreadPlan after = Plan();
  EXPECT_FALSE(after.missing);
  for (const SpreadStep& step : after.steps) {
    EXPECT_EQ(step.state,
              step.layout.kind == TableKind::kLocal ? SpreadState::kStays : SpreadState::kDone)
        << step.layout.name;
  }
}

TEST_F(DistributeTest, GoesOnWhereItWasCutOff) {
  MakeReady();
  SpreadPlan plan = Plan();
  const std::size_t all = plan.steps.size();
  for (const std::size_t cut : {std::size_t{1}, std::size_t{14}, std::size_t{16}, all}) {
    SpreadPlan part = Plan();
    part.steps.resize(std::min(cut, all));
    // As a run that was killed: without what comes after the tables.
    std::erase_if(part.steps, [](const SpreadStep& s) { return s.state == SpreadState::kDone; });
    const auto done = CarryOutSpread(*db_, part, [](const SpreadStep&) {});
    ASSERT_TRUE(done) << done.error().detail;
  }
  const SpreadPlan after = Plan();
  EXPECT_FALSE(after.missing);
  EXPECT_TRUE(std::none_of(after.steps.begin(), after.steps.end(), [](const SpreadStep& step) {
    return step.state == SpreadState::kWaiting || step.state == SpreadState::kOther;
  }));
}

TEST_F(DistributeTest, OldPlanPassesOverWhatAnotherRunHasTurned) {
  MakeReady();
  const SpreadPlan old = Plan();
  ASSERT_TRUE(CarryOutSpread(*db_, Plan(), [](const SpreadStep&) {}));
  int told = 0;
  const auto again = CarryOutSpread(*db_, old, [&](const SpreadStep&) { ++told; });
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(told, 0);
}

TEST_F(DistributeTest, TableThatLiesOtherwiseIsLeftAlone) {
  for (const char* otherwise :
       {"SELECT create_reference_table('person')",
        "SELECT create_distributed_table('membership', 'membership_seq', colocate_with => 'none')",
        "SELECT create_distributed_table('branch', 'branch_id', colocate_with => 'none')",
        "SELECT create_distributed_table('person_likeness', 'person_id', colocate_with => 'none')",
        "SELECT create_reference_table('session')"}) {
    MakeReady();
    Run(std::string("ALTER TABLE branch DROP CONSTRAINT IF EXISTS branch_code_key;") + otherwise);
    EXPECT_EQ(Missing(), "spread.lies_otherwise") << otherwise;
    Run("DELETE FROM pg_dist_partition");
  }
}

TEST_F(DistributeTest, TablesOfAGroupThatLieApartAreRefused) {
  MakeReady();
  Run("SELECT create_distributed_table('contribution', 'person_id', colocate_with => 'none');"
      "SELECT create_distributed_table('credit_move', 'person_id', colocate_with => 'none');"
      "SELECT create_distributed_table('person', 'person_id', colocate_with => 'none')");
  EXPECT_EQ(Missing(), "spread.lies_otherwise");
}

TEST_F(DistributeTest, TablesOfSomebodyElseAreRefused) {
  MakeReady();
  const std::string role = stand_in_ + "_role";
  Run("CREATE ROLE " + role + "; SET LOCAL ROLE " + role + "; RESET ROLE");
  // The test's own user is a superuser, who owns everything: look as the other one.
  const std::string schema = stand_in_.substr(0, stand_in_.find("_stand_in"));
  Run("GRANT USAGE ON SCHEMA " + schema + ", " + stand_in_ + " TO " + role +
      "; GRANT SELECT ON ALL TABLES IN SCHEMA " + stand_in_ + " TO " + role + "; ALTER ROLE " +
      role + " LOGIN");
  std::string address = scratch_->address() + "," + stand_in_ + ",pg_catalog";
  address.replace(address.find("postgres@"), 8, role);
  {
    auto db = Database::Connect(address, Database::Open::kMustExist);
    ASSERT_TRUE(db) << db.error().detail;
    const auto plan = PlanSpread(**db, layouts_);
    ASSERT_TRUE(plan) << plan.error().detail;
    ASSERT_TRUE(plan->missing);
    EXPECT_EQ(plan->missing->rule, "spread.not_owner");
  }
  Run("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

/// How many statements the connection has prepared that take a whole set.
std::int64_t SetStatements(Database& db, std::vector<std::int64_t>& found) {
  std::int64_t count = -1;
  const auto done = db.Write([&](Tx& tx) -> Result<Done> {
    ValueRows keys(1);
    ValueRows changes(2);
    for (const std::int64_t key : {3, 1, 2}) {
      keys.Add({key});
      changes.Add({key, key * 10});
    }
    JARING_RETURN_IF_ERROR(
        tx.RunEach("UPDATE sequence SET next_value = $2 WHERE next_value = $1", changes));
    JARING_RETURN_IF_ERROR(
        tx.QueryEach("SELECT CAST($1 AS BIGINT) * 2", keys, [&](std::size_t i, const Row& row) {
          found.push_back(static_cast<std::int64_t>(i) * 100 + row.Int(0));
        }));
    // In two parts: this statement is prepared too.
    return tx.Query(
        "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE '%unn' || 'est%'", {},
        [&](const Row& row) { count = row.Int(0); });
  });
  EXPECT_TRUE(done) << done.error().detail;
  return count;
}

TEST_F(DistributeTest, SetsGoRowByRowToASpreadDatabaseOnly) {
  std::vector<std::int64_t> plain;
  std::vector<std::int64_t> spread;
  EXPECT_EQ(SetStatements(scratch_->db(), plain), 2);
  EXPECT_EQ(SetStatements(*db_, spread), 0);
  EXPECT_EQ(plain, (std::vector<std::int64_t>{6, 102, 204}));
  EXPECT_EQ(spread, plain);
}

}  // namespace
}  // namespace jaring
