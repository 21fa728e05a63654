#include "scheme/scheme_loader.h"
#include "base/source_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace jaring {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const fs::path kFolder = fs::path(SourceDir()) / "schemes" / "id-bpu";

std::string ReadAll(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void WriteAll(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// A copy of the shipped folder that a test may break.
class SchemeCopy {
 public:
  SchemeCopy() {
    std::string name = (fs::temp_directory_path() / "jaring-scheme-XXXXXX").string();
    path_ = mkdtemp(name.data());
    fs::copy(kFolder, path_, fs::copy_options::recursive);
  }
  ~SchemeCopy() { fs::remove_all(path_); }
  SchemeCopy(const SchemeCopy&) = delete;
  SchemeCopy& operator=(const SchemeCopy&) = delete;

  const fs::path& path() const { return path_; }

  /// Replaces the first `from`, which must be there.
  void Replace(const std::string& file, std::string_view from, std::string_view to) {
    std::string text = ReadAll(path_ / file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << file << " has no " << from;
    WriteAll(path_ / file, text.replace(at, from.size(), to));
  }

  std::string Problems() const {
    std::string all;
    for (const SchemeProblem& problem : LoadScheme(path_).problems) {
      all += ProblemText(problem) + "\n";
    }
    return all;
  }

 private:
  fs::path path_;
};

std::string ShippedProblems() {
  std::string all;
  for (const SchemeProblem& problem : LoadScheme(kFolder).problems) {
    all += ProblemText(problem) + "\n";
  }
  return all;
}

TEST(LoadScheme, ReadsTheShippedScheme) {
  const LoadedScheme loaded = LoadScheme(kFolder);
  ASSERT_TRUE(loaded) << ShippedProblems();
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Scheme& scheme = *loaded.scheme;
  EXPECT_EQ(scheme.code, "id-bpu");
  ASSERT_EQ(scheme.bracket_tables.size(), 1U);
  EXPECT_EQ(scheme.bracket_tables[0].brackets.size(), 33U);
  EXPECT_EQ(scheme.reliefs.size(), 3U);
  EXPECT_GE(scheme.trades.size(), 60U);
}

TEST(LoadScheme, KeepsTheSectorsInTheirOrder) {
  // Places of sectors are stored as bits of reliefs and with members: the order is part of the
  // data.
  const std::vector<std::string> expected = {
      "transport", "farming",   "livestock",   "fisheries", "trade", "building", "crafts",
      "household", "education", "professions", "creative",  "daily", "other"};
  const LoadedScheme loaded = LoadScheme(kFolder);
  ASSERT_TRUE(loaded);
  std::vector<std::string> codes;
  for (const Sector& sector : loaded.scheme->sectors) {
    codes.push_back(sector.code);
  }
  EXPECT_EQ(codes, expected);
}

TEST(LoadScheme, HoldsTheFiguresOfTheLaw) {
  const LoadedScheme loaded = LoadScheme(kFolder);
  ASSERT_TRUE(loaded);
  const Month month = Month::FromYearMonth(2026, 3);
  const Bracket* bracket = FindBracket(*loaded.scheme, Money::FromRupiah(2'500'000), month);
  ASSERT_NE(bracket, nullptr);
  EXPECT_EQ(bracket->number, 9);
  EXPECT_EQ(bracket->jkk, Money::FromRupiah(26'000));
  EXPECT_EQ(bracket->jht, Money::FromRupiah(52'000));
  EXPECT_EQ(bracket->mark.source, "pp44-2015:annex2, pp46-2015:annex, simulasi");
  const Parameters& parameters = loaded.scheme->parameters;
  EXPECT_EQ(FindNumber(parameters.grace_months, month)->value, 3);
  EXPECT_EQ(FindNumber(parameters.joining_age_below, month)->value, 65);
  EXPECT_EQ(FindNumber(parameters.due_day, month)->value, 15);
  EXPECT_EQ(FindNumber(parameters.due_months_after, month)->value, 0);
  EXPECT_EQ(FindNumber(parameters.prepayment_months, month)->mark.confidence, Confidence::kMemory);
}

TEST(LoadScheme, RefusesWhatClaimsCannotUse) {
  const auto problems = [](const std::string& file, std::string_view from, std::string_view to) {
    SchemeCopy copy;
    copy.Replace(file, from, to);
    return copy.Problems();
  };
  EXPECT_THAT(problems("benefits-jkk.toml", "[\"accident_death\"]", "[\"accident_dead\"]"),
              HasSubstr("events: \"accident_dead\" is not known"));
  EXPECT_THAT(problems("benefits-jkk.toml", "events = [\"accident\"]\n", ""), HasSubstr("events"));
  EXPECT_THAT(problems("heirs.toml", "[\"spouse\", \"child\"]", "[\"spouse\", \"spouse\"]"),
              HasSubstr("relations: \"spouse\" stands twice"));
  EXPECT_THAT(problems("holidays.toml", "on = 2025-01-27", "on = 2025-01-01"),
              HasSubstr("holidays stand in the order of their days, each once"));
  EXPECT_THAT(problems("disability.toml", "most_ppm = 300_000", "most_ppm = 99_999"),
              HasSubstr("most_ppm"));
  EXPECT_THAT(problems("disability.toml", "share_ppm = 400_000", "share_ppm = 1_000_001"),
              HasSubstr("share_ppm"));
}

TEST(LoadScheme, KnowsWhatEveryBenefitIsFor) {
  const LoadedScheme loaded = LoadScheme(kFolder);
  ASSERT_TRUE(loaded);
  for (const Benefit& benefit : loaded.scheme->benefits) {
    EXPECT_NE(benefit.events, ClaimEvents()) << benefit.id;
  }
}

TEST(LoadScheme, HoldsTheSharesOfTheWageAsFromMemory) {
  const LoadedScheme loaded = LoadScheme(kFolder);
  ASSERT_TRUE(loaded);
  const Month first = Month::FromYearMonth(2015, 7);
  constexpr std::int64_t kPpm[] = {2'400, 3'000, 57'000};
  for (const Programme programme : kProgrammes) {
    const WageRate* rate = FindWageRate(*loaded.scheme, programme, first);
    ASSERT_NE(rate, nullptr);
    EXPECT_EQ(rate->rate.ppm(), kPpm[static_cast<std::size_t>(programme)]);
    EXPECT_EQ(rate->mark.confidence, Confidence::kMemory);
    EXPECT_EQ(FindWageRate(*loaded.scheme, programme, first + -1), nullptr);
  }
}

TEST(LoadScheme, AllowsASchemeWithoutWageEarners) {
  SchemeCopy copy;
  fs::remove(copy.path() / "wage-earners.toml");
  EXPECT_EQ(copy.Problems(), "");
}

TEST(LoadScheme, ReadsReliefsWholly) {
  const LoadedScheme loaded = LoadScheme(kFolder);
  ASSERT_TRUE(loaded);
  const Relief& pandemic = loaded.scheme->reliefs[0];
  EXPECT_EQ(pandemic.id, "pp49-2020");
  EXPECT_EQ(pandemic.sectors, (1U << 13) - 1);
  EXPECT_FALSE(pandemic.government_excluded);
  EXPECT_EQ(pandemic.existing_member_through, Month::FromYearMonth(2020, 7));
  EXPECT_EQ(pandemic.full_months_for_new, 2);
  const Relief& transport = loaded.scheme->reliefs[1];
  EXPECT_EQ(transport.sectors, 1U);
  EXPECT_TRUE(transport.government_excluded);
  EXPECT_EQ(transport.known_from, Date::FromYearMonthDay(2025, 12, 22));
  EXPECT_EQ(transport.months.last, Month::FromYearMonth(2027, 3));
  const Relief& others = loaded.scheme->reliefs[2];
  EXPECT_EQ(others.sectors, (1U << 13) - 2);
}

struct Broken {
  const char* name;
  const char* file;
  const char* from;
  const char* to;
  const char* problem;
};

class BrokenScheme : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenScheme, IsRefusedWithItsPlace) {
  const Broken& broken = GetParam();
  SchemeCopy copy;
  copy.Replace(broken.file, broken.from, broken.to);
  EXPECT_FALSE(LoadScheme(copy.path()));
  const std::string problems = copy.Problems();
  EXPECT_THAT(problems, HasSubstr(broken.problem));
  EXPECT_THAT(problems, ::testing::ContainsRegex("[a-z-]+\\.toml(:[0-9]+)?: "));
}

constexpr const char* kBracket2 = "{ number = 2, from = 1_100_000, printed_to = 1_299_000";

// clang-format off
const Broken kBroken[] = {
    {"NotToml", "paying.toml", "[[parameter]]", "[[parameter", "this is not TOML"},
    {"UnknownSection", "agents.toml", "[[agent_pay]]", "[[agent_pays]]", "\"agent_pays\" is not known"},
    {"UnknownKey", "reliefs.toml", "rounding =", "jkp = 1\nrounding =", "\"jkp\" is not known here"},
    {"UnknownKeyInRow", "paying.toml", "value = 15,", "value = 15, day = 1,", "\"day\" is not known"},
    {"KeyOfAnotherBenefitKind", "benefits-jkk.toml", "kind = \"service\",", "kind = \"service\", cap = 1,", "\"cap\" is not known"},
    {"OneBracketForList", "contributions.toml", "[[flat_contribution]]", "[flat_contribution]", "two brackets"},
    {"MissingKey", "reliefs.toml", "government_excluded = true", "", "\"government_excluded\" is missing"},
    {"WrongType", "contributions.toml", "6_800", "\"6800\"", "\"amount\" must be a whole number"},
    {"NegativeMoney", "contributions.toml", "6_800", "-6_800", "\"amount\" must be 0 to"},
    {"HugeMoney", "contributions.toml", "6_800", "9_000_000_000_000_000", "\"amount\" must be 0 to"},
    {"BadMonth", "paying.toml", "from = \"2015-07\"", "from = \"2015-13\"", "\"from\" must be a month"},
    {"BadDay", "reliefs.toml", "known_from = 2020-09-01", "known_from = \"2020-09-01\"", "\"known_from\" must be a day"},
    {"EndBeforeStart", "reliefs.toml", "to = \"2021-01\"", "to = \"2020-01\"", "\"to\" is before \"from\""},
    {"UnknownSource", "brackets.toml", "simulasi", "simulator", "names \"simulator\""},
    {"UnknownConfidence", "brackets.toml", "\"S2+\"", "\"S3\"", "\"confidence\" must be one of V, S2+, S, M"},
    {"NoSource", "contributions.toml", "source = \"pp44-2015:annex2, simulasi\"\n", "", "\"source\" is missing"},
    {"SourceTwice", "sources.toml", "id = \"simulasi\"", "id = \"konten\"", "the source \"konten\" is there twice"},
    {"UnknownSectorOfTrade", "sectors.toml", "sector = \"farming\"", "sector = \"farm\"", "the sector \"farm\" is not known"},
    {"UnknownSectorOfRelief", "reliefs.toml", "sectors = [\"transport\"]", "sectors = [\"ojek\"]", "the sector \"ojek\" is not known"},
    {"SectorTwice", "sectors.toml", "code = \"livestock\"", "code = \"farming\"", "the sector \"farming\" is there twice"},
    {"NoGeneralTrade", "sectors.toml", "code = \"transport\"\nsector", "code = \"driver\"\nsector", "has no general trade"},
    {"TradeNumberTwice", "sectors.toml", "number = 201", "number = 200", "the trade number \"200\" is there twice"},
    {"TradeCodeTwice", "sectors.toml", "code = \"rice-farmer\"", "code = \"cocoa-farmer\"", "the trade \"cocoa-farmer\" is there twice"},
    {"SlugWithCapitals", "sectors.toml", "code = \"rice-farmer\"", "code = \"Rice Farmer\"", "must be 2 to 40 of a-z"},
    {"BracketGap", "brackets.toml", kBracket2, "{ number = 2, from = 1_200_000, printed_to = 1_299_000", "a gap of incomes between brackets 1 and 2"},
    {"BracketOverlap", "brackets.toml", kBracket2, "{ number = 2, from = 1_000_000, printed_to = 1_299_000", "bracket 2 overlaps bracket 1"},
    {"BracketNotFromZero", "brackets.toml", "{ number = 1, from = 0,", "{ number = 1, from = 1,", "begin at an income of 0"},
    {"BracketNumberSkipped", "brackets.toml", "number = 7,", "number = 8,", "bracket 8 comes after bracket 6"},
    {"LastBracketEnds", "brackets.toml", "from = 20_200_000,", "from = 20_200_000, printed_to = 30_000_000,", "the last bracket must have no upper end"},
    {"JkkNotOnePerCent", "brackets.toml", "jkk = 29_500", "jkk = 29_000", "bracket 10: JKK is 29000, but 10000 ppm of the base is 29500"},
    {"JhtNotTwoPerCent", "brackets.toml", "jht = 414_000", "jht = 415_000", "bracket 33: JHT is 415000"},
    {"BracketTableEnds", "brackets.toml", "from = \"2015-07\"", "from = \"2015-07\"\nto = \"2030-01\"", "the last row must have no \"to\""},
    {"BracketTableBeginsLate", "brackets.toml", "from = \"2015-07\"", "from = \"2016-01\"", "a gap from the scheme's beginning 2015-07"},
    {"ParameterGap", "membership.toml", "rows = [{ from = \"2015-07\", value = 3,", "rows = [{ from = \"2015-07\", to = \"2016-01\", value = 6, source = \"probisA\", confidence = \"M\" }, { from = \"2016-03\", value = 3,", "grace_months: a gap from 2016-02"},
    {"ParameterOverlap", "membership.toml", "rows = [{ from = \"2015-07\", value = 3,", "rows = [{ from = \"2015-07\", to = \"2016-03\", value = 6, source = \"probisA\", confidence = \"M\" }, { from = \"2016-03\", value = 3,", "grace_months: this row overlaps"},
    {"ParameterUnknown", "membership.toml", "id = \"grace_months\"", "id = \"grace_month\"", "the parameter \"grace_month\" is not known"},
    {"ParameterMissing", "membership.toml", "id = \"grace_months\"", "id = \"grace_month\"", "the parameter \"grace_months\" is missing"},
    {"ParameterOutOfRange", "paying.toml", "value = 15", "value = 31", "\"value\" must be 1 to 28"},
    {"FlatIsNotJkm", "contributions.toml", "programme = \"JKM\"", "programme = \"JHT\"", "only JKM is the same"},
    {"WageRateGap", "wage-earners.toml", "from = \"2015-07\"\nppm = 3_000", "from = \"2016-01\"\nppm = 3_000", "JKM rate of the wage: a gap from the scheme's beginning 2015-07"},
    {"WageRateEnds", "wage-earners.toml", "from = \"2015-07\"\nppm = 3_000", "from = \"2015-07\"\nto = \"2030-01\"\nppm = 3_000", "JKM rate of the wage: the last row must have no \"to\""},
    {"WageRateTwice", "wage-earners.toml", "programme = \"JKM\"", "programme = \"JKK\"", "JKK rate of the wage: this row overlaps"},
    {"WageRateMissing", "wage-earners.toml", "programme = \"JKM\"", "programme = \"JKK\"", "there is no JKM rate of the wage"},
    {"WageRateOfNothing", "wage-earners.toml", "ppm = 3_000", "ppm = 0", "a rate of the wage must be more than nothing"},
    {"WageRateAboveTheWage", "wage-earners.toml", "ppm = 3_000", "ppm = 1_000_001", "a rate of the wage must be"},
    {"WageCeilingOfNothing", "wage-earners.toml", "ppm = 3_000", "ppm = 3_000\nwage_ceiling = 0", "a wage ceiling of 0"},
    {"RiskClassOfJkm", "wage-earners.toml", "ppm = 3_000", "ppm = 3_000\nrisk_class = \"low\"", "only JKK goes by the risk"},
    {"UnknownProgramme", "reliefs.toml", "[\"JKK\", \"JKM\"]", "[\"JKK\", \"JP\"]", "\"JP\", which is not JKK, JKM or JHT"},
    {"ReliefTwice", "reliefs.toml", "\"pp50-2025-others\"", "\"pp50-2025-transport\"", "the relief \"pp50-2025-transport\" is there twice"},
    {"ReliefWithoutEnd", "reliefs.toml", "to = \"2027-03\"", "", "a relief is temporary"},
    {"ReliefHalfARule", "reliefs.toml", "full_months_for_new = 2", "", "belong together"},
    {"ReliefAboveFull", "reliefs.toml", "pays_ppm = 500_000", "pays_ppm = 1_500_000", "\"pays_ppm\" must be 0 to 1000000"},
    {"BenefitOverlap", "benefits-jkm.toml", "to = 2019-12-01", "to = 2019-12-02", "jkm-death-grant: this row overlaps"},
    {"BenefitGap", "benefits-jkm.toml", "to = 2019-12-01", "to = 2019-11-30", "jkm-death-grant: a gap from 2019-12-01"},
    {"TotalDoesNotAddUp", "benefits-jkm.toml", "amount = 20_000_000", "amount = 21_000_000", "jkm-total-pp82: the parts make 43000000"},
    {"TotalOfUnknown", "benefits-jkm.toml", "parts = [\"jkm-death-grant\"", "parts = [\"jkm-death\"", "\"jkm-death\" is no fixed benefit"},
    {"AtLeastUnknown", "benefits-jkk.toml", "at_least = \"jkm-death-grant\"", "at_least = \"jkm-grant\"", "the benefit \"jkm-grant\" is not known"},
    {"ScholarshipYears", "benefits-scholarship.toml", "max_years = 8", "max_years = 9", "9 years of 1500000 make 13500000"},
    {"ScholarshipChild", "benefits-scholarship.toml", "per_child = 87_000_000", "per_child = 86_000_000", "the levels make 87000000 per child"},
    {"ScholarshipTotal", "benefits-scholarship.toml", "total = 174_000_000", "total = 173_000_000", "2 children make 174000000"},
    {"ReturnTwice", "declared-returns.toml", "year = 2017", "year = 2016", "the declared return of \"2016\" is there twice"},
    {"ReturnBelowFloor", "declared-returns.toml", "deposit_ppm = 48_800", "deposit_ppm = 80_000", "below the deposit rate"},
    {"SchemeTwice", "paying.toml", "[[parameter]]", "[scheme]\ncode = \"xx\"\n[[parameter]]", "[scheme] is there twice"},
    {"CompulsoryAndOptional", "scheme.toml", "optional = [\"JHT\"]", "optional = [\"JHT\", \"JKM\"]", "both compulsory and optional"},
    {"ParticipantWithoutCompulsory", "membership.toml", "compulsory = [\"JKK\", \"JKM\"]", "compulsory = [\"JKK\"]", "must be compulsory for every participant"},
    {"LineBreakInName", "scheme.toml", "name_en = \"Emp", "name_en = \"A\\nEmp", "must be one line"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(OfEachKind, BrokenScheme, ::testing::ValuesIn(kBroken),
                         [](const auto& broken) { return std::string(broken.param.name); });

TEST(LoadScheme, RefusesWordsThatMeanTwoTrades) {
  SchemeCopy copy;
  copy.Replace("sectors.toml", "aliases = [\"tembakau\"]", "aliases = [\"Petani-SAWAH\"]");
  EXPECT_THAT(copy.Problems(), HasSubstr("\"petani sawah\" already means the trade"));
}

TEST(LoadScheme, ReportsEveryProblemNotOnlyTheFirst) {
  SchemeCopy copy;
  copy.Replace("brackets.toml", "jkk = 29_500", "jkk = 29_000");
  copy.Replace("paying.toml", "value = 15", "value = 31");
  copy.Replace("reliefs.toml", "rounding =", "jkp = 1\nrounding =");
  EXPECT_EQ(LoadScheme(copy.path()).problems.size(), 3U) << copy.Problems();
}

TEST(LoadScheme, SaysOnWhichLine) {
  SchemeCopy copy;
  WriteAll(copy.path() / "extra.toml", "# one\n\n[[statement]]\nid = \"x-y\"\nwhat = 1\n");
  EXPECT_THAT(copy.Problems(), HasSubstr("extra.toml:5: the key \"what\" is not known here"));
}

TEST(LoadScheme, StopsAtAHundredProblems) {
  SchemeCopy copy;
  std::string text;
  for (int i = 0; i < 500; ++i) {
    text += "[[statement]]\n";
  }
  WriteAll(copy.path() / "extra.toml", text);
  EXPECT_EQ(LoadScheme(copy.path()).problems.size(), 100U);
}

TEST(LoadScheme, RefusesAFileThatIsTooLong) {
  SchemeCopy copy;
  WriteAll(copy.path() / "extra.toml", std::string((1U << 20) + 1, '#'));
  EXPECT_THAT(copy.Problems(), HasSubstr("extra.toml: the file is longer than 1 MiB"));
}

TEST(LoadScheme, RefusesBytesAndDeepNesting) {
  SchemeCopy copy;
  WriteAll(copy.path() / "extra.toml", std::string("\xff\xfe\x00\x01", 4));
  EXPECT_THAT(copy.Problems(), HasSubstr("this is not TOML"));
  WriteAll(copy.path() / "extra.toml", "a = " + std::string(100'000, '['));
  EXPECT_THAT(copy.Problems(), HasSubstr("this is not TOML"));
}

TEST(LoadScheme, RefusesAFolderThatIsMissingOrEmpty) {
  SchemeCopy copy;
  EXPECT_EQ(LoadScheme(copy.path() / "none").problems.size(), 1U);
  fs::create_directory(copy.path() / "empty");
  const LoadedScheme empty = LoadScheme(copy.path() / "empty");
  ASSERT_EQ(empty.problems.size(), 1U);
  EXPECT_THAT(empty.problems[0].sentence, HasSubstr("holds no .toml file"));
}

}  // namespace
}  // namespace jaring
