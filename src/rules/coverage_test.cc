#include "rules/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/small_scheme.h"

namespace jaring {
namespace {

using enum CoverageState;

CoveredSpell Paid(int first, int through, Date cover_from) {
  return {1, kBasic, M(first), M(through), cover_from, std::nullopt};
}

ProgrammeCoverage JkkOn(const std::vector<CoveredSpell>& spells, int on) {
  static const Scheme scheme = SmallScheme();
  return CoverageOn(scheme, spells, D(on))[Programme::kJkk];
}

TEST(CoverageOn, FollowsASpellFromItsFirstDayPastTheGrace) {
  const std::vector<CoveredSpell> spells = {Paid(202503, 202504, D(20250310))};
  EXPECT_EQ(JkkOn(spells, 20250309).state, kNever);
  EXPECT_EQ(JkkOn(spells, 20250309).from, std::nullopt);
  EXPECT_EQ(JkkOn(spells, 20250310).state, kActive);
  EXPECT_EQ(JkkOn(spells, 20250430).state, kActive);
  EXPECT_EQ(JkkOn(spells, 20250501).state, kGrace);
  EXPECT_EQ(JkkOn(spells, 20250731).state, kGrace);
  EXPECT_EQ(JkkOn(spells, 20250801).state, kLapsed);
  EXPECT_EQ(JkkOn(spells, 20250801).from, D(20250310));
  EXPECT_EQ(JkkOn(spells, 20250801).until, D(20250430));
}

TEST(CoverageOn, LetsTheLatestSpellDecide) {
  const std::vector<CoveredSpell> spells = {Paid(202501, 202501, D(20250105)),
                                            Paid(202506, 202506, D(20250620))};
  EXPECT_EQ(JkkOn(spells, 20250430).state, kGrace);
  EXPECT_EQ(JkkOn(spells, 20250619).state, kLapsed);
  EXPECT_EQ(JkkOn(spells, 20250619).until, D(20250131));
  EXPECT_EQ(JkkOn(spells, 20250620).state, kActive);
  EXPECT_EQ(JkkOn(spells, 20250620).from, D(20250620));
  // Closed and begun again on one day: the later membership.
  EXPECT_EQ(
      JkkOn({Paid(202506, 202506, D(20250601)), Paid(202506, 202509, D(20250601))}, 20250620).until,
      D(20250930));
}

TEST(CoverageOn, EndsOnTheDayTheMembershipWasClosed) {
  CoveredSpell spell = Paid(202503, 202512, D(20250310));
  spell.ended_on = D(20250601);
  EXPECT_EQ(JkkOn({spell}, 20250531).state, kActive);
  EXPECT_EQ(JkkOn({spell}, 20250531).until, D(20250531));
  EXPECT_EQ(JkkOn({spell}, 20250601).state, kEnded);
  spell.ended_on = D(20251231);  // On the last day paid for.
  EXPECT_EQ(JkkOn({spell}, 20250531).until, D(20251230));
  spell.ended_on = D(20260101);
  EXPECT_EQ(JkkOn({spell}, 20250531).until, D(20251231));
  spell.ended_on = D(20250310);
  EXPECT_EQ(JkkOn({spell}, 20250310).state, kEnded);
  EXPECT_EQ(JkkOn({spell}, 20250310).from, std::nullopt);
  EXPECT_EQ(JkkOn({spell, Paid(202507, 202507, D(20250702))}, 20250702).state, kActive);
}

TEST(CoverageOn, AnswersForEachProgramme) {
  const Scheme scheme = SmallScheme();
  CoveredSpell savings = Paid(202501, 202501, D(20250101));
  savings.programmes = kWithSavings;
  const std::vector<CoveredSpell> spells = {savings, Paid(202506, 202507, D(20250601))};
  const Coverage coverage = CoverageOn(scheme, spells, D(20250615));
  EXPECT_EQ(coverage[Programme::kJkm].state, kActive);
  EXPECT_EQ(coverage[Programme::kJht].state, kLapsed);
  EXPECT_THAT(coverage.months_paid, testing::ElementsAre(M(202501), M(202506), M(202507)));
  EXPECT_EQ(coverage.next_due, D(20250915));
}

TEST(CoverageOn, NamesTheNextDueDayWhileMoneyGoesOn) {
  Scheme scheme = SmallScheme();
  const std::vector<CoveredSpell> spells = {Paid(202503, 202504, D(20250310))};
  EXPECT_EQ(CoverageOn(scheme, spells, D(20250401)).next_due, D(20250615));
  EXPECT_EQ(CoverageOn(scheme, spells, D(20250731)).next_due, D(20250615));
  EXPECT_EQ(CoverageOn(scheme, spells, D(20250801)).next_due, std::nullopt);
  EXPECT_EQ(CoverageOn(scheme, spells, D(20250301)).next_due, std::nullopt);
  EXPECT_EQ(CoverageOn(scheme, {}, D(20250301)).next_due, std::nullopt);
  scheme.parameters.due_months_after[0].value = 0;
  EXPECT_EQ(CoverageOn(scheme, spells, D(20250401)).next_due, D(20250515));
}

TEST(CoverageOn, KnowsNothingOfAMembershipWithoutMoney) {
  CoveredSpell spell;
  spell.programmes = kBasic;
  spell.ended_on = D(20250301);
  EXPECT_EQ(JkkOn({spell}, 20250401).state, kNever);
  EXPECT_EQ(JkkOn({}, 20250401).state, kNever);
}

const Terms kTerms{kBasic, Rp(1'000), 1, Payer::kSelf, {}};

Restoration Restore(const Spell& spell, int on, int birth = 19800615) {
  static const Scheme scheme = SmallScheme();
  return HowToRestore(scheme, kTerms, spell, D(birth), D(on));
}

TEST(HowToRestore, NamesEachWay) {
  using Kind = Restoration::Kind;
  const Spell paid{D(20250101), StartRule::kFirstPayment, M(202501), M(202503)};
  const Restoration first = Restore(Spell(), 20250310);
  EXPECT_EQ(first.kind, Kind::kFirstPayment);
  EXPECT_EQ(first.total, Rp(150));
  EXPECT_EQ(first.covered_from, D(20250310));
  EXPECT_EQ(first.covered_until, D(20250331));

  const Restoration next = Restore(paid, 20250310);
  EXPECT_EQ(next.kind, Kind::kContinue);
  EXPECT_EQ(next.covered_from, D(20250401));
  EXPECT_EQ(next.covered_until, D(20250430));

  const Restoration arrears = Restore(paid, 20250610);
  EXPECT_EQ(arrears.kind, Kind::kArrears);
  ASSERT_EQ(arrears.months.size(), 3u);
  EXPECT_EQ(arrears.total, Rp(450));
  EXPECT_EQ(arrears.covered_from, D(20250401));
  EXPECT_EQ(arrears.covered_until, D(20250630));

  const Restoration restart = Restore(paid, 20250710);
  EXPECT_EQ(restart.kind, Kind::kRestart);
  EXPECT_EQ(restart.total, Rp(150));
  EXPECT_EQ(restart.covered_from, D(20250710));
  EXPECT_EQ(restart.covered_until, D(20250731));
}

TEST(HowToRestore, SaysWhenNothingCanBeBought) {
  using Kind = Restoration::Kind;
  EXPECT_EQ(Restore(Spell(), 20250310, 19600310).kind, Kind::kNotPossible);
  EXPECT_EQ(Restore(Spell(), 20191231).kind, Kind::kNotPossible);
  const Spell ahead{D(20250101), StartRule::kFirstPayment, M(202501), M(202603)};
  const Restoration restoration = Restore(ahead, 20250310);
  EXPECT_EQ(restoration.kind, Kind::kContinue);
  EXPECT_TRUE(restoration.months.empty());
  EXPECT_EQ(restoration.covered_until, D(20260331));
}

}  // namespace
}  // namespace jaring
