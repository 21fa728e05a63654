// The demo on real databases: same seed, same figures; books that verify; a state like in life.

#include "demo/demo.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "demo/demo_fixture.h"
#include "insight/coverage_report.h"
#include "rules/identity.h"

namespace jaring {
namespace {

constexpr std::int64_t kPeople = 500;

DemoOptions SomePeople(std::int64_t people, std::uint64_t seed = 1) {
  return {.people = people,
          .seed = seed,
          .today = Date::FromYearMonthDay(2026, 5, 20),
          .data_root = kRoot};
}

class DemoTest : public DemoAgencyTest {
 protected:
  /// Everything the dashboard shows, for all months, as text.
  static std::string Figures(Database& database, const DemoSummary& summary) {
    std::string text = std::to_string(summary.people) + " " + std::to_string(summary.payments) +
                       " " + std::to_string(summary.months) + "\n";
    const auto read = database.Read([&](Tx& tx) -> Result<Done> {
      for (Month m = summary.first_day.month(); m <= summary.last_day.month(); m = m + 1) {
        for (const ReportBy by : {ReportBy::kRegion, ReportBy::kSector, ReportBy::kGroup}) {
          JARING_ASSIGN_OR_RETURN(const CoverageReport report,
                                  ReportCoverage(tx, TheScheme(), m, by));
          for (const CoverageReportRow& row : report.rows) {
            const CoverageFigures& f = row.figures;
            for (const std::int64_t n :
                 {f.registered, f.active, f.grace, f.lapsed, f.ended, f.received.rupiah()}) {
              text += row.code + " " + std::to_string(n) + "\n";
            }
          }
        }
      }
      return Done{};
    });
    EXPECT_TRUE(read);
    return text;
  }
};

TEST_P(DemoTest, SameSeedSameFiguresAndSoundBooks) {
  static std::string figures;  // Of the first run of all: the engines agree too.
  const Agency agency = MakeAgency();
  for (int round = 0; round < 2; ++round) {
    const auto database = NewDatabase(agency);
    const auto made = MakeDemo(*database, agency, SomePeople(kPeople), {});
    ASSERT_TRUE(made) << made.error().rule << " " << made.error().detail;
    EXPECT_EQ(made->people, kPeople);
    ExpectSound(*database, agency, made->people);
    const std::string now = Figures(*database, *made);
    if (figures.empty()) {
      figures = now;
    }
    EXPECT_TRUE(now == figures);
  }
}

// Wide bounds: about half active, some in grace, the rest lapsed; and a little of everything.
TEST_P(DemoTest, StandsLikeARealBranch) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  std::int64_t last_done = 0;
  const auto made = MakeDemo(*database, agency, SomePeople(3000), [&](const DemoProgress& p) {
    EXPECT_GT(p.days_done, last_done);
    EXPECT_LE(p.days_done, p.days);
    last_done = p.days_done;
  });
  ASSERT_TRUE(made);
  EXPECT_EQ(last_done, 24 * 365 / 12 + 20 - 1);
  EXPECT_GT(made->restarts, 0);
  EXPECT_GT(made->suspended, made->placed);
  EXPECT_GT(made->placed, 0);
  EXPECT_GT(made->reversed, 0);
  EXPECT_GT(made->ended, 0);
  ExpectSound(*database, agency, made->people);
  const auto read = database->Read([&](Tx& tx) -> Result<Done> {
    const Month month = made->last_day.month();
    JARING_ASSIGN_OR_RETURN(const auto report,
                            ReportCoverage(tx, TheScheme(), month, ReportBy::kSector));
    const CoverageFigures& total = report.total;
    EXPECT_EQ(total.registered, 3000);
    EXPECT_GT(total.active, total.registered * 40 / 100);
    EXPECT_LT(total.active, total.registered * 62 / 100);
    EXPECT_GT(total.grace, total.registered * 5 / 100);
    EXPECT_LT(total.grace, total.registered * 25 / 100);
    EXPECT_GT(total.lapsed, total.registered * 15 / 100);
    EXPECT_GT(total.ended, 0);
    EXPECT_LE(total.ended, made->ended);
    EXPECT_EQ(report.rows.size(), TheScheme().sectors.size());
    JARING_ASSIGN_OR_RETURN(const auto doors,
                            ReportCoverage(tx, TheScheme(), month, ReportBy::kDoor));
    EXPECT_EQ(doors.rows.size(), 6U);
    JARING_ASSIGN_OR_RETURN(const auto regions,
                            ReportCoverage(tx, TheScheme(), month, ReportBy::kRegion));
    EXPECT_EQ(regions.rows.size(), 7U);
    JARING_ASSIGN_OR_RETURN(const auto year_ago,
                            ReportCoverage(tx, TheScheme(), month - 12, ReportBy::kNothing));
    EXPECT_LT(year_ago.total.registered, total.registered / 2);
    return Done{};
  });
  EXPECT_TRUE(read);
}

/// A report as text: what is nothing is left out, since sums keep no row of it.
std::string TextOf(const CoverageReport& report) {
  const auto line = [](const CoverageFigures& f) {
    std::string text;
    for (const std::int64_t n : {f.registered, f.active, f.grace, f.lapsed, f.ended, f.joined,
                                 f.returned, f.lost, f.received.rupiah()}) {
      text += " " + std::to_string(n);
    }
    return text + "\n";
  };
  std::string text = "total" + line(report.total);
  for (const CoverageReportRow& row : report.rows) {
    text += row.figures == CoverageFigures{} ? "" : row.code + line(row.figures);
  }
  return text;
}

// Whatever is asked, of whomever, of whatever month: the sums say what the cohorts add up to.
TEST_P(DemoTest, SumsAreThoseOfTheCohorts) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  const auto made = MakeDemo(*database, agency, SomePeople(kPeople), {});
  ASSERT_TRUE(made);
  const CoverageFilter filters[] = {{},
                                    {.region_code = 33},
                                    {.region_code = 3372},
                                    {.region_code = 11},
                                    {.branch_id = 1},
                                    {.branch_id = 2},
                                    {.group_id = 1},
                                    {.group_id = 2},
                                    {.region_code = 3372, .group_id = 1}};
  int asked = 0;
  const auto read = database->Read([&](Tx& tx) -> Result<Done> {
    for (Month m = made->first_day.month() - 1; m <= made->last_day.month() + 14; m = m + 3) {
      for (const CoverageFilter& filter : filters) {
        for (int by = 0; by <= static_cast<int>(ReportBy::kDoor); ++by) {
          const auto split = static_cast<ReportBy>(by);
          JARING_ASSIGN_OR_RETURN(const CoverageReport sums,
                                  ReportCoverage(tx, TheScheme(), m, split, filter));
          JARING_ASSIGN_OR_RETURN(const CoverageReport cohorts,
                                  AddUpCohorts(tx, TheScheme(), m, split, filter));
          EXPECT_EQ(TextOf(sums), TextOf(cohorts))
              << m.ToString() << " by " << by << " of " << filter.region_code << " "
              << filter.branch_id << " " << filter.group_id;
          ++asked;
        }
      }
    }
    return Done{};
  });
  EXPECT_TRUE(read);
  EXPECT_GT(asked, 500);
}

