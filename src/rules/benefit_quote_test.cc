#include "rules/benefit_quote.h"

#include <gtest/gtest.h>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

constexpr Money Rp(std::int64_t rupiah) {
  return Money::FromRupiah(rupiah);
}

const Date kDay = Date::FromYearMonthDay(2026, 3, 15);

Benefit Of(std::string id, BenefitRow row) {
  return {std::move(id), Programme::kJkk, "", "", {std::move(row)}};
}

Scheme WithBenefits() {
  Scheme scheme = SmallScheme();
  scheme.benefits = {
      Of("care", {.kind = BenefitKind::kService}),
      Of("grant", {.kind = BenefitKind::kFixed, .amount = Rp(500)}),
      Of("death", {.kind = BenefitKind::kBaseMultiple,
                   .share = Rate::FromPpm(600'000),
                   .multiple = 80,
                   .at_least = "grant"}),
      Of("old", {.days = {Date::FromYearMonthDay(2000, 1, 1), Date::FromYearMonthDay(2026, 3, 14)},
                 .kind = BenefitKind::kFixed,
                 .amount = Rp(1)}),
  };
  return scheme;
}

std::optional<Money> AmountOf(const Scheme& scheme, std::string_view id, Money base, Date on) {
  for (const BenefitQuote& quote : QuoteBenefits(scheme, base, on)) {
    if (quote.benefit->id == id) {
      return quote.amount;
    }
  }
  return std::nullopt;
}

TEST(QuoteBenefits, PaysAMultipleOfTheBaseButNoLessThanItsFloor) {
  const Scheme scheme = WithBenefits();
  EXPECT_EQ(AmountOf(scheme, "death", Rp(10), kDay), Rp(500));
  EXPECT_EQ(AmountOf(scheme, "death", Rp(11), kDay), Rp(528));
  EXPECT_EQ(AmountOf(scheme, "death", Rp(1'000'000), kDay), Rp(48'000'000));
}

TEST(QuoteBenefits, HoldsWhatTheDayHas) {
  const Scheme scheme = WithBenefits();
  EXPECT_EQ(QuoteBenefits(scheme, Rp(10), kDay).size(), 3U);
  EXPECT_EQ(AmountOf(scheme, "old", Rp(10), Date::FromYearMonthDay(2026, 3, 14)), Rp(1));
  EXPECT_EQ(AmountOf(scheme, "old", Rp(10), kDay), std::nullopt);
}

TEST(QuoteBenefits, SaysNoAmountWhereTheBaseDoesNotDecide) {
  EXPECT_EQ(AmountOf(WithBenefits(), "care", Rp(10), kDay), std::nullopt);
}

TEST(ProjectSavings, CreditsEachYearOnWhatItHeld) {
  const Scheme scheme = SmallScheme();
  const auto points =
      ProjectSavings(scheme, Rp(1'200), Month::FromYearMonth(2026, 12), 2, Rate::FromPpm(100'000));
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].paid, Rp(1'200));
  EXPECT_EQ(points[0].balance, Rp(1'200));  // December earns from January.
  EXPECT_EQ(points[1].paid, Rp(15'600));
  // 10 % of 1'200 for a year, and of 1'200 for 11 + 10 + … + 0 months.
  EXPECT_EQ(points[1].balance, Rp(15'600 + 120 + 660));
}

}  // namespace
}  // namespace jaring
