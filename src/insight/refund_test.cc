// Months paid beyond an event, and credit, go back with the claim that ends the membership: once,
// untaxed, and the books are what `jaring verify` recomputes.

#include "claims/claims_fixture.h"
#include "collection/savings_withdrawal.h"
#include "insight/verify.h"

namespace jaring {
namespace {

class RefundTest : public ClaimsTest {
 protected:
  std::string Broken() {
    std::string broken;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      for (const Violation& v : report.violations) {
        broken += v.invariant + " ";
      }
      return Done{};
    }));
    return broken;
  }

  /// Decided by two people: what is given back counts to the limit.
  ClaimNumber Decided(const MemberNumber& member, const ClaimFacts& facts, const ClaimPayee& payee,
                      Date on) {
    const ClaimNumber number = Report(member, facts, {payee}, on);
    EXPECT_EQ(Bring(number, "card", on), "");
    if (facts.is_of_death()) {
      EXPECT_EQ(Bring(number, "certificate", on), "");
    }
    EXPECT_EQ(Complete(number, on), "");
    EXPECT_EQ(Approve(number, on), "");
    if (StateOf(number) == ClaimState::kProposed) {
      EXPECT_EQ(Approve(number, on, kSecondOfficer), "");
    }
    EXPECT_EQ(StateOf(number), ClaimState::kApproved);
    return number;
  }

  /// "refund JKK 20 first_month 202605 …; credit 30; ": what of a decision is given back.
  std::string GivenBack(const ClaimNumber& number) {
    std::string text;
    int decision = 0;
    for (const ClaimLine& line : See(number, D(20261231)).lines) {
      text = line.step_no == decision ? text : "";
      decision = line.step_no;
      if (IsGivenBack(line.benefit)) {
        text += line.benefit + " " + std::to_string(static_cast<int>(line.programme)) + " " +
                std::to_string(line.amount.rupiah()) + " " + line.working + "; ";
      }
    }
    return text;
  }

  Money Saved(const MemberNumber& member) {
    Money savings;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(savings, FindSavings(tx, member.person_id));
      return Done{};
    }));
    return savings;
  }
};

JARING_ON_EACH_ENGINE(RefundTest);

TEST_P(RefundTest, MonthsAfterTheEventAndCreditGoBackWithTheClaim) {
  const MemberNumber member = Member(1, D(20260110), 930);  // To June, and 30 over.
  const ClaimNumber number = Decided(member, DeathOn(D(20260405)), Spouse(), D(20260407));
  EXPECT_EQ(See(number, D(20260407)).claim.gross, Rp(42 + 2 * 150 + 30));
  EXPECT_EQ(See(number, D(20260407)).claim.tax, Money());
  EXPECT_EQ(GivenBack(number),
            "refund 0 200 first_month 202605 last_month 202606 months 2; "
            "refund 1 100 first_month 202605 last_month 202606 months 2; "
            "credit 0 30 credit 30; ");
  EXPECT_EQ(Months(member.person_id), "202601 202602 202603 202604");
  EXPECT_EQ(Credit(member.person_id), 0);
  EXPECT_EQ(Balance(Account::kMemberCredit), 0);
  EXPECT_EQ(Balance(Account::kJkmBenefits), 42);
  EXPECT_EQ(Balance(Account::kClaimsPayable), -372);
  EXPECT_EQ(Balance(Account::kJkkContributions) + Balance(Account::kJkmContributions), -600);
  EXPECT_EQ(Broken(), "");
  // Late money waits, and what was weighed stays.
  EXPECT_EQ(Pay({.reference = "late", .member = member, .rupiah = 150, .on = D(20260408)}).rule,
            "payment.membership_ended");
  EXPECT_EQ(Pay({.reference = "m1", .member = member, .rupiah = -930, .on = D(20260409)}).rule,
            "reversal.refunded");
  EXPECT_EQ(Broken(), "");
}

TEST_P(RefundTest, AMonthGoesBackAtThePriceItWasPaidAt) {
  Enrolment row = PersonNumber(1);
  row.trade = kDriver;  // With relief.
  const MemberNumber member = Enrol(row, D(20260110)).member;
  Pay({.reference = "relief", .member = member, .rupiah = 900, .on = D(20260110)});
  const std::int64_t before =
      Balance(Account::kJkkContributions) + Balance(Account::kJkmContributions);
  const ClaimNumber number = Decided(member, DeathOn(D(20260205)), Spouse(), D(20260207));
  const std::int64_t after =
      Balance(Account::kJkkContributions) + Balance(Account::kJkmContributions);
  const Money gross = See(number, D(20260207)).claim.gross;
  EXPECT_EQ(Months(member.person_id), "202601 202602");
  EXPECT_EQ(gross, Rp(42 + 900 + after));  // All but what the two months hold.
  EXPECT_EQ(GivenBack(number),
            "refund 0 500 first_month 202603 last_month 202612 months 10; "
            "refund 1 250 first_month 202603 last_month 202612 months 10; ");
  EXPECT_LT(before, after);
  EXPECT_EQ(Broken(), "");
}