// An agency from before the sums gets those that one with them would have.
TEST_P(DemoTest, TheMigrationAddsUpTheSameSums) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  ASSERT_TRUE(MakeDemo(*database, agency, SomePeople(kPeople), {}));
  std::ifstream file(kRoot / "migrations" / "0018_sum_counters.sql");
  std::string script;
  for (std::string line; std::getline(file, line);) {
    script += line.substr(0, line.find("--")) + "\n";
  }
  ASSERT_NE(script.find("INSERT INTO closing_sum"), std::string::npos);
  for (auto at = script.find("/*"); at != std::string::npos; at = script.find("/*")) {
    script.erase(at, script.find("*/") + 2 - at);
  }
  const auto migrated = database->Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        tx.RunScript("DROP TABLE coverage_sum; DROP TABLE closing_sum;"
                     " DELETE FROM coverage_counter WHERE month = 0"));
    return tx.RunScript(script);
  });
  ASSERT_TRUE(migrated) << migrated.error().detail;
  ExpectSound(*database, agency, kPeople);
}

// Nobody may take these people for real ones, nor ring them up.
TEST_P(DemoTest, PeopleAreClearlyFake) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  ASSERT_TRUE(MakeDemo(*database, agency, SomePeople(kPeople), {}));
  int people = 0;
  int with_old_age = 0;
  const auto read = database->Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        tx.Query("SELECT nik_sealed, phone_sealed FROM person", {}, [&](const Row& row) {
          ++people;
          const auto nik = sealer_.Unseal(row.Blob(0));
          ASSERT_TRUE(nik);
          EXPECT_EQ(nik->substr(12), "0000");
          EXPECT_TRUE(Nik::Parse(*nik, true));
          if (!row.IsNull(1)) {
            EXPECT_EQ(sealer_.Unseal(row.Blob(1))->substr(0, 6), "628000");
          }
        }));
    return tx.Query("SELECT COUNT(*) FROM membership WHERE programmes >= 4 AND membership_seq = 1",
                    {}, [&](const Row& row) { with_old_age = static_cast<int>(row.Int(0)); });
  });
  EXPECT_TRUE(read);
  EXPECT_EQ(people, kPeople);
  EXPECT_GT(with_old_age, kPeople * 3 / 100);
  EXPECT_LT(with_old_age, kPeople * 12 / 100);
}

