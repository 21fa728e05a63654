#include "base/money.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

Money Rupiah(std::int64_t rupiah) {
  return Money::FromRupiah(rupiah);
}

TEST(Share, RoundsTheWayTheCallerAsked) {
  struct Case {
    const char* name;
    std::int64_t amount;
    std::int64_t ppm;
    std::int64_t down, half_up, up;
  };
  const Case cases[] = {
      {"exact", 16'800, 500'000, 8'400, 8'400, 8'400},
      {"just below half", 49, 10'000, 0, 0, 1},
      {"half", 50, 10'000, 0, 1, 1},
      {"just above half", 51, 10'000, 0, 1, 1},
      {"one percent of JKM", 6'800, 10'000, 68, 68, 68},
      {"nothing", 0, 10'000, 0, 0, 0},
      {"no share", 9'999'999, 0, 0, 0, 0},
      {"hundredfold", 12'345, 100'000'000, 1'234'500, 1'234'500, 1'234'500},
      {"far above a million", 8'999'999'999'999'999, 10'000, 89'999'999'999'999, 90'000'000'000'000,
       90'000'000'000'000},
  };
  for (const Case& c : cases) {
    const Rate rate = Rate::FromPpm(c.ppm);
    EXPECT_EQ(Share(Rupiah(c.amount), rate, Rounding::kDown), Rupiah(c.down)) << c.name;
    EXPECT_EQ(Share(Rupiah(c.amount), rate, Rounding::kHalfUp), Rupiah(c.half_up)) << c.name;
    EXPECT_EQ(Share(Rupiah(c.amount), rate, Rounding::kUp), Rupiah(c.up)) << c.name;
  }
}

TEST(Share, AgreesWithAProductOf128Bits) {
  std::uint64_t state = 42;  // A fixed walk through amounts and rates.
  for (int i = 0; i < 20'000; ++i) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto amount = static_cast<std::int64_t>((state >> 8) % 90'000'000'000'000U);
    const auto ppm = static_cast<std::int64_t>((state >> 20) % 100'000'000U);
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(amount) * static_cast<Wide>(ppm);
    const auto expected = static_cast<std::int64_t>((product + 500'000U) / 1'000'000U);
    if (expected <= Money::kMaxRupiah) {
      ASSERT_EQ(Share(Rupiah(amount), Rate::FromPpm(ppm), Rounding::kHalfUp).rupiah(), expected)
          << amount << " at " << ppm;
    }
  }
}

TEST(Money, RefusesOutsideAmountsPastTheLimit) {
  EXPECT_EQ(Money::ParseRupiah(Money::kMaxRupiah)->rupiah(), Money::kMaxRupiah);
  EXPECT_EQ(Money::ParseRupiah(-Money::kMaxRupiah)->rupiah(), -Money::kMaxRupiah);
  EXPECT_EQ(Money::ParseRupiah(Money::kMaxRupiah + 1).error().rule, "money.out_of_range");
  EXPECT_EQ(Money::ParseRupiah(-Money::kMaxRupiah - 1).error().rule, "money.out_of_range");
  EXPECT_EQ(Money::ParseRupiah(INT64_MIN).error().rule, "money.out_of_range");
}

TEST(MoneyDeathTest, StopsWhenOurOwnSumPassesTheLimit) {
  EXPECT_DEATH((void)(Rupiah(Money::kMaxRupiah) + Rupiah(1)), "check failed");
}

TEST(FormatRupiah, GroupsThousandsAsIndonesiansDo) {
  EXPECT_EQ(FormatRupiah(Rupiah(0)), "0");
  EXPECT_EQ(FormatRupiah(Rupiah(999)), "999");
  EXPECT_EQ(FormatRupiah(Rupiah(1'000)), "1.000");
  EXPECT_EQ(FormatRupiah(Rupiah(1'234'567)), "1.234.567");
  EXPECT_EQ(FormatRupiah(Rupiah(-16'800)), "-16.800");
}

}  // namespace
}  // namespace jaring
