#include "collection/payment.h"

#include "collection/collection_fixture.h"

namespace jaring {
namespace {

/// Farmers pay 150 a month (JKK 100, JKM 50); drivers 75 in 2026.
class PaymentTest : public CollectionTest {
 protected:
  MemberNumber Join(int n, Date on = D(20260105)) { return Enrol(PersonNumber(n), on).member; }
};

JARING_ON_EACH_ENGINE(PaymentTest);

TEST_P(PaymentTest, BuysWholeMonthsInOrderAndKeepsTheRest) {
  const MemberNumber member = Join(1);
  const auto first =
      Pay({.reference = "a", .member = member, .rupiah = 310, .on = D(20260110), .nik = {}});
  EXPECT_EQ(first.status, PaymentStatus::kPosted);
  EXPECT_EQ(first.first_month, M(202601));
  EXPECT_EQ(first.months, 2);
  EXPECT_EQ(first.credit, Rp(10));
  EXPECT_EQ(first.member, member);
  const auto little =
      Pay({.reference = "b", .member = member, .rupiah = 139, .on = D(20260111), .nik = {}});
  EXPECT_EQ(little.months, 0);
  EXPECT_EQ(little.credit, Rp(149));
  const auto enough =
      Pay({.reference = "c", .member = member, .rupiah = 1, .on = D(20260401), .nik = {}});
  EXPECT_EQ(enough.first_month, M(202603));  // Arrears within the grace first.
  EXPECT_EQ(enough.months, 1);
  EXPECT_EQ(Months(member.person_id), "202601 202602 202603");
  EXPECT_EQ(Credit(member.person_id), 0);
}

TEST_P(PaymentTest, LowersReliefMonthsAndStopsAtThePrepaymentLimit) {
  Enrolment driver = PersonNumber(1);
  driver.trade = kDriver;
  const MemberNumber member = Enrol(driver, D(20260105)).member;
  const auto paid =
      Pay({.reference = "a", .member = member, .rupiah = 99'000, .on = D(20261110), .nik = {}});
  EXPECT_EQ(paid.months, 13);  // November 2026 to November 2027.
  EXPECT_EQ(paid.credit, Rp(99'000 - 2 * 75 - 11 * 150));
}

TEST_P(PaymentTest, RestartsAsANewMembershipAfterTheGrace) {
  const MemberNumber member = Join(1);
  Pay({.reference = "a", .member = member, .rupiah = 150, .on = D(20260110), .nik = {}});
  EXPECT_EQ(StateOn(member.person_id, D(20260430)), CoverageState::kGrace);
  EXPECT_EQ(StateOn(member.person_id, D(20260501)), CoverageState::kLapsed);
  const auto again =
      Pay({.reference = "b", .member = member, .rupiah = 150, .on = D(20260501), .nik = {}});
  EXPECT_EQ(again.member, (MemberNumber{member.person_id, 2}));
  EXPECT_EQ(again.first_month, M(202605));
  EXPECT_EQ(StateOn(member.person_id, D(20260501)), CoverageState::kActive);
}

TEST_P(PaymentTest, WaitsWhenTheMemberIsTooOldToBeginAgain) {
  Enrolment old = PersonNumber(1);
  old.birth_date = D(19610301);
  const MemberNumber member = Enrol(old, D(20260105)).member;
  Pay({.reference = "a", .member = member, .rupiah = 150, .on = D(20260228), .nik = {}});
  // Sixty-five since March: goes on in the grace, does not begin again after it.
  EXPECT_EQ(
      Pay({.reference = "b", .member = member, .rupiah = 150, .on = D(20260401), .nik = {}}).months,
      1);
  const auto late =
      Pay({.reference = "c", .member = member, .rupiah = 150, .on = D(20260901), .nik = {}});
  EXPECT_EQ(late.status, PaymentStatus::kPosted);
  EXPECT_EQ(late.months, 0);
  EXPECT_EQ(late.credit, Rp(150));
  EXPECT_EQ(Enrol(old, D(20260901)).rule, "membership.over_joining_age");
}

TEST_P(PaymentTest, PostsAReferenceOnceWithinASetAndAcrossSets) {
  const MemberNumber member = Join(1);
  const MemberNumber other = Join(2);
  const Paying paying{
      .reference = "a", .member = member, .rupiah = 150, .on = D(20260110), .nik = {}};
  Paying more = paying;
  more.rupiah = 151;
  Paying of_other = paying;
  of_other.member = other;
  Paying nik_of_other = of_other;
  nik_of_other.member = {};
  nik_of_other.nik = PersonNumber(2).nik;
  Paying by_nik = nik_of_other;
  by_nik.nik = PersonNumber(1).nik;
  Paying other_partner = paying;
  other_partner.partner_id = 2;
  for (const bool again : {false, true}) {
    const auto out = PayAll({paying, paying, more, of_other, nik_of_other, by_nik, other_partner},
                            Noon(D(20260111)));
    EXPECT_EQ(out[0].status, again ? PaymentStatus::kRepeated : PaymentStatus::kPosted);
    EXPECT_EQ(out[1].status, PaymentStatus::kRepeated);
    for (const std::size_t i : {2U, 3U, 4U}) {
      EXPECT_EQ(out[i].status, PaymentStatus::kRefused) << i;
      EXPECT_EQ(out[i].rule, "payment.reference_reused") << i;
    }
    EXPECT_EQ(out[5].status, PaymentStatus::kRepeated);
    EXPECT_EQ(out[6].status, again ? PaymentStatus::kRepeated : PaymentStatus::kPosted);
  }
  EXPECT_EQ(Months(member.person_id), "202601 202602");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM payment"), 2);
}

TEST_P(PaymentTest, RefusesWhatCannotBeAPayment) {
  const MemberNumber member = Join(1);
  const auto rule = [&](Paying paying) {
    paying.member = member;
    const auto out = PayAll({paying}, Noon(D(20260110)))[0];
    return std::string(out.status == PaymentStatus::kRefused ? out.rule : "");
  };
  const Date on = D(20260110);
  EXPECT_EQ(rule({.reference = "", .member = {}, .rupiah = 1, .on = on, .nik = {}}),
            "reference.malformed");
  EXPECT_EQ(rule({.reference = "a b", .member = {}, .rupiah = 1, .on = on, .nik = {}}),
            "reference.malformed");
  EXPECT_EQ(
      rule({.reference = std::string(65, 'x'), .member = {}, .rupiah = 1, .on = on, .nik = {}}),
      "reference.malformed");
  EXPECT_EQ(rule({.reference = "a", .member = {}, .rupiah = 0, .on = on, .nik = {}}),
            "amount.zero");
  EXPECT_EQ(
      rule({.reference = "a", .member = {}, .rupiah = Money::kMaxRupiah, .on = on, .nik = {}}),
      "amount.too_large");
  EXPECT_EQ(rule({.reference = "a", .member = {}, .rupiah = 1, .on = D(20260111), .nik = {}}),
            "payment.in_future");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM payment"), 0);
}

TEST_P(PaymentTest, SuspendsWhatNobodyIsKnownToOwn) {
  const MemberNumber member = Join(1);
  Join(2);
  const Date on = D(20260110);
  const auto out = PayAll(
      {{.reference = "code", .member = {555'555'555, 1}, .rupiah = 150, .on = on, .nik = {}},
       {.reference = "seq", .member = {member.person_id, 2}, .rupiah = 150, .on = on, .nik = {}},
       {.reference = "nik", .member = {}, .rupiah = 150, .on = on, .nik = PersonNumber(9).nik},
       {.reference = "two", .member = member, .rupiah = 150, .on = on, .nik = PersonNumber(2).nik},
       {.reference = "good", .member = {}, .rupiah = 150, .on = on, .nik = PersonNumber(1).nik}},
      Noon(on));
  const char* rules[] = {"payment.unknown_bill_code", "payment.unknown_bill_code",
                         "payment.unknown_nik", "payment.code_and_nik_disagree"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(out[i].status, PaymentStatus::kSuspended);
    EXPECT_EQ(out[i].rule, rules[i]);
  }
  EXPECT_EQ(out[4].status, PaymentStatus::kPosted);
  EXPECT_EQ(out[4].member, member);
  std::vector<SuspendedPayment> waiting;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(waiting, ListSuspense(tx, 3));
    return Done{};
  });
  EXPECT_EQ(waiting.size(), 3u);
}

TEST_P(PaymentTest, PlacesSuspendedMoneyOnceAsIfPaidOnItsDay) {
  const MemberNumber member = Join(1);
  Pay({.reference = "a",
       .member = {},
       .rupiah = 150,
       .on = D(20260110),
       .nik = PersonNumber(9).nik});
  EXPECT_EQ(Place("b", member, D(20260301)).error().rule, "suspense.unknown");
  EXPECT_EQ(Place("a", {555'555'555, 1}, D(20260301)).error().rule, "member.unknown");
  EXPECT_EQ(Place("a", {member.person_id, 2}, D(20260301)).error().rule, "member.unknown");
  const auto placed = Place("a", member, D(20260301));
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->first_month, M(202601));
  EXPECT_EQ(Place("a", member, D(20260301)).error().rule, "suspense.already_placed");
  // Held on the day of payment, known since the day it was placed.
  EXPECT_EQ(StateOn(member.person_id, D(20260111)), CoverageState::kActive);
  EXPECT_EQ(StateOn(member.person_id, D(20260109)), CoverageState::kNever);
  EXPECT_EQ(StateOn(member.person_id, D(20260111), Noon(D(20260228))), CoverageState::kNever);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM suspense WHERE placed_payment_id IS NULL"), 0);
}

TEST_P(PaymentTest, CoversFromThePaymentOrForEmployersFromTheAcquisition) {
  const MemberNumber alone = Join(1, D(20260105));
  const MemberNumber hired =
      Enrol(PersonNumber(2), D(20260105), {.group = NewGroup("pabrik", GroupKind::kEmployer)})
          .member;
  const MemberNumber friends =
      Enrol(PersonNumber(3), D(20260105), {.group = NewGroup("pasar", GroupKind::kAssociation)})
          .member;
  int n = 0;
  for (const MemberNumber& member : {alone, hired, friends}) {
    Pay({.reference = std::to_string(n++),
         .member = member,
         .rupiah = 150,
         .on = D(20260120),
         .nik = {}});
  }
  EXPECT_EQ(StateOn(alone.person_id, D(20260119)), CoverageState::kNever);
  EXPECT_EQ(StateOn(alone.person_id, D(20260120)), CoverageState::kActive);
  EXPECT_EQ(StateOn(hired.person_id, D(20260105)), CoverageState::kActive);
  EXPECT_EQ(StateOn(hired.person_id, D(20260104)), CoverageState::kNever);
  EXPECT_EQ(StateOn(friends.person_id, D(20260119)), CoverageState::kNever);
}

TEST_P(PaymentTest, KeepsTheOrderGivenWithinASet) {
  const MemberNumber member = Join(1);
  // The payment told of first begins the spell, though its day is the later one.
  PayAll({{.reference = "a", .member = member, .rupiah = 150, .on = D(20260320), .nik = {}},
          {.reference = "b", .member = member, .rupiah = 150, .on = D(20260110), .nik = {}}},
         Noon(D(20260321)));
  EXPECT_EQ(Months(member.person_id), "202603 202604");
}

TEST_P(PaymentTest, LateMoneyGoesToTheOpenSpellNotTheOneJoinedSince) {
  const MemberNumber member = Join(1);
  Pay({.reference = "a", .member = member, .rupiah = 150, .on = D(20260110), .nik = {}});
  ASSERT_EQ(Join(1, D(20260601)), (MemberNumber{member.person_id, 2}));
  const auto late =
      Pay({.reference = "b", .member = member, .rupiah = 150, .on = D(20260120), .nik = {}},
          D(20260602));
  EXPECT_EQ(late.member, member);
  EXPECT_EQ(Months(member.person_id), "202601 202602");
  const auto now =
      Pay({.reference = "c", .member = member, .rupiah = 150, .on = D(20260603), .nik = {}});
  EXPECT_EQ(now.member.membership_seq, 2);
}

}  // namespace
}  // namespace jaring
