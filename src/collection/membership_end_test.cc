// Closing a membership: cover stops on the day, money waits, and who was told later did not know.

#include "collection/membership_end.h"

#include "collection/collection_fixture.h"

namespace jaring {
namespace {

class MembershipEndTest : public CollectionTest {
 protected:
  std::string End(const MemberNumber& member, Date ended_on, Date told,
                  EndReason reason = EndReason::kStoppedWorking) {
    const auto done = db().Write([&](Tx& tx) {
      return EndMembership(tx, agency_, {member, ended_on, reason}, Noon(told));
    });
    return done ? "" : done.error().rule;
  }
};

JARING_ON_EACH_ENGINE(MembershipEndTest);

TEST_P(MembershipEndTest, StopsCoverOnTheDayAndIsKnownFromThen) {
  const MemberNumber member = Enrol(PersonNumber(1), D(20260110)).member;
  Pay({.reference = "a", .member = member, .rupiah = 450, .on = D(20260110)});
  ASSERT_EQ(Months(member.person_id), "202601 202602 202603");
  EXPECT_EQ(End(member, D(20260215), D(20260301)), "");
  EXPECT_EQ(StateOn(member.person_id, D(20260214)), CoverageState::kActive);
  EXPECT_EQ(StateOn(member.person_id, D(20260215)), CoverageState::kEnded);
  EXPECT_EQ(StateOn(member.person_id, D(20261201)), CoverageState::kEnded);
  EXPECT_EQ(StateOn(member.person_id, D(20260215), Noon(D(20260228))), CoverageState::kActive);
  EXPECT_EQ(View(member.person_id, D(20260301)).restoration.kind, Restoration::Kind::kNotPossible);
  EXPECT_EQ(Months(member.person_id), "202601 202602 202603");  // Bought all the same.
}

TEST_P(MembershipEndTest, LaterMoneyWaitsUntilThePersonJoinsAgain) {
  const MemberNumber member = Enrol(PersonNumber(1), D(20260110)).member;
  Pay({.reference = "a", .member = member, .rupiah = 150, .on = D(20260110)});
  EXPECT_EQ(End(member, D(20260115), D(20260201)), "");
  EXPECT_EQ(Pay({.reference = "b", .member = member, .rupiah = 150, .on = D(20260202)}).rule,
            "payment.membership_ended");
  EXPECT_EQ(Place("b", member, D(20260203)).error().rule, "payment.membership_ended");
  const auto again = Enrol(PersonNumber(1), D(20260204));
  EXPECT_EQ(again.status, EnrolmentStatus::kAccepted);
  EXPECT_EQ(again.member, (MemberNumber{member.person_id, 2}));
  Pay({.reference = "c", .member = again.member, .rupiah = 150, .on = D(20260204)});
  EXPECT_EQ(StateOn(member.person_id, D(20260116)), CoverageState::kEnded);
  EXPECT_EQ(StateOn(member.person_id, D(20260204)), CoverageState::kActive);
}

TEST_P(MembershipEndTest, TheDeadDoNotJoinAgain) {
  const MemberNumber member = Enrol(PersonNumber(1), D(20260110)).member;
  EXPECT_EQ(End(member, D(20260115), D(20260201), EndReason::kDied), "");
  EXPECT_EQ(Enrol(PersonNumber(1), D(20260202)).rule, "person.died");
}

TEST_P(MembershipEndTest, RefusesWhatCannotBe) {
  const MemberNumber member = Enrol(PersonNumber(1), D(20260110)).member;
  Pay({.reference = "a", .member = member, .rupiah = 150, .on = D(20260120)});
  EXPECT_EQ(End({member.person_id, 2}, D(20260201), D(20260201)), "member.unknown");
  EXPECT_EQ(End({555'555'555, 1}, D(20260201), D(20260201)), "member.unknown");
  EXPECT_EQ(End(member, D(20260202), D(20260201)), "membership.end_in_future");
  EXPECT_EQ(End(member, D(20260109), D(20260201)), "membership.end_before_joining");
  EXPECT_EQ(End(member, D(20260120), D(20260201)), "membership.paid_after_end");
  EXPECT_EQ(End(member, D(20260121), D(20260201)), "");
  EXPECT_EQ(End(member, D(20260121), D(20260201)), "membership.already_ended");
}

TEST(EndReasons, HaveCodes) {
  for (const EndReason reason : {EndReason::kStoppedWorking, EndReason::kEmployed,
                                 EndReason::kLeftCountry, EndReason::kDied}) {
    EXPECT_EQ(FindEndReason(EndReasonCode(reason)), reason);
  }
  EXPECT_FALSE(FindEndReason("bored"));
}

}  // namespace
}  // namespace jaring