TEST_P(RefundTest, NothingPaidBeyondTheMonthOfTheEventIsNothingGivenBack) {
  const MemberNumber member = Member(1, D(20260110), 600);
  const ClaimNumber number = Decided(member, DeathOn(D(20260405)), Spouse(), D(20260407));
  EXPECT_EQ(See(number, D(20260407)).claim.gross, Rp(42));
  EXPECT_EQ(GivenBack(number), "");
  EXPECT_EQ(Months(member.person_id), "202601 202602 202603 202604");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM refund", {}), 0);
  EXPECT_EQ(Broken(), "");
}

TEST_P(RefundTest, ADeathToldAfterThreeMorePaymentsIsNotHeldUpByThem) {
  const MemberNumber member = Member(1, D(20260110), 150);
  for (const int month : {2, 3, 4}) {
    Pay({.reference = "n" + std::to_string(month),
         .member = member,
         .rupiah = 150,
         .on = Date::FromYearMonthDay(2026, month, 10)});
  }
  const ClaimNumber number = Decided(member, DeathOn(D(20260120)), Spouse(), D(20260420));
  EXPECT_EQ(See(number, D(20260420)).claim.gross, Rp(42 + 3 * 150));
  EXPECT_EQ(Months(member.person_id), "202601");
  EXPECT_EQ(Approve(number, D(20260421), kSecondOfficer), "claim.wrong_state");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM refund", {}), 1);
  EXPECT_EQ(Broken(), "");
}

TEST_P(RefundTest, ArrearsPaidAfterTheEventStayAndDoNotHoldItUp) {
  const MemberNumber member = Member(1, D(20260110), 150);
  Pay({.reference = "arrears", .member = member, .rupiah = 150, .on = D(20260225)});
  const ClaimNumber number = Decided(member, DeathOn(D(20260220)), Spouse(), D(20260227));
  EXPECT_EQ(See(number, D(20260227)).claim.gross, Rp(42));
  EXPECT_EQ(Months(member.person_id), "202601 202602");
  EXPECT_EQ(Broken(), "");
}

TEST_P(RefundTest, SavingsOfMonthsGivenBackAreGivenOnceAndUntaxed) {
  const MemberNumber member = Member(1, D(20260110), std::int64_t{6} * 350, kWithSavings);
  ASSERT_EQ(Saved(member), Rp(std::int64_t{6} * 200));
  const ClaimNumber number =
      Decided(member, SavingsOn(D(20260405)), Herself(1, "55555"), D(20260405));
  const ClaimView view = See(number, D(20260405));
  EXPECT_EQ(view.claim.gross, Rp(4 * 200 + 2 * 350));  // All 1,200 saved, and 2 · 150.
  EXPECT_EQ(view.claim.tax, Rp(20));                   // 5 % of the 400 above 400.
  EXPECT_EQ(Saved(member), Money());
  EXPECT_EQ(Balance(Account::kMemberSavings), 0);
  EXPECT_EQ(Broken(), "");
}

TEST_P(RefundTest, WhatSomebodyElsePaidIsByAgreement) {
  const MemberNumber member = Member(1, D(20260110), 900);
  Write([&](Tx& tx) -> Result<Done> { return tx.RunScript("UPDATE membership SET payer = 1"); });
  const ClaimNumber number = Report(member, DeathOn(D(20260405)), {Spouse()}, D(20260407));
  const ClaimView view = See(number, D(20260407));
  ASSERT_FALSE(view.withheld.empty());
  EXPECT_EQ(view.withheld.back().rule, "refund.by_agreement");
  EXPECT_EQ(GivenBack(number), "");
}

TEST_P(RefundTest, VerifyFindsAWrongSum) {
  const MemberNumber member = Member(1, D(20260110), 900);
  Decided(member, DeathOn(D(20260405)), Spouse(), D(20260407));
  ASSERT_EQ(Broken(), "");
  Write([&](Tx& tx) { return tx.RunScript("UPDATE refund SET amount_rupiah = 299"); });
  EXPECT_NE(Broken().find("claim.refunded"), std::string::npos);
  EXPECT_NE(Broken().find("person.credit_kept"), std::string::npos);
}

}  // namespace
}  // namespace jaring
