#include "rules/savings_return.h"

#include <gtest/gtest.h>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

Date On(int month, int day, int year = 2026) {
  return Date::FromYearMonthDay(year, month, day);
}
Money Rp(std::int64_t rupiah) {
  return Money::FromRupiah(rupiah);
}

constexpr int kYear = 2026;
const ReturnTerms kByMonth{kYear, Rate::FromPpm(60'000), false};
const ReturnTerms kByDay{kYear, Rate::FromPpm(60'000), true};

TEST(SavingsYear, WhatWasThereEarnsTheWholeYear) {
  for (const ReturnTerms& terms : {kByMonth, kByDay}) {
    SavingsYear savings(terms);
    savings.Add(On(12, 31, 2025), Rp(1'000'000));
    savings.Add(On(3, 1, 2019), Rp(500'000));
    EXPECT_EQ(savings.Return(), Rp(90'000));
  }
}

TEST(SavingsYear, ByMonthMoneyEarnsFromTheNextMonth) {
  SavingsYear savings(kByMonth);
  savings.Add(On(1, 1), Rp(120'000));    // 11 twelfths of 7,200.
  savings.Add(On(1, 31), Rp(120'000));   // The same.
  savings.Add(On(11, 30), Rp(120'000));  // 1 twelfth.
  savings.Add(On(12, 1), Rp(120'000));   // None.
  EXPECT_EQ(savings.Return(), Rp(13'800));
}

TEST(SavingsYear, ByDayMoneyEarnsFromTheNextDay) {
  const auto after = [](Date day) {
    SavingsYear savings(kByDay);
    savings.Add(day, Rp(365'000'000));  // A day of it earns 60,000.
    return savings.Return().rupiah();
  };
  EXPECT_EQ(after(On(1, 1)), 21'840'000);  // 364 days.
  EXPECT_EQ(after(On(12, 30)), 60'000);
  EXPECT_EQ(after(On(12, 31)), 0);
  SavingsYear leap({2028, Rate::FromPpm(60'000), true});
  leap.Add(On(12, 31, 2027), Rp(366'000'000));
  EXPECT_EQ(leap.Return(), Rp(21'960'000));  // 366 days.
}

TEST(SavingsYear, LaterMoneyDoesNotEarn) {
  SavingsYear savings(kByMonth);
  savings.Add(On(1, 1, 2027), Rp(1'000'000));
  EXPECT_EQ(savings.Return(), Rp(0));
}

TEST(SavingsYear, WhatIsTakenBackEarnsNoMore) {
  SavingsYear savings(kByMonth);
  savings.Add(On(2, 10), Rp(120'000));
  savings.Add(On(8, 20), -Rp(120'000));  // Six months lie between.
  EXPECT_EQ(savings.Return(), Rp(3'600));
  savings.Add(On(1, 5), -Rp(1'000'000));
  EXPECT_EQ(savings.Return(), Rp(0));
}

TEST(SavingsYear, RoundsDownOnceForThePerson) {
  SavingsYear savings(kByMonth);
  savings.Add(On(6, 1), Rp(11'999));  // 359.97
  savings.Add(On(6, 2), Rp(11'999));  // Together 719.94.
  EXPECT_EQ(savings.Return(), Rp(719));
}

TEST(SavingsYear, HoldsTheLargestSums) {
  SavingsYear savings({kYear, Rate::FromPpm(1'000'000), true});
  savings.Add(On(1, 1, 2020), Rp(Money::kMaxRupiah));
  EXPECT_EQ(savings.Return(), Rp(Money::kMaxRupiah));
}

TEST(ReturnTerms, FollowTheScheme) {
  Scheme scheme = SmallScheme();
  EXPECT_EQ(FindReturnTerms(scheme, kYear).error().rule, "interest.not_declared");
  DeclaredReturn declared;
  declared.year = kYear;
  declared.rate = Rate::FromPpm(56'300);
  scheme.declared_returns = {declared};
  EXPECT_EQ(*FindReturnTerms(scheme, kYear), (ReturnTerms{kYear, Rate::FromPpm(56'300), false}));
  scheme.parameters.return_by_day[0].value = 1;
  EXPECT_EQ(*FindReturnTerms(scheme, kYear), (ReturnTerms{kYear, Rate::FromPpm(56'300), true}));
}

}  // namespace
}  // namespace jaring