TEST_P(DemoTest, AnotherSeedGivesOtherFigures) {
  const Agency agency = MakeAgency();
  std::string figures;
  for (const std::uint64_t seed : {1U, 2U}) {
    const auto database = NewDatabase(agency);
    const auto made = MakeDemo(*database, agency, SomePeople(100, seed), {});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->people, 100);
    const std::string now = Figures(*database, *made);
    EXPECT_NE(now, figures);
    figures = now;
  }
}

TEST_P(DemoTest, NobodyAndOnePerson) {
  const Agency agency = MakeAgency();
  for (const std::int64_t people : {0, 1}) {
    const auto database = NewDatabase(agency);
    const auto made = MakeDemo(*database, agency, SomePeople(people), {});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->people, people);
    ExpectSound(*database, agency, made->people);
  }
}

TEST_P(DemoTest, MadeOnceAndFoundAgain) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  const auto state = [&] {
    DemoState found = DemoState::kUnfinished;
    EXPECT_TRUE(database->Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(found, FindDemo(tx));
      return Done{};
    }));
    return found;
  };
  EXPECT_EQ(state(), DemoState::kNone);
  ASSERT_TRUE(MakeDemo(*database, agency, SomePeople(3), {}));
  EXPECT_EQ(state(), DemoState::kFinished);
  const auto again = MakeDemo(*database, agency, SomePeople(3), {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().rule, "demo.already_made");
}

TEST_P(DemoTest, RefusesWhatCannotBe) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  const auto rule_of = [&](const Agency& of, const DemoOptions& options) {
    const auto made = MakeDemo(*database, of, options, {});
    return made ? std::string() : made.error().rule;
  };
  EXPECT_EQ(rule_of(MakeAgency(false), SomePeople(1)), "demo.agency_is_real");
  EXPECT_EQ(rule_of(agency, SomePeople(-1)), "demo.people_out_of_range");
  EXPECT_EQ(rule_of(agency, SomePeople(1'000'001)), "demo.people_out_of_range");
  DemoOptions early = SomePeople(1);
  early.today = Date::FromYearMonthDay(2017, 6, 30);
  EXPECT_EQ(rule_of(agency, early), "demo.today_out_of_range");
  DemoOptions nowhere = SomePeople(1);
  nowhere.data_root = databases_.back()->folder();
  EXPECT_EQ(rule_of(agency, nowhere), "demo.names_unreadable");
}

JARING_ON_EACH_ENGINE(DemoTest);

}  // namespace
}  // namespace jaring
