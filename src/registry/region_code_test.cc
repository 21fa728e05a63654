#include "registry/region_code.h"

#include <gtest/gtest.h>

namespace jaring {
namespace {

TEST(RegionHolds, FollowsTheCodes) {
  for (const std::int64_t inner : {33LL, 3372LL, 337201LL, 3372011001LL}) {
    EXPECT_TRUE(RegionHolds(33, inner)) << inner;
    EXPECT_TRUE(RegionHolds(inner, 3372011001)) << inner;
  }
  EXPECT_FALSE(RegionHolds(3372, 33));
  EXPECT_FALSE(RegionHolds(3372, 3371011001));
  EXPECT_FALSE(RegionHolds(0, 33));
  EXPECT_FALSE(RegionHolds(33, 0));
}

TEST(RegionCode, TellsRegencyAndVillages) {
  using Span = std::pair<std::int64_t, std::int64_t>;
  for (const std::int64_t inside :
       {std::int64_t{3'372}, std::int64_t{337'201}, std::int64_t{3'372'011'001}}) {
    EXPECT_EQ(RegencyOf(inside), 3'372);
  }
  EXPECT_EQ(RegencyOf(33), 33);
  EXPECT_EQ(VillagesOf(3'372), Span(3'372'000'000, 3'372'999'999));
  EXPECT_EQ(VillagesOf(337'201), Span(3'372'010'000, 3'372'019'999));
  EXPECT_EQ(VillagesOf(3'372'011'001), Span(3'372'011'001, 3'372'011'001));
}

}  // namespace
}  // namespace jaring
