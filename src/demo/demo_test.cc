// The demo on real databases: same seed, same figures; books that verify; a state like in life.

#include "demo/demo.h"

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "demo/demo_fixture.h"
#include "insight/funnel_report.h"
#include "registry/migration_fixture.h"
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
    for (const std::int64_t n :
         {f.registered, f.paid, f.active, f.grace, f.lapsed, f.ended, f.joined, f.returned, f.lost,
          f.left, f.months, f.received.rupiah()}) {
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

CoverageReport Whole(const CoverageReport& report) {
  CoverageReport whole{.month = report.month, .total = {}, .rows = {}};
  for (const CoverageReportRow& row : report.rows) {
    whole.total += row.figures;
  }
  return whole;
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
                                    {.region_code = 3372, .group_id = 1},
                                    {.sector = 0},
                                    {.sector = 2, .door = 1},
                                    {.region_code = 33, .sector = 2},
                                    {.region_code = 3372, .door = 1},
                                    {.branch_id = 1, .sector = 2},
                                    {.group_id = 1, .door = 1}};
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
          // Districts of a regency, and provinces of one sector, where the cohorts have regencies.
          const bool other_regions =
              split == ReportBy::kRegion && (filter == CoverageFilter{.region_code = 3372} ||
                                             (filter.has_kind() && filter.region_code == 0));
          EXPECT_EQ(TextOf(other_regions ? Whole(sums) : sums),
                    TextOf(other_regions ? Whole(cohorts) : cohorts))
              << m.ToString() << " by " << by << " of " << filter.region_code << " "
              << filter.branch_id << " " << filter.group_id << " " << filter.sector.value_or(-1)
              << " " << filter.door;
          ++asked;
        }
      }
    }
    return Done{};
  });
  EXPECT_TRUE(read);
  EXPECT_GT(asked, 500);
}

// A regency is told by its districts, and those by their villages, with nobody left out.
TEST_P(DemoTest, VillagesAddUpToTheirRegency) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  const auto made = MakeDemo(*database, agency, SomePeople(kPeople), {});
  ASSERT_TRUE(made);
  std::size_t villages_seen = 0;
  const auto read = database->Read([&](Tx& tx) -> Result<Done> {
    const auto ask = [&](Month month, ReportBy by, std::int64_t region) {
      return ReportCoverage(tx, TheScheme(), month, by, CoverageFilter{.region_code = region});
    };
    for (Month m = made->first_day.month(); m <= made->last_day.month() + 3; m = m + 4) {
      JARING_ASSIGN_OR_RETURN(const auto regency, ask(m, ReportBy::kNothing, 3372));
      JARING_ASSIGN_OR_RETURN(const auto districts, ask(m, ReportBy::kRegion, 3372));
      EXPECT_EQ(districts.total, regency.total) << m.ToString();
      EXPECT_EQ(Whole(districts).total, regency.total);
      for (const CoverageReportRow& district : districts.rows) {
        JARING_ASSIGN_OR_RETURN(const auto villages,
                                ask(m, ReportBy::kRegion, std::stoll(district.code)));
        EXPECT_EQ(Whole(villages).total, district.figures) << district.code;
        EXPECT_FALSE(district.name.empty());
        villages_seen += villages.rows.size();
        for (const CoverageReportRow& village : villages.rows) {
          JARING_ASSIGN_OR_RETURN(const auto alone,
                                  ask(m, ReportBy::kNothing, std::stoll(village.code)));
          EXPECT_EQ(alone.total, village.figures) << village.code;
        }
      }
    }
    for (const ReportBy by : {ReportBy::kSector, ReportBy::kBranch, ReportBy::kDoor}) {
      const auto split = ask(made->last_day.month(), by, 337201);
      EXPECT_FALSE(split);
      EXPECT_EQ(split.error().rule, "report.region_too_small");
    }
    return Done{};
  });
  EXPECT_TRUE(read);
  EXPECT_GT(villages_seen, 100U);
}

