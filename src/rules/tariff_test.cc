#include "rules/tariff.h"

#include <gtest/gtest.h>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

Terms Basic(std::int64_t income = 1'000) {
  return {kBasic, Rp(income), 1, Payer::kSelf, {}};
}

Money Due(const Scheme& scheme, const Terms& terms, Month month, Date paid_on) {
  const auto price = PriceMonth(scheme, terms, month, paid_on);
  EXPECT_TRUE(price.has_value());
  return price ? price->due.total() : Rp(-1);
}

TEST(PriceMonth, AddsTheProgrammesOfTheBracket) {
  const Scheme scheme = SmallScheme();
  const auto below = PriceMonth(scheme, Basic(1'999), M(202503), D(20250301));
  EXPECT_EQ(below->due, (ByProgramme{{Rp(100), Rp(50), Rp(0)}}));
  EXPECT_EQ(Due(scheme, Basic(2'000), M(202503), D(20250301)), Rp(350));
  EXPECT_EQ(Due(scheme, Basic(9'000'000'000), M(202503), D(20250301)), Rp(350));
  Terms savings = Basic();
  savings.programmes = kWithSavings;
  EXPECT_EQ(Due(scheme, savings, M(202503), D(20250301)), Rp(350));
}

TEST(PriceMonth, RefusesWhatHasNoPrice) {
  Scheme scheme = SmallScheme();
  EXPECT_EQ(PriceMonth(scheme, Basic(-1), M(202503), D(20250301)).error().rule, "income.negative");
  EXPECT_EQ(PriceMonth(scheme, Basic(), M(201912), D(20250301)).error().rule,
            "tariff.none_for_month");
  scheme.flat_contributions[0].months.last = M(202502);
  EXPECT_EQ(PriceMonth(scheme, Basic(), M(202503), D(20250301)).error().rule,
            "tariff.none_for_month");
  EXPECT_TRUE(PriceMonth(scheme, Basic(), M(202502), D(20250301)).has_value());
}

TEST(PriceMonth, LowersOnlyWhatTheReliefNames) {
  const Scheme scheme = SmallScheme();
  Terms terms = Basic();
  terms.programmes = kWithSavings;
  terms.sector = 0;
  const auto price = PriceMonth(scheme, terms, M(202601), D(20260110));
  EXPECT_EQ(price->due, (ByProgramme{{Rp(50), Rp(25), Rp(200)}}));
  EXPECT_EQ(price->full, (ByProgramme{{Rp(100), Rp(50), Rp(200)}}));
  EXPECT_EQ(price->reliefs[0], &scheme.reliefs[0]);
  EXPECT_EQ(price->reliefs[2], nullptr);

  EXPECT_EQ(Due(scheme, terms, M(202512), D(20260110)), Rp(350));  // Month before.
  EXPECT_EQ(Due(scheme, terms, M(202612), D(20260110)), Rp(275));
  EXPECT_EQ(Due(scheme, terms, M(202701), D(20260110)), Rp(350));  // Month after.
  EXPECT_EQ(Due(scheme, terms, M(202601), D(20251221)), Rp(350));  // Not enacted yet.
  EXPECT_EQ(Due(scheme, terms, M(202601), D(20251222)), Rp(275));
  terms.payer = Payer::kGovernment;
  EXPECT_EQ(Due(scheme, terms, M(202601), D(20260110)), Rp(350));
  Scheme for_all = scheme;
  for_all.reliefs[0].government_excluded = false;
  EXPECT_EQ(Due(for_all, terms, M(202601), D(20260110)), Rp(275));
  terms.payer = Payer::kSelf;
  terms.sector = 1;
  EXPECT_EQ(Due(scheme, terms, M(202601), D(20260110)), Rp(350));
}

TEST(PriceMonth, LetsNewMembersWaitForARelief) {
  Scheme scheme = SmallScheme();
  scheme.reliefs[0].existing_member_through = M(202512);
  scheme.reliefs[0].full_months_for_new = 2;
  Terms terms = Basic();
  terms.sector = 0;
  terms.spell_first_month = M(202512);
  EXPECT_EQ(Due(scheme, terms, M(202601), D(20260110)), Rp(75));
  terms.spell_first_month = M(202601);
  EXPECT_EQ(Due(scheme, terms, M(202601), D(20260110)), Rp(150));
  EXPECT_EQ(Due(scheme, terms, M(202602), D(20260110)), Rp(150));
  EXPECT_EQ(Due(scheme, terms, M(202603), D(20260110)), Rp(75));
  terms.spell_first_month.reset();
  EXPECT_EQ(Due(scheme, terms, M(202605), D(20260110)), Rp(150));
}

TEST(PriceMonth, TakesTheReliefThatLeavesLeastToPay) {
  Scheme scheme = SmallScheme();
  Relief tenth = scheme.reliefs[0];
  tenth.programmes = ProgrammeSet().With(Programme::kJkk);
  tenth.pays = Rate::FromPpm(100'000);
  scheme.reliefs.push_back(tenth);
  Terms terms = Basic();
  terms.sector = 0;
  const auto price = PriceMonth(scheme, terms, M(202601), D(20260110));
  EXPECT_EQ(price->due, (ByProgramme{{Rp(10), Rp(25), Rp(0)}}));
  EXPECT_EQ(price->reliefs[0], &scheme.reliefs[1]);
  EXPECT_EQ(price->reliefs[1], &scheme.reliefs[0]);
  // As good as one another: the first.
  scheme.reliefs[1].pays = scheme.reliefs[0].pays;
  EXPECT_EQ(PriceMonth(scheme, terms, M(202601), D(20260110))->reliefs[0], &scheme.reliefs[0]);
}

TEST(PriceMonth, RoundsAsTheReliefSays) {
  Scheme scheme = SmallScheme();
  scheme.flat_contributions[0].amount = Rp(51);
  Terms terms = Basic();
  terms.sector = 0;
  EXPECT_EQ(PriceMonth(scheme, terms, M(202601), D(20260110))->due[Programme::kJkm], Rp(26));
  scheme.reliefs[0].rounding = Rounding::kDown;
  EXPECT_EQ(PriceMonth(scheme, terms, M(202601), D(20260110))->due[Programme::kJkm], Rp(25));
}

Terms Waged(std::int64_t wage) {
  return {kWithSavings, Rp(wage), 0, Payer::kEmployer, {}};
}

TEST(PriceMonth, TakesSharesOfTheWageWhenTheEmployerPays) {
  const Scheme scheme = SmallScheme();
  // 2.5 % of 3,020 is 75.5; 1.2345 % is 37.28.
  const auto price = PriceMonth(scheme, Waged(3'020), M(202503), D(20250301));
  EXPECT_EQ(price->due, (ByProgramme{{Rp(76), Rp(37), Rp(302)}}));
  EXPECT_EQ(price->full, price->due);
  Terms without_savings = Waged(3'020);
  without_savings.programmes = kBasic;
  EXPECT_EQ(Due(scheme, without_savings, M(202503), D(20250301)), Rp(113));
}

TEST(PriceMonth, RoundsHalfARupiahOfTheWageUp) {
  Scheme scheme = SmallScheme();
  scheme.wage_rates[1].rate = Rate::FromPpm(500'000);
  const auto jkk = [&](std::int64_t wage) {
    return PriceMonth(scheme, Waged(wage), M(202503), D(20250301))->due[Programme::kJkk];
  };
  EXPECT_EQ(jkk(1'019), Rp(25));  // 25.475
  EXPECT_EQ(jkk(1'020), Rp(26));  // 25.5
  EXPECT_EQ(jkk(1'040), Rp(26));
}

TEST(PriceMonth, CountsAWageUpToItsCeiling) {
  Scheme scheme = SmallScheme();
  scheme.wage_rates[2].wage_ceiling = Rp(2'000);
  const auto due = [&](std::int64_t wage) {
    return PriceMonth(scheme, Waged(wage), M(202503), D(20250301))->due;
  };
  EXPECT_EQ(due(1'999)[Programme::kJht], Rp(200));
  EXPECT_EQ(due(1'990)[Programme::kJht], Rp(199));
  EXPECT_EQ(due(9'000), (ByProgramme{{Rp(225), Rp(111), Rp(200)}}));
  EXPECT_EQ(due(Money::kMaxRupiah)[Programme::kJht], Rp(200));
}

TEST(PriceMonth, GivesWageEarnersNoRelief) {
  Scheme scheme = SmallScheme();
  scheme.reliefs[0].government_excluded = false;
  const auto price = PriceMonth(scheme, Waged(4'000), M(202601), D(20260110));
  EXPECT_EQ(price->due, price->full);
  EXPECT_EQ(price->reliefs, decltype(price->reliefs){});
}

TEST(PriceMonth, RefusesAWageThatHasNoPrice) {
  Scheme scheme = SmallScheme();
  const auto rule = [&](const Terms& terms, Month month) {
    const auto price = PriceMonth(scheme, terms, month, D(20250301));
    return price ? std::string() : price.error().rule;
  };
  EXPECT_EQ(rule(Waged(-1), M(202503)), "income.negative");
  EXPECT_EQ(rule(Waged(1'000), M(201912)), "tariff.none_for_month");
  EXPECT_EQ(rule(Waged(0), M(202503)), "tariff.none_for_month");
  EXPECT_EQ(rule(Waged(40), M(202503)), "tariff.none_for_month");  // JKM would be 0.49.
  EXPECT_EQ(rule(Waged(41), M(202503)), "");
  scheme.wage_rates[2].months.last = M(202502);
  EXPECT_EQ(rule(Waged(1'000), M(202502)), "");
  EXPECT_EQ(rule(Waged(1'000), M(202503)), "tariff.none_for_month");
  scheme.wage_rates.clear();
  EXPECT_EQ(rule(Waged(1'000), M(202502)), "tariff.none_for_month");
  EXPECT_EQ(rule(Basic(), M(202502)), "");
}

TEST(Payer, ComesBackFromItsCode) {
  for (const Payer payer : {Payer::kSelf, Payer::kGovernment, Payer::kEmployer}) {
    EXPECT_EQ(FindPayer(PayerCode(payer)), payer);
  }
  EXPECT_EQ(FindPayer("Employer"), std::nullopt);
  EXPECT_EQ(FindPayer(""), std::nullopt);
}

TEST(CheckProgrammes, WantsTheCompulsoryAndOnlyTheOffered) {
  Scheme scheme = SmallScheme();
  const auto rule = [&](ProgrammeSet programmes) {
    const auto checked = CheckProgrammes(scheme, programmes);
    return checked ? std::string() : checked.error().rule;
  };
  EXPECT_EQ(rule(kBasic), "");
  EXPECT_EQ(rule(kWithSavings), "");
  EXPECT_EQ(rule(ProgrammeSet().With(Programme::kJkk)), "programmes.compulsory_missing");
  EXPECT_EQ(rule(ProgrammeSet().With(Programme::kJht)), "programmes.compulsory_missing");
  scheme.optional = ProgrammeSet();
  EXPECT_EQ(rule(kWithSavings), "programmes.not_offered");
}

}  // namespace
}  // namespace jaring
