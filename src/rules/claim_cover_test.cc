#include "rules/claim_cover.h"

#include <gtest/gtest.h>

#include <random>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

/// Months bought one payment after the other, each for the months right after the last ones.
struct Life {
  std::vector<CoveredSpell> spells;
  std::vector<PaidMonths> payments;
};

Life Invent(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t limit) { return static_cast<int>(random() % limit); };
  Life life;
  Month next = M(202401);
  const int spells = 1 + below(3);
  for (int seq = 1; seq <= spells; ++seq) {
    next = next + below(6);
    CoveredSpell spell{.membership_seq = seq,
                       .programmes = kBasic,
                       .first_month = next,
                       .paid_through = {},
                       .cover_from = {},
                       .ended_on = {}};
    for (int i = 1 + below(4); i > 0; --i) {
      const int months = 1 + below(4);
      // Some pay in the month, some when the months are long gone.
      const Date paid_on = FirstDay(next).AddDays(below(150));
      life.payments.push_back({seq, next, months, paid_on});
      next = next + months;
    }
    spell.paid_through = next - 1;
    life.spells.push_back(spell);
  }
  return life;
}

ClaimCover Ask(const Scheme& scheme, const Life& life, Date on) {
  return CoverForClaim(scheme, life.spells, life.payments, Programme::kJkk, on);
}

TEST(CoverForClaim, WhatIsPaidAfterTheDayChangesOnlyWhatIsKnownNow) {
  const Scheme scheme = SmallScheme();
  std::mt19937_64 random(20'260'315);
  for (int i = 0; i < 5'000; ++i) {
    Life life = Invent(random);
    const Date on = D(20240101).AddDays(static_cast<std::int64_t>(random() % 1'000));
    const CoverageState then = Ask(scheme, life, on).then;
    std::erase_if(life.payments, [on](const PaidMonths& paid) { return paid.paid_on > on; });
    ASSERT_EQ(Ask(scheme, life, on).then, then) << "life " << i << " on " << on.ToString();
  }
}

TEST(CoverForClaim, CoveredIsWhatBothSay) {
  const Scheme scheme = SmallScheme();
  std::mt19937_64 random(7);
  int covered = 0;
  int afterwards = 0;
  for (int i = 0; i < 5'000; ++i) {
    const Life life = Invent(random);
    const Date on = D(20240101).AddDays(static_cast<std::int64_t>(random() % 1'000));
    const ClaimCover cover = Ask(scheme, life, on);
    const bool now = cover.now == CoverageState::kActive;
    const bool then = cover.then == CoverageState::kActive;
    ASSERT_EQ(cover.verdict == ClaimCoverVerdict::kCovered, now && then);
    // Without money taken back, what was paid by the day is still paid.
    ASSERT_TRUE(now || !then);
    ASSERT_NE(cover.verdict, ClaimCoverVerdict::kTakenBack);
    covered += now && then ? 1 : 0;
    afterwards += cover.verdict == ClaimCoverVerdict::kPaidAfterwards ? 1 : 0;
  }
  EXPECT_GT(covered, 500);
  EXPECT_GT(afterwards, 100);
}

TEST(CoverForClaim, TheMonthsOfGracePayOnlyWhereTheSchemeSaysSo) {
  Scheme scheme = SmallScheme();
  Life life;
  life.spells.push_back({.membership_seq = 1,
                         .programmes = kBasic,
                         .first_month = M(202501),
                         .paid_through = M(202506),
                         .cover_from = {},
                         .ended_on = {}});
  life.payments = {{1, M(202501), 3, D(20250110)}, {1, M(202504), 3, D(20250702)}};
  EXPECT_EQ(Ask(scheme, life, D(20250630)).verdict, ClaimCoverVerdict::kNotCovered);
  scheme.figures = {{"claim-in-grace", "", "", "", {{.days = {D(20150701), {}}, .value = 1}}}};
  EXPECT_EQ(Ask(scheme, life, D(20250630)).verdict, ClaimCoverVerdict::kPaidAfterwards);
  EXPECT_EQ(Ask(scheme, life, D(20250701)).verdict, ClaimCoverVerdict::kArrearsOpen);
}

}  // namespace
}  // namespace jaring
