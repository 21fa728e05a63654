#include "rules/scheme_text.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/source_dir.h"
#include "scheme/scheme_loader.h"

namespace jaring {
namespace {

Scheme Shipped() {
  return *LoadScheme(std::filesystem::path(SourceDir()) / "schemes" / "id-bpu").scheme;
}

TEST(SchemeText, ComesBackAsItWent) {
  const Scheme scheme = Shipped();
  const std::string text = SerializeScheme(scheme);
  const Result<Scheme> read = ParseSchemeText(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(SerializeScheme(read.value()), text);
}

TEST(SchemeText, KeepsWhatPricesNeed) {
  const Scheme scheme = Shipped();
  const Result<Scheme> read = ParseSchemeText(SerializeScheme(scheme));
  ASSERT_TRUE(read);
  const Scheme& back = read.value();
  EXPECT_EQ(back.compulsory, scheme.compulsory);
  EXPECT_EQ(back.optional, scheme.optional);
  EXPECT_EQ(back.begins, scheme.begins);
  ASSERT_EQ(back.reliefs.size(), scheme.reliefs.size());
  for (std::size_t i = 0; i < back.reliefs.size(); ++i) {
    EXPECT_EQ(back.reliefs[i].id, scheme.reliefs[i].id);
    EXPECT_EQ(back.reliefs[i].programmes, scheme.reliefs[i].programmes);
    EXPECT_EQ(back.reliefs[i].pays, scheme.reliefs[i].pays);
    EXPECT_EQ(back.reliefs[i].rounding, scheme.reliefs[i].rounding);
    EXPECT_EQ(back.reliefs[i].months.first, scheme.reliefs[i].months.first);
    EXPECT_EQ(back.reliefs[i].months.last, scheme.reliefs[i].months.last);
    EXPECT_EQ(back.reliefs[i].sectors, scheme.reliefs[i].sectors);
    EXPECT_EQ(back.reliefs[i].government_excluded, scheme.reliefs[i].government_excluded);
    EXPECT_EQ(back.reliefs[i].known_from, scheme.reliefs[i].known_from);
    EXPECT_EQ(back.reliefs[i].existing_member_through, scheme.reliefs[i].existing_member_through);
    EXPECT_EQ(back.reliefs[i].full_months_for_new, scheme.reliefs[i].full_months_for_new);
    EXPECT_EQ(back.reliefs[i].mark.source, scheme.reliefs[i].mark.source);
    EXPECT_EQ(back.reliefs[i].mark.confidence, scheme.reliefs[i].mark.confidence);
  }
  ASSERT_EQ(back.bracket_tables.size(), 1U);
  ASSERT_EQ(back.bracket_tables[0].brackets.size(), 33U);
  EXPECT_EQ(back.bracket_tables[0].brackets[32].jht, Money::FromRupiah(414'000));
  EXPECT_FALSE(back.bracket_tables[0].brackets[32].printed_to);
  ASSERT_EQ(back.wage_rates.size(), 3U);
  EXPECT_EQ(back.wage_rates[0].programme, Programme::kJkk);
  EXPECT_EQ(back.wage_rates[0].rate, Rate::FromPpm(2'400));
  EXPECT_EQ(back.wage_rates[0].risk_class, "very-low");
  EXPECT_EQ(back.wage_rates[0].months.first, scheme.begins);
  EXPECT_FALSE(back.wage_rates[2].wage_ceiling);
  EXPECT_EQ(back.wage_rates[2].risk_class, "");
  EXPECT_EQ(back.wage_rates[2].mark.source, "pp46-2015:16");
  EXPECT_EQ(back.parameters.grace_months.at(0).value, 3);
  EXPECT_EQ(back.parameters.group_starts_at_acquisition.at(0).value, 1);
  EXPECT_EQ(back.trades.size(), scheme.trades.size());
  EXPECT_EQ(FindTradeByWords(back, "ojol")->code, "motorcycle-taxi-online");
}

TEST(SchemeText, KeepsWhatPeopleAskBeforeTheyJoin) {
  const Scheme scheme = Shipped();
  const Result<Scheme> read = ParseSchemeText(SerializeScheme(scheme));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->benefits.size(), scheme.benefits.size());
  for (std::size_t i = 0; i < scheme.benefits.size(); ++i) {
    const Benefit& benefit = scheme.benefits[i];
    const Benefit& back = read->benefits[i];
    EXPECT_EQ(back.id, benefit.id);
    EXPECT_EQ(back.programme, benefit.programme);
    ASSERT_EQ(back.rows.size(), benefit.rows.size()) << benefit.id;
    for (std::size_t j = 0; j < benefit.rows.size(); ++j) {
      const BenefitRow& row = benefit.rows[j];
      EXPECT_EQ(back.rows[j].days.first, row.days.first);
      EXPECT_EQ(back.rows[j].days.last, row.days.last);
      EXPECT_EQ(back.rows[j].kind, row.kind);
      EXPECT_EQ(back.rows[j].amount, row.amount);
      EXPECT_EQ(back.rows[j].cap, row.cap);
      EXPECT_EQ(back.rows[j].share, row.share);
      EXPECT_EQ(back.rows[j].multiple, row.multiple);
      EXPECT_EQ(back.rows[j].month_from, row.month_from);
      EXPECT_EQ(back.rows[j].month_to, row.month_to);
      EXPECT_EQ(back.rows[j].needs_contribution_months, row.needs_contribution_months);
      EXPECT_EQ(back.rows[j].at_least, row.at_least);
      EXPECT_EQ(back.rows[j].mark.confidence, row.mark.confidence);
    }
  }
  ASSERT_EQ(read->scholarships.size(), 1U);
  EXPECT_EQ(read->scholarships[0].total, Money::FromRupiah(174'000'000));
  ASSERT_EQ(read->declared_returns.size(), scheme.declared_returns.size());
  EXPECT_EQ(read->declared_returns[0].rate, scheme.declared_returns[0].rate);
  EXPECT_EQ(read->parameters.return_by_day.size(), 1U);
}

TEST(SchemeText, KeepsWhatClaimsNeedWhenAskedTo) {
  const Scheme scheme = Shipped();
  const std::string text = SerializeScheme(scheme, SchemeParts::kPricesAndClaims);
  const Result<Scheme> read = ParseSchemeText(text);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(SerializeScheme(*read, SchemeParts::kPricesAndClaims), text);
  ASSERT_EQ(read->disabilities.size(), scheme.disabilities.size());
  EXPECT_GT(read->disabilities.size(), 40U);
  ASSERT_EQ(read->heir_ranks.size(), 5U);
  EXPECT_EQ(read->heir_ranks[1].relations, scheme.heir_ranks[1].relations);
  EXPECT_EQ(read->holidays.size(), scheme.holidays.size());
  EXPECT_EQ(read->figures.size(), scheme.figures.size());
  EXPECT_EQ(read->scholarships[0].levels.size(), 4U);
  EXPECT_EQ(read->scholarships[0].levels[3].sum, Money::FromRupiah(60'000'000));
}

TEST(SchemeText, LeavesClaimsOutOfAPageOfPrices) {
  const Result<Scheme> read = ParseSchemeText(SerializeScheme(Shipped()));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->disabilities.empty());
  EXPECT_TRUE(read->holidays.empty());
  EXPECT_TRUE(read->scholarships[0].levels.empty());
}

TEST(SchemeText, RefusesABrokenLineOfClaims) {
  const std::string text = SerializeScheme(Shipped(), SchemeParts::kPricesAndClaims);
  const auto is_refused = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    return !ParseSchemeText(changed);
  };
  EXPECT_TRUE(is_refused("heirs\t01\t", "heirs\t08\t"));
  EXPECT_TRUE(is_refused("disability\tarm-right-from-shoulder\t20150701",
                         "disability\tarm-right-from-shoulder\t20150732"));
  EXPECT_TRUE(is_refused("holiday\t20250101", "holiday\t20250230"));
  EXPECT_TRUE(is_refused("level\tkindergarten-primary\t1500000\t8",
                         "level\tkindergarten-primary\t1500000\t0"));
}

TEST(SchemeText, KeepsAWageCeiling) {
  Scheme scheme = Shipped();
  scheme.wage_rates[1].wage_ceiling = Money::FromRupiah(10'547'400);
  const Result<Scheme> read = ParseSchemeText(SerializeScheme(scheme));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->wage_rates[1].wage_ceiling, Money::FromRupiah(10'547'400));
  EXPECT_FALSE(read->wage_rates[0].wage_ceiling);
}

TEST(SchemeText, RefusesAnotherVersion) {
  EXPECT_EQ(ParseSchemeText("jaring-scheme 1\n").error().rule, "scheme_text.version_unknown");
  EXPECT_EQ(ParseSchemeText("").error().rule, "scheme_text.version_unknown");
}

TEST(SchemeText, RefusesTextCutOffAtAnyPlace) {
  const std::string text = SerializeScheme(Shipped());
  for (std::size_t length = 16; length < text.size(); length += 7) {
    ASSERT_FALSE(ParseSchemeText(std::string_view(text).substr(0, length))) << length;
  }
  EXPECT_FALSE(ParseSchemeText(std::string_view(text).substr(0, text.size() - 1)));
}

TEST(SchemeText, RefusesAFieldThatIsWrong) {
  const std::string text = SerializeScheme(Shipped());
  const auto broken = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    const Result<Scheme> read = ParseSchemeText(changed);
    return read ? std::string("read") : read.error().rule;
  };
  EXPECT_EQ(broken("\t1000000\t10000\t", "\t1000000\tx\t"), "scheme_text.malformed");
  EXPECT_EQ(broken("\t1000000\t10000\t", "\t1000000\t-1\t"), "scheme_text.malformed");
  EXPECT_EQ(broken("\t1000000\t10000\t", "\t1000000\t10000\t1\t"), "scheme_text.malformed");
  EXPECT_EQ(broken("brackets\t201507", "brackets\t201513"), "scheme_text.malformed");
  EXPECT_EQ(broken("wage_rate\t0\t", "wage_rate\t3\t"), "scheme_text.malformed");
  EXPECT_EQ(broken("\nsector\t", "\nsectors\t"), "scheme_text.malformed");
  EXPECT_EQ(broken("parameter\tgrace_months", "parameter\tgrace"), "scheme_text.malformed");
  EXPECT_EQ(broken("benefit\tjkk-medical\t0\t", "benefit\tjkk-medical\t3\t"),
            "scheme_text.malformed");
  EXPECT_EQ(broken("return\t2016\t", "return\t16\t"), "scheme_text.malformed");
}

TEST(SchemeText, RefusesTextThatIsTooLong) {
  EXPECT_EQ(ParseSchemeText(std::string((1U << 20) + 1, 'a')).error().rule, "scheme_text.too_long");
}

struct Words {
  const char* text;
  const char* code;
};

TEST(FindTradeByWords, UnderstandsWhatPeopleWrite) {
  const Scheme scheme = Shipped();
  constexpr Words kWords[] = {
      {"petani padi", "rice-farmer"},
      {"PETANI  PADI", "rice-farmer"},
      {" Petani-Padi ", "rice-farmer"},
      {"rice farmer", "rice-farmer"},
      {"rice-farmer", "rice-farmer"},
      {"ojek online", "motorcycle-taxi-online"},
      {"Ojol", "motorcycle-taxi-online"},
      {"Petani/Pekebun", "farming"},
      {"farming", "farming"},
      {"Pertanian dan perkebunan", "farming"},
      {"tukang  becak", "pedicab-driver"},
      {"transport", "transport"},
  };
  for (const Words& words : kWords) {
    const Trade* trade = FindTradeByWords(scheme, words.text);
    ASSERT_NE(trade, nullptr) << words.text;
    EXPECT_EQ(trade->code, words.code) << words.text;
  }
}

TEST(FindTradeByWords, FindsNothingForOtherWords) {
  const Scheme scheme = Shipped();
  for (const char* words : {"", " ", "---", "petani pad", "petani padix", "astronaut"}) {
    EXPECT_EQ(FindTradeByWords(scheme, words), nullptr) << words;
  }
}

TEST(FindTradeByWords, FindsEveryNameAndAliasOfItsOwnTrade) {
  const Scheme scheme = Shipped();
  for (const Trade& trade : scheme.trades) {
    EXPECT_EQ(FindTradeByWords(scheme, trade.code), &trade);
    EXPECT_EQ(FindTradeByWords(scheme, trade.name_id), &trade);
    EXPECT_EQ(FindTradeByWords(scheme, trade.name_en), &trade);
    EXPECT_EQ(FindTrade(scheme, trade.number), &trade);
    for (const std::string& alias : trade.aliases) {
      EXPECT_EQ(FindTradeByWords(scheme, alias), &trade) << alias;
    }
  }
}

TEST(FindBracket, RunsUpToTheNextBracket) {
  const Scheme scheme = Shipped();
  const Month month = Month::FromYearMonth(2026, 1);
  const auto number = [&](std::int64_t income) {
    return FindBracket(scheme, Money::FromRupiah(income), month)->number;
  };
  EXPECT_EQ(number(0), 1);
  EXPECT_EQ(number(1'099'000), 1);
  EXPECT_EQ(number(1'099'500), 1);  // In the printed table's gap.
  EXPECT_EQ(number(1'100'000), 2);
  EXPECT_EQ(number(20'199'999), 32);
  EXPECT_EQ(number(20'200'000), 33);
  EXPECT_EQ(number(9'000'000'000), 33);
  EXPECT_EQ(FindBracket(scheme, Money(), Month::FromYearMonth(2015, 6)), nullptr);
}

}  // namespace
}  // namespace jaring
