#include "collection/collection_fixture.h"
#include "ledger/month_close.h"

namespace jaring {
namespace {

class ReversalTest : public CollectionTest {
 protected:
  void SetUp() override {
    CollectionTest::SetUp();
    if (!IsSkipped()) {
      member_ = Enrol(PersonNumber(1), D(20260105)).member;
    }
  }
  PaymentOutcome PayOn(const std::string& reference, std::int64_t rupiah, Date on) {
    return Pay({.reference = reference, .member = member_, .rupiah = rupiah, .on = on, .nik = {}});
  }
  std::string MonthsNow() { return Months(member_.person_id); }

  MemberNumber member_;
};

JARING_ON_EACH_ENGINE(ReversalTest);

TEST_P(ReversalTest, TakesBackTheOnlyPayment) {
  PayOn("a", 310, D(20260110));
  const auto back = PayOn("a", -310, D(20260111));
  EXPECT_EQ(back.status, PaymentStatus::kPosted);
  EXPECT_EQ(back.credit, Money());
  EXPECT_EQ(MonthsNow(), "");
  EXPECT_EQ(StateOn(member_.person_id, D(20260115)), CoverageState::kNever);
  EXPECT_EQ(PayOn("a", -310, D(20260112)).status, PaymentStatus::kRepeated);
  EXPECT_EQ(PayOn("a", 310, D(20260112)).status, PaymentStatus::kRepeated);
  EXPECT_EQ(MonthsNow(), "");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM journal_line WHERE account = 4100 AND amount_rupiah <> 0"
                   " AND business_day = 20260110"),
            1);  // What was closed before stays as it was.
}

TEST_P(ReversalTest, LaterMoneyMovesUp) {
  for (const std::string gone : {"a", "b", "c"}) {
    PayOn("a" + gone, 150, D(20260110));
    PayOn("b" + gone, 300, D(20260201));
    PayOn("c" + gone, 150, D(20260301));
    EXPECT_EQ(MonthsNow(), "202601 202602 202603 202604");
    EXPECT_EQ(PayOn(gone + gone, gone == "b" ? -300 : -150, D(20260302)).status,
              PaymentStatus::kPosted);
    EXPECT_EQ(MonthsNow(), gone == "a"   ? "202602 202603 202604"
                           : gone == "b" ? "202601 202602"
                                         : "202601 202602 202603");
    member_ = Enrol(PersonNumber(gone == "a" ? 2 : 3), D(20260105)).member;
  }
}

TEST_P(ReversalTest, RefusesOtherAmountsAndUnknownReferences) {
  PayOn("a", 150, D(20260110));
  EXPECT_EQ(PayOn("a", -149, D(20260111)).rule, "reversal.amount_differs");
  EXPECT_EQ(PayOn("b", -150, D(20260111)).rule, "reversal.unknown_reference");
  EXPECT_EQ(Pay({.reference = "a",
                 .member = {},
                 .rupiah = -150,
                 .on = D(20260111),
                 .nik = {},
                 .partner_id = 2})
                .rule,
            "reversal.unknown_reference");
  EXPECT_EQ(MonthsNow(), "202601");
}

TEST_P(ReversalTest, FollowsThePaymentOfItsSetWhateverTheOrder) {
  const auto out =
      PayAll({{.reference = "a", .member = member_, .rupiah = -150, .on = D(20260110), .nik = {}},
              {.reference = "a", .member = member_, .rupiah = 150, .on = D(20260110), .nik = {}},
              {.reference = "a", .member = member_, .rupiah = -150, .on = D(20260110), .nik = {}}},
             Noon(D(20260110)));
  EXPECT_EQ(out[0].status, PaymentStatus::kPosted);
  EXPECT_EQ(out[1].status, PaymentStatus::kPosted);
  EXPECT_EQ(out[2].status, PaymentStatus::kRepeated);
  EXPECT_EQ(MonthsNow(), "");
}

TEST_P(ReversalTest, TakesBackSuspendedAndPlacedMoney) {
  const Nik nobody = PersonNumber(9).nik;
  for (const char* reference : {"waits", "placed"}) {
    Pay({.reference = reference, .member = {}, .rupiah = 150, .on = D(20260110), .nik = nobody});
  }
  ASSERT_TRUE(Place("placed", member_, D(20260111)));
  EXPECT_EQ(MonthsNow(), "202601");
  EXPECT_EQ(PayOn("waits", -150, D(20260112)).status, PaymentStatus::kPosted);
  EXPECT_EQ(Place("waits", member_, D(20260113)).error().rule, "suspense.already_placed");
  EXPECT_EQ(PayOn("placed", -150, D(20260114)).member.person_id, member_.person_id);
  EXPECT_EQ(MonthsNow(), "");
  EXPECT_EQ(Number("SELECT SUM(amount_rupiah) FROM journal_line WHERE account = 2500"), 0);
  EXPECT_EQ(Number("SELECT SUM(amount_rupiah) FROM journal_line WHERE account = 1100"), 0);
}

TEST_P(ReversalTest, IsKnownFromTheDayItWasTold) {
  PayOn("a", 150, D(20260105));
  PayOn("b", 150, D(20260120));
  PayOn("a", -150, D(20260210));
  const std::int64_t person = member_.person_id;
  EXPECT_EQ(Months(person, Noon(D(20260104))), "");
  EXPECT_EQ(Months(person, Noon(D(20260105))), "202601");
  EXPECT_EQ(Months(person, Noon(D(20260209))), "202601 202602");
  EXPECT_EQ(Months(person, Noon(D(20260210))), "202601");
  // Cover of January ran from the 5th as we knew it then, and from the 20th as we know it now.
  EXPECT_EQ(StateOn(person, D(20260110), Noon(D(20260209))), CoverageState::kActive);
  EXPECT_EQ(StateOn(person, D(20260110)), CoverageState::kNever);
  EXPECT_EQ(StateOn(person, D(20260120)), CoverageState::kActive);
}

