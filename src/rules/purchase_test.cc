#include "rules/purchase.h"

#include <gtest/gtest.h>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

const Terms kTerms{kBasic, Rp(1'000), 1, Payer::kSelf, {}};  // 150 a month.
const Date kBirth = D(19800615);

Spell Paid(int first, int through) {
  return {D(20250101), StartRule::kFirstPayment, M(first), M(through)};
}

Purchase Plan(const Spell& spell, std::int64_t rupiah, Date paid_on, Date birth = kBirth) {
  static const Scheme scheme = SmallScheme();
  return PlanPurchase(scheme, kTerms, spell, birth, Rp(rupiah), paid_on);
}

TEST(PlanPurchase, BeginsInTheMonthOfTheFirstPayment) {
  const Purchase plan = Plan(Spell(), 500, D(20250310));
  EXPECT_FALSE(plan.restarts);
  EXPECT_EQ(plan.first_month, M(202503));
  EXPECT_EQ(plan.last_month(), M(202505));
  EXPECT_EQ(plan.parts, (ByProgramme{{Rp(300), Rp(150), Rp(0)}}));
  EXPECT_EQ(plan.leftover, Rp(50));
  EXPECT_EQ(plan.stop, PurchaseStop::kMoneyUsed);
  EXPECT_EQ(plan.cover_from, D(20250310));
}

TEST(PlanPurchase, BuysNothingWithTooLittle) {
  for (const std::int64_t rupiah : {149, 0, -500}) {
    const Purchase plan = Plan(Spell(), rupiah, D(20250310));
    EXPECT_EQ(plan.months, 0);
    EXPECT_EQ(plan.first_month, std::nullopt);
    EXPECT_EQ(plan.cover_from, std::nullopt);
    EXPECT_EQ(plan.leftover, Rp(rupiah));
    EXPECT_EQ(plan.stop, PurchaseStop::kMoneyUsed);
  }
}

TEST(PlanPurchase, GoesOnFromTheOldestOpenMonthWithinTheGrace) {
  for (const int paid_on : {20250110, 20250401, 20250630}) {
    const Purchase plan = Plan(Paid(202501, 202503), 300, D(paid_on));
    EXPECT_EQ(plan.first_month, M(202504)) << paid_on;
    EXPECT_EQ(plan.months, 2);
    EXPECT_FALSE(plan.restarts);
    EXPECT_EQ(plan.cover_from, std::nullopt);
  }
}

TEST(PlanPurchase, RestartsAfterTheGrace) {
  const Purchase plan = Plan(Paid(202501, 202503), 300, D(20250701));
  EXPECT_TRUE(plan.restarts);
  EXPECT_EQ(plan.first_month, M(202507));
  EXPECT_EQ(plan.cover_from, D(20250701));
  EXPECT_FALSE(Plan(Paid(202501, 202503), 149, D(20250701)).restarts);
}

TEST(PlanPurchase, StopsAtThePrepaymentLimit) {
  const Purchase plan = Plan(Spell(), 3'000, D(20250310));
  EXPECT_EQ(plan.months, 13);
  EXPECT_EQ(plan.last_month(), M(202603));
  EXPECT_EQ(plan.leftover, Rp(1'050));
  EXPECT_EQ(plan.stop, PurchaseStop::kPrepaymentLimit);
  EXPECT_EQ(Plan(Spell(), 1'950, D(20250310)).stop, PurchaseStop::kMoneyUsed);
  EXPECT_EQ(Plan(Paid(202501, 202603), 150, D(20250310)).months, 0);
}

TEST(PlanPurchase, LooksAtTheAgeOnlyWhenASpellBegins) {
  const Date birth = D(19600310);
  EXPECT_EQ(Plan(Spell(), 150, D(20250309), birth).months, 1);
  const Purchase late = Plan(Spell(), 150, D(20250310), birth);
  EXPECT_EQ(late.months, 0);
  EXPECT_EQ(late.stop, PurchaseStop::kOverJoiningAge);
  EXPECT_EQ(late.leftover, Rp(150));
  EXPECT_EQ(Plan(Paid(202501, 202502), 150, D(20250310), birth).months, 1);
  EXPECT_EQ(Plan(Paid(202401, 202402), 150, D(20250310), birth).stop,
            PurchaseStop::kOverJoiningAge);
  const Scheme scheme = SmallScheme();
  EXPECT_EQ(PlanPurchase(scheme, kTerms, Paid(202501, 202502), {}, Rp(150), D(20250310)).months, 1);
  EXPECT_DEATH(PlanPurchase(scheme, kTerms, Spell(), {}, Rp(150), D(20250310)), "birth_date");
}

TEST(PlanPurchase, StopsWhereTheTariffEnds) {
  Scheme scheme = SmallScheme();
  scheme.bracket_tables[0].months.last = M(202504);
  const Purchase plan = PlanPurchase(scheme, kTerms, Spell(), kBirth, Rp(900), D(20250310));
  EXPECT_EQ(plan.months, 2);
  EXPECT_EQ(plan.stop, PurchaseStop::kNoTariff);
  EXPECT_EQ(plan.leftover, Rp(600));
  EXPECT_EQ(Plan(Spell(), 900, D(19000101), D(19000101)).stop, PurchaseStop::kNoTariff);
  EXPECT_EQ(Plan(Spell(), 900, D(29991231), D(29900101)).months, 0);
}

TEST(PlanPurchase, CoversFromAcquisitionWhereTheGroupDoes) {
  Spell spell;
  spell.start_rule = StartRule::kAcquisition;
  spell.acquired_on = D(20250305);
  EXPECT_EQ(Plan(spell, 150, D(20250310)).cover_from, D(20250305));
  EXPECT_EQ(Plan(spell, 150, D(20250304)).cover_from, D(20250304));
  EXPECT_EQ(Plan(spell, 150, D(20250402)).cover_from, D(20250402));
  EXPECT_EQ(Plan(spell, 150, D(20260310)).cover_from, D(20260310));
  spell.start_rule = StartRule::kFirstPayment;
  EXPECT_EQ(Plan(spell, 150, D(20250310)).cover_from, D(20250310));
}

TEST(PlanPurchase, PricesARestartAsANewMember) {
  Scheme scheme = SmallScheme();
  scheme.reliefs[0].existing_member_through = M(202512);
  scheme.reliefs[0].full_months_for_new = 2;
  Terms terms = kTerms;
  terms.sector = 0;
  terms.spell_first_month = M(202501);
  // Open since 2025: half from the first month of the relief.
  EXPECT_EQ(PlanPurchase(scheme, terms, Paid(202501, 202512), kBirth, Rp(300), D(20260110)).months,
            4);
  // Lapsed: two months in full, the third at half.
  const Purchase plan =
      PlanPurchase(scheme, terms, Paid(202501, 202502), kBirth, Rp(375), D(20260110));
  EXPECT_TRUE(plan.restarts);
  EXPECT_EQ(plan.months, 3);
  EXPECT_EQ(plan.leftover, Rp(0));
}

TEST(PriceNextMonths, ListsWhatPlanPurchaseWouldBuy) {
  const Scheme scheme = SmallScheme();
  const auto prices = PriceNextMonths(scheme, kTerms, Paid(202501, 202503), D(20250520), 3);
  ASSERT_EQ(prices->size(), 3u);
  EXPECT_EQ(prices->front().month, M(202504));
  EXPECT_EQ(prices->back().month, M(202506));
  const auto rule = [&](int months) {
    const auto result = PriceNextMonths(scheme, kTerms, Spell(), D(20250520), months);
    return result ? std::string() : result.error().rule;
  };
  EXPECT_EQ(rule(0), "bill.months_out_of_range");
  EXPECT_EQ(rule(13), "");
  EXPECT_EQ(rule(14), "bill.months_out_of_range");
  EXPECT_EQ(PriceNextMonths(scheme, kTerms, Spell(), D(20191220), 1).error().rule,
            "tariff.none_for_month");
}

}  // namespace
}  // namespace jaring
