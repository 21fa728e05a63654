// The invented nation: exact counts, numbers nobody shares, the same rows however it was made, and
// books that verify.

#include "demo/nation.h"

#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "demo/demo_fixture.h"
#include "demo/nation_people.h"
#include "demo/nation_writer.h"
#include "insight/funnel_report.h"

namespace jaring {
namespace {

TEST(Apportion, GivesWholePartsThatAddUp) {
  EXPECT_EQ(Apportion(10, {1, 1, 1}), (std::vector<std::int64_t>{4, 3, 3}));
  EXPECT_EQ(Apportion(7, {0, 5, 2}), (std::vector<std::int64_t>{0, 5, 2}));
  EXPECT_EQ(Apportion(1, {1, 2, 1}), (std::vector<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(Apportion(0, {3, 4}), (std::vector<std::int64_t>{0, 0}));
  const auto parts = Apportion(50'000'000, {284'973'643, 1, 99'999'999});
  EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), 50'000'000);
}

/// A town far too full for its own identity numbers, and two quiet districts.
NationData CrowdedCountry() {
  NationData data;
  data.provinces = {{.code = 33,
                     .formal_members = 3'000,
                     .informal_members = 1'000,
                     .language = "jv",
                     .formal_trades = {1},
                     .informal_trades = {1}}};
  data.regencies = {{.code = 3301, .population = 1'000, .villages = {3301012001, 3301022001}},
                    {.code = 3372, .population = 9'000, .villages = {3372011001, 3372011002}}};
  data.districts = {330101, 330102, 337201};
  data.trades = {1};
  data.registered = 50'000;
  data.active = 30'000;
  data.active_informal = 4'000;
  data.claiming = 500;
  return data;
}

TEST(NationPlan, CountsAreExactAndPeopleLiveWhereTheirNumberSays) {
  const NationData data = CrowdedCountry();
  const NationPlan plan(data, 20'000, 1);
  std::map<NationKind, std::int64_t> kinds;
  std::map<std::int64_t, std::int64_t> regencies;
  std::int64_t last_village = 0;
  for (std::int64_t n = 0; n < plan.people(); ++n) {
    const NationPlan::Place place = plan.PlaceOf(n);
    ++kinds[place.kind];
    ++regencies[place.village / 1'000'000];
    EXPECT_GE(place.village, last_village) << "in the order of villages";
    EXPECT_EQ(data.districts[place.district], place.village / 10'000);
    last_village = place.village;
  }
  EXPECT_EQ(plan.people(), 20'000);
  EXPECT_EQ(kinds[NationKind::kEmployed], 10'400);
  EXPECT_EQ(kinds[NationKind::kWasEmployed], 4'600);
  EXPECT_EQ(kinds[NationKind::kClaimed], 200);
  EXPECT_EQ(kinds[NationKind::kPaying], 1'600);
  EXPECT_EQ(kinds[NationKind::kStopped], 3'200);
  EXPECT_EQ(regencies[3301], 2'000);
  EXPECT_EQ(regencies[3372], 18'000);
  for (const auto& [kind, count] : kinds) {
    EXPECT_EQ(plan.count(kind), count);
  }
}

TEST(NationPlan, NoTwoHaveTheSameIdentity) {
  const NationData data = CrowdedCountry();
  const NationPlan plan(data, 38'000, 1);
  const Date on = Date::FromYearMonthDay(2022, 1, 1);
  std::set<std::tuple<std::int64_t, std::int64_t, bool>> seen;
  std::int64_t elsewhere = 0;
  int youngest = 100;
  int oldest = 0;
  for (std::int64_t n = 0; n < plan.people(); ++n) {
    const NationPlan::Place place = plan.PlaceOf(n);
    const auto identity = plan.IdentityOf(n, place.district, on);
    EXPECT_TRUE(
        seen.emplace(identity.district, identity.birth_date.number(), identity.sex == Sex::kMale)
            .second)
        << n;
    elsewhere += identity.district == place.village / 10'000 ? 0 : 1;
    youngest = std::min(youngest, AgeOn(identity.birth_date, on));
    oldest = std::max(oldest, AgeOn(identity.birth_date, on));
  }
  EXPECT_EQ(elsewhere, 38'000 * 9 / 10 - 13'000) << "the town has no more numbers";
  EXPECT_GE(youngest, 18);
  EXPECT_LE(oldest, 64);
}

class NationTest : public DemoAgencyTest {
 protected:
  static constexpr std::int64_t kPeople = 2'000;

  static NationOptions Options(std::uint64_t seed = 1) {
    return {.people = kPeople,
            .seed = seed,
            .today = Date::FromYearMonthDay(2022, 1, 20),
            .data_root = kRoot};
  }

  NationSummary Make(Database& database, const NationOptions& options) {
    const Agency agency = MakeAgency();
    const auto made = MakeNation(database, agency, options, {});
    EXPECT_TRUE(made) << made.error().rule << " " << made.error().detail;
    return made ? *made : NationSummary{};
  }

  std::string Refusal(Database& database, const NationOptions& options, bool is_demo = true) {
    const Agency agency = MakeAgency(is_demo);
    const auto made = MakeNation(database, agency, options, {});
    return made ? "" : made.error().rule;
  }

  /// Every row there is of people and money, as text.
  static std::string Rows(Database& database) {
    std::string text;
    const auto read = database.Read([&](Tx& tx) -> Result<Done> {
      for (const std::string_view sql : {
               "SELECT person_id, name, birth_date, sex, village_code, language, warnings,"
               " created_at FROM person ORDER BY 1",
               "SELECT person_id, '', acquired_on, programmes, income_rupiah, trade, payer,"
               " start_rule FROM membership ORDER BY 1",
               "SELECT person_id, '', cohort_id, first_month, paid_through, cover_from,"
               " credit_rupiah, 0 FROM membership ORDER BY 1",
               "SELECT person_id, reference, payment_id, partner_id, amount_rupiah, paid_at,"
               " posted_at, kind FROM payment ORDER BY 1",
               "SELECT contribution_id, '', person_id, payment_id, first_month, months,"
               " jkk_rupiah + 3 * jkm_rupiah + 7 * jht_rupiah, posted_at FROM contribution"
               " ORDER BY 1",
               "SELECT payment_id, reference, person_id, partner_id, amount_rupiah, kind, 0, 0"
               " FROM payment_reference ORDER BY 1",
               "SELECT p.person_id, p.name, COUNT(*), COUNT(f.person_id), 0, 0, 0, 0 FROM person p"
               " JOIN person_nik k ON k.nik_sealed = p.nik_sealed AND k.person_id = p.person_id"
               " JOIN person_likeness l ON l.person_id = p.person_id"
               " LEFT JOIN person_phone f ON f.phone_sealed = p.phone_sealed"
               " AND f.person_id = p.person_id GROUP BY 1, 2 ORDER BY 1",
           }) {
        JARING_RETURN_IF_ERROR(tx.Query(sql, {}, [&](const Row& row) {
          text += std::to_string(row.Int(0)) + " " + std::string(row.Text(1));
          for (int column = 2; column < 8; ++column) {
            text += " " + std::to_string(row.Int(column));
          }
          text += "\n";
        }));
      }
      return Done{};
    });
    EXPECT_TRUE(read) << read.error().detail;
    return text;
  }

  void ExpectCleanBooks(Database& database, const NationSummary& summary) {
    ExpectSound(database, MakeAgency(), summary.people, summary.payments);
    const auto read = database.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const CoverageReport coverage,
                              ReportCoverage(tx, TheScheme(), summary.last_month, ReportBy::kDoor));
      EXPECT_EQ(coverage.total.registered, summary.people);
      EXPECT_EQ(coverage.total.active, summary.active);
      EXPECT_GT(coverage.total.grace, 0);
      EXPECT_GT(coverage.total.lapsed, 0);
      JARING_ASSIGN_OR_RETURN(const FunnelReport funnel,
                              ReportFunnel(tx, TheScheme(), summary.last_month));
      std::int64_t closed = 0;
      for (const EndRow& row : funnel.causes->ends) {
        closed += row.closed;
      }
      EXPECT_EQ(closed, summary.claimed);
      EXPECT_EQ(funnel.figures.left, summary.claimed);
      EXPECT_GT(funnel.causes->lapses.size(), 5U) << "by payer and length";
      EXPECT_EQ(coverage.rows.size(), 6U) << "a list and five doors";
      return Done{};
    });
    EXPECT_TRUE(read) << read.error().rule << " " << read.error().detail;
  }
};

JARING_ON_EACH_ENGINE(NationTest);

TEST_P(NationTest, HasTheProportionsOfTheStatisticsAndCleanBooks) {
  Database& database = *NewDatabase(MakeAgency());
  const NationSummary summary = Make(database, Options());
  EXPECT_EQ(summary.people, kPeople);
  EXPECT_EQ(summary.active, 1'272);  // 31.8 of 50 million.
  EXPECT_EQ(summary.active_informal, 120);
  EXPECT_EQ(summary.claimed, 12);  // 300 thousand of 50 million.
  EXPECT_EQ(summary.last_month, Month::FromYearMonth(2021, 12));
  ExpectCleanBooks(database, summary);
}

TEST_P(NationTest, SameSeedSameRowsWhateverTheThreadsAndSets) {
  NationOptions options = Options();
  options.threads = 1;
  Database& one = *NewDatabase(MakeAgency());
  Make(one, options);
  const std::string rows = Rows(one);
  options.threads = 3;
  options.rows_at_once = 130;
  Database& other = *NewDatabase(MakeAgency());
  Make(other, options);
  EXPECT_TRUE(rows == Rows(other));
  Database& another = *NewDatabase(MakeAgency());
  Make(another, Options(2));
  EXPECT_FALSE(rows == Rows(another));
}

TEST_P(NationTest, GoesOnWhereItWasStopped) {
  NationOptions options = Options();
  options.rows_at_once = 700;
  Database& whole = *NewDatabase(MakeAgency());
  const NationSummary expected = Make(whole, options);
  Database& database = *NewDatabase(MakeAgency());
  const Agency agency = MakeAgency();
  int stops = 0;
  for (bool is_done = false; !is_done && stops < 50;) {
    DyingDatabase dying(database, 2);  // What begins it again, and one step.
    const auto made = MakeNation(dying, agency, options, {});
    is_done = made.has_value();
    stops += is_done ? 0 : 1;
    if (is_done) {
      EXPECT_EQ(made->payments, expected.payments);
      EXPECT_EQ(made->resumed_at, kPeople);
    }
  }
  EXPECT_GE(stops, 7) << "three times people, then four tables";
  EXPECT_TRUE(Rows(database) == Rows(whole));
  ExpectCleanBooks(database, expected);
}

TEST_P(NationTest, LookAlikesAreNotedWhereverTheSetsAreCut) {
  Database& database = *NewDatabase(MakeAgency());
  Make(database, Options());
  const std::vector<Keyed<std::int64_t>> keys = {{-9, 4}, {5, 1}, {5, 2}, {5, 7}, {6, 3}};
  const Instant now = Instant::StartOfDay(Date::FromYearMonthDay(2022, 1, 1));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_TRUE(database.Write(
        [&](Tx& tx) { return NationWriter::WriteLikenesses(tx, keys, i, i + 1, now); }));
  }
  std::string pairs;
  EXPECT_TRUE(database.Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        tx.Query("SELECT person_id - 100000000, other_person_id - 100000000"
                 " FROM suspected_duplicate ORDER BY 1, 2",
                 {}, [&](const Row& row) {
                   pairs += std::to_string(row.Int(0)) + "-" + std::to_string(row.Int(1)) + " ";
                 }));
    return tx.Query("SELECT person_id - 100000000 FROM person WHERE warnings >= 4 ORDER BY 1", {},
                    [&](const Row& row) { pairs += std::to_string(row.Int(0)) + " "; });
  }));
  EXPECT_EQ(pairs, "2-1 7-1 7-2 2 7 ");
}

TEST_P(NationTest, RefusesWhatIsNotItsOwn) {
  Database& database = *NewDatabase(MakeAgency());
  DyingDatabase dying(database, 1);
  EXPECT_EQ(Refusal(dying, Options()), "db.unavailable");
  EXPECT_EQ(Refusal(database, Options(2)), "demo.begun_otherwise");
  Make(database, Options());
  EXPECT_EQ(Refusal(database, Options()), "demo.already_made");
  NationOptions options = Options();
  options.people = -1;
  EXPECT_EQ(Refusal(database, options), "demo.people_out_of_range");
  options = Options();
  options.today = Date::FromYearMonthDay(2015, 8, 1);
  EXPECT_EQ(Refusal(database, options), "demo.today_out_of_range");
  options = Options();
  options.data_root = kRoot / "src";
  EXPECT_EQ(Refusal(database, options), "demo.statistics_unreadable");
  EXPECT_EQ(Refusal(*NewDatabase(MakeAgency(false)), Options(), false), "demo.agency_is_real");
}

TEST_P(NationTest, ManyOfOneMonthAreWorthWhatIsPublished) {
  // Rp 6 trillion from 31.8 million, "more than": some 190,000 each.
  const auto data = NationData::Load(TheScheme(), kRoot);
  ASSERT_TRUE(data);
  const auto names = DemoNames::Load(kRoot, NamesOf::kNation);
  ASSERT_TRUE(names);
  const NationPlan plan(*data, 50'000'000, 1);
  const Date today = Date::FromYearMonthDay(2022, 1, 1);
  const NationPeople people(*data, plan, *names, TheScheme(), sealer_, 1, today);
  std::int64_t rupiah = 0;
  std::int64_t active = 0;
  constexpr std::int64_t kStep = 9'973;
  for (std::int64_t n = 0; n < plan.people(); n += kStep) {
    const NationPerson person = people.PersonOf(n);
    if (person.place.kind == NationKind::kEmployed || person.place.kind == NationKind::kPaying) {
      const auto price =
          FindMonthPrice(TheScheme(), person.terms, Month::FromYearMonth(2021, 12), today);
      ASSERT_TRUE(price);
      rupiah += price->due.total().rupiah();
      ++active;
    }
  }
  const std::int64_t nation = rupiah / active * 31'800'000;
  EXPECT_GT(nation, 5'800'000'000'000);
  EXPECT_LT(nation, 6'500'000'000'000);
}

}  // namespace
}  // namespace jaring