// Whichever part is asked about: those who lapsed there have all their causes, and no others.
TEST_P(DemoTest, CausesAreThoseOfThePart) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  const auto made = MakeDemo(*database, agency, SomePeople(kPeople), {});
  ASSERT_TRUE(made);
  std::int64_t lost = 0;
  std::set<std::int64_t> regencies_with_ends;
  const auto read = database->Read([&](Tx& tx) -> Result<Done> {
    const auto add_up = [&](Month month, const CoverageFilter& filter) -> Result<std::int64_t> {
      JARING_ASSIGN_OR_RETURN(const auto funnel, ReportFunnel(tx, TheScheme(), month, filter));
      std::int64_t lapses = 0;
      for (const LapseRow& row : funnel.causes->lapses) {
        lapses += row.lost;
      }
      EXPECT_EQ(lapses, funnel.figures.lost) << filter.region_code << " " << filter.branch_id;
      std::int64_t ends = 0;
      for (const EndRow& row : funnel.causes->ends) {
        ends += row.closed;
      }
      lost += filter.region_code > 100 ? lapses : 0;
      return ends;
    };
    for (Month m = made->first_day.month(); m <= made->last_day.month() + 3; m = m + 1) {
      JARING_ASSIGN_OR_RETURN(const std::int64_t whole, add_up(m, {}));
      std::int64_t ends = 0;
      for (const std::int64_t regency : {3372, 3309, 3310, 3311, 3312, 3313, 3314}) {
        JARING_ASSIGN_OR_RETURN(const auto part, add_up(m, {.region_code = regency}));
        ends += part;
        if (part > 0) {
          regencies_with_ends.insert(regency);
        }
      }
      EXPECT_EQ(ends, whole) << m.ToString();
      ends = 0;
      for (std::int64_t branch = 1; branch <= 40; ++branch) {
        JARING_ASSIGN_OR_RETURN(const auto part, add_up(m, {.branch_id = branch}));
        ends += part;
      }
      EXPECT_EQ(ends, whole) << m.ToString();
    }
    for (const CoverageFilter& filter :
         {CoverageFilter{.region_code = 337201}, CoverageFilter{.group_id = 1}}) {
      JARING_ASSIGN_OR_RETURN(const auto funnel,
                              ReportFunnel(tx, TheScheme(), made->last_day.month(), filter));
      EXPECT_FALSE(funnel.causes);
    }
    return Done{};
  });
  EXPECT_TRUE(read);
  EXPECT_GT(lost, 100);
  EXPECT_GT(regencies_with_ends.size(), 1U);
}

// An agency from before the sums gets those that one with them would have.
TEST_P(DemoTest, TheMigrationAddsUpTheSameSums) {
  const Agency agency = MakeAgency();
  const auto database = NewDatabase(agency);
  ASSERT_TRUE(MakeDemo(*database, agency, SomePeople(kPeople), {}));
  // Who has moved since is counted where she joined, in a village that is not known.
  const auto migrated = database->Write([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        tx.RunScript("UPDATE person SET village_code = (SELECT MIN(region_code) FROM region"
                     " WHERE region_code > 1101000000) WHERE person_id = (SELECT MIN(m.person_id)"
                     " FROM membership m JOIN cohort c ON c.cohort_id = m.cohort_id"
                     " WHERE c.regency_code = 3372)"));
    return CountAgain(tx);
  });
  ASSERT_TRUE(migrated) << migrated.error().detail;
  ExpectSound(*database, agency, kPeople);
  const auto read = database->Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto report,
                            ReportCoverage(tx, TheScheme(), Month::FromYearMonth(2026, 5),
                                           ReportBy::kRegion, CoverageFilter{.region_code = 3372}));
    EXPECT_EQ(report.rows.front().code, "337200");
    EXPECT_EQ(report.rows.front().figures.registered, 1);
    return Done{};
  });
  EXPECT_TRUE(read);
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