TEST_P(ReversalTest, MoneyAfterAReversedRestartGoesOnInTheOpenSpell) {
  PayOn("a", 150, D(20260110));
  PayOn("b", 150, D(20260601));
  PayOn("c", 150, D(20261101));
  EXPECT_EQ(MonthsNow(), "202601 202606 202611");
  PayOn("b", -150, D(20261102));
  EXPECT_EQ(MonthsNow(), "202601 202611");
  EXPECT_EQ(View(member_.person_id, D(20261102)).restoration.kind, Restoration::Kind::kContinue);
  const auto next = PayOn("d", 150, D(20261103));
  EXPECT_EQ(next.first_month, M(202612));
  EXPECT_EQ(MonthsNow(), "202601 202611 202612");
}

TEST_P(ReversalTest, MoneyGoesToTheMembershipJoinedByThen) {
  PayOn("a", 150, D(20260110));
  Enrolment richer = PersonNumber(1);
  richer.income = Rp(2'000);
  ASSERT_EQ(Enrol(richer, D(20260801)).member.membership_seq, 2);
  PayOn("a", -150, D(20260802));
  // Both wait without months now: February was under the first terms, August under the second.
  const auto late =
      Pay({.reference = "b", .member = member_, .rupiah = 350, .on = D(20260201)}, D(20260803));
  EXPECT_EQ(late.member.membership_seq, 1);
  EXPECT_EQ(late.months, 2);
  const auto now = PayOn("c", 300, D(20260803));
  EXPECT_EQ(now.member.membership_seq, 2);
  EXPECT_EQ(now.months, 1);
  EXPECT_EQ(now.credit, Money());
}

TEST_P(ReversalTest, ReceiptsTellOfIt) {
  PayOn("a", 310, D(20260110));
  const auto receipt = [&](const std::string& reference) {
    Result<std::vector<ReceiptView>> found = std::vector<ReceiptView>();
    (void)db().Read([&](Tx& tx) -> Result<Done> {
      found = FindReceipts(tx, agency_, reference, std::nullopt);
      return Done{};
    });
    return found;
  };
  const ReceiptView before = receipt("a")->at(0);
  EXPECT_EQ(before.amount, Rp(310));
  EXPECT_EQ(before.months, 2);
  EXPECT_EQ(before.first_month, M(202601));
  EXPECT_EQ(before.cover_until, D(20260228));
  EXPECT_EQ(before.credit, Rp(10));
  EXPECT_EQ(before.partner_name, "Kantor Pos");
  EXPECT_FALSE(before.reversed);
  PayOn("a", -310, D(20260111));
  EXPECT_TRUE(receipt("a")->at(0).reversed);
  EXPECT_EQ(receipt("a")->at(0).months, 0);
  EXPECT_EQ(receipt("none").error().rule, "payment.unknown_reference");
  Pay({.reference = "s", .member = {}, .rupiah = 1, .on = D(20260111), .nik = PersonNumber(9).nik});
  EXPECT_EQ(receipt("s").error().rule, "payment.in_suspense");
}

TEST_P(ReversalTest, WhatIsOfAClosedMonthIsBookedInTheOpenOne) {
  const MemberNumber member = Enrol(PersonNumber(1), D(20260105)).member;
  EXPECT_FALSE(
      Pay({.reference = "a", .member = member, .rupiah = 150, .on = D(20260110)}).booked_on);
  const Nik nobody = PersonNumber(99).nik;
  Pay({.reference = "waits", .member = {}, .rupiah = 150, .on = D(20260111), .nik = nobody});
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CloseMonth(tx, M(202601), Noon(D(20260203))));
    return Done{};
  });
  const Date open = D(20260201);
  const auto late =
      Pay({.reference = "b", .member = member, .rupiah = 150, .on = D(20260131)}, D(20260203));
  EXPECT_EQ(late.booked_on, open);
  EXPECT_EQ(Pay({.reference = "c", .member = member, .rupiah = 150, .on = D(20260201)}).booked_on,
            std::nullopt);
  const auto back =
      Pay({.reference = "a", .member = member, .rupiah = -150, .on = D(20260131)}, D(20260203));
  EXPECT_EQ(back.status, PaymentStatus::kPosted);
  EXPECT_EQ(back.booked_on, open);
  const auto placed = Place("waits", member, D(20260204));
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->booked_on, open);
  const auto suspended =
      Pay({.reference = "d", .member = {}, .rupiah = 10, .on = D(20260102), .nik = nobody},
          D(20260204));
  EXPECT_EQ(suspended.status, PaymentStatus::kSuspended);
  EXPECT_EQ(suspended.booked_on, open);
  const auto taken =
      Pay({.reference = "d", .member = {}, .rupiah = -10, .on = D(20260103), .nik = nobody},
          D(20260204));
  EXPECT_EQ(taken.booked_on, open);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM late_posting"), 5);
  EXPECT_EQ(Number("SELECT SUM(amount_rupiah) FROM journal_line WHERE account = 1100 AND"
                   " business_day = 20260201"),
            150 + 150 - 150 + 0 + 10 - 10);
  // What the closed month holds is what it held.
  EXPECT_EQ(Number("SELECT SUM(amount_rupiah) FROM journal_line WHERE account = 1100 AND"
                   " business_day < 20260201"),
            300);
  EXPECT_EQ(Months(member.person_id), "202601 202602 202603");
}

}  // namespace
}  // namespace jaring
