// Claims of all kinds through random hands, a bank that lies among them: after each day the books
// are what `jaring verify` recomputes, and the year's return is reckoned on what was still saved.

#include <random>

#include "claims/claims_fixture.h"
#include "collection/savings_run.h"
#include "insight/verify.h"
#include "ledger/month_close.h"

namespace jaring {
namespace {

class ClaimLifeTest : public ClaimsTest {
 protected:
  ClaimLifeTest() { scheme_.declared_returns = {{.year = 2026, .rate = Rate::FromPpm(600'000)}}; }

  std::string Broken() {
    std::string broken;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      for (const Violation& v : report.violations) {
        broken += v.invariant + " " + v.subject + "; ";
      }
      return Done{};
    }));
    return broken;
  }

  /// Some step of a claim, whatever its state: most are refused, and change nothing.
  void Poke(const ClaimNumber& number, Date day, std::mt19937& dice) {
    const Principal& who = dice() % 2 == 0 ? kFirstOfficer : kSecondOfficer;
    (void)Do([&](Tx& tx) -> Result<Done> {
      const ClaimAct act = Act(day, who, "catatan");
      switch (dice() % 10) {
        case 0:
          return Only(RefuseClaim(tx, agency_, number, "other", act));
        case 1:
          return Only(ObjectToRefusal(tx, agency_, number, act));
        case 2:
          return Only(WithdrawClaim(tx, agency_, number, act));
        case 3:
          return Only(PayAgain(tx, agency_, number, act));
        case 4:
        case 5:
          return Only(CompleteClaim(tx, agency_, number, act));
        case 6:
          return Only(DecideByRule(tx, agency_, number, act));
        default:
          return Only(ApproveClaim(tx, agency_, number, act));
      }
    });
  }

  template <typename T>
  static Result<Done> Only(const Result<T>& result) {
    return result ? Result<Done>(Done{}) : result.error();
  }

  void PokeBank(Date day, std::mt19937& dice) {
    (void)Do([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const PayoutRun run, MakePayoutRun(tx, agency_, day, 5, Act(day)));
      return dice() % 3 == 0 ? Only(CancelPayoutRun(tx, agency_, run.run_id, Act(day)))
                             : Only(ReleasePayoutRun(tx, run.run_id, Act(day, kSecondOfficer)));
    });
    for (const ClaimNumber& claim : claims_) {
      for (int payout_no = 1; payout_no <= 3; ++payout_no) {
        const auto word = static_cast<BankWord>(dice() % 3);
        const bool sends = dice() % 2 == 0;
        (void)Do([&](Tx& tx) -> Result<Done> {
          return sends ? Only(NotePayoutSent(tx, claim, payout_no, SentBy::kFile, Noon(day)))
                       : Only(TakeBankWord(tx, agency_, claim, payout_no, {word, day}, Act(day)));
        });
      }
    }
  }

  ClaimFacts RandomFacts(Date day, std::mt19937& dice) {
    if (dice() % 3 == 0) {
      return DeathOn(day);
    }
    ClaimFacts facts =
        SavingsOn(day, dice() % 4 == 0 ? SavingsReason::kOther : SavingsReason::kAge);
    if (dice() % 2 == 0) {
      facts.kind = ClaimKind::kAccident;
      facts.outcome =
          dice() % 2 == 0 ? AccidentOutcome::kRecovered : AccidentOutcome::kTotalDisability;
      facts.spent = {{"jkk-care", Rp(static_cast<std::int64_t>(dice() % 500)), {}}};
    }
    return facts;
  }

  std::vector<ClaimNumber> claims_;
};

JARING_ON_EACH_ENGINE(ClaimLifeTest);

TEST_P(ClaimLifeTest, TheBooksHoldWhateverHappens) {
  std::mt19937 dice(11);
  std::vector<MemberNumber> members;
  for (int n = 1; n <= 12; ++n) {
    members.push_back(Member(n, D(20260110), 4'200, kWithSavings));
  }
  for (Date day = D(20260301); day <= D(20260412); day = day.AddDays(1)) {
    const auto place = dice() % members.size();
    const ClaimFacts facts = RandomFacts(day, dice);
    const auto n = static_cast<int>(place) + 1;
    const auto payee = facts.is_of_death() ? Spouse("1000" + std::to_string(n))
                                           : Herself(n, "2000" + std::to_string(n));
    claims_.push_back(Report(members[place], facts, {payee}, day));
    Bring(claims_.back(), "card", day);
    Bring(claims_.back(), "certificate", day);
    EXPECT_EQ(Complete(claims_.back(), day), "");
    for (int i = 0; i < 12; ++i) {
      Poke(claims_[dice() % claims_.size()], day, dice);
    }
    PokeBank(day, dice);
    ASSERT_EQ(Broken(), "") << day.ToString();
  }
  std::map<ClaimState, int> states;
  for (const ClaimNumber& claim : claims_) {
    ++states[StateOf(claim)];
  }
  EXPECT_GE(states.size(), 4U);
  EXPECT_GT(states[ClaimState::kPaid], 0);
  EXPECT_NE(Balance(Account::kBank), 0);
}

TEST_P(ClaimLifeTest, WhatWasPaidOutEarnsNoMore) {
  // Both have 2,400 saved in January: a month of it earns 120 in 2026.
  const MemberNumber stays = Member(1, D(20260110), 4'200, kWithSavings);
  const MemberNumber leaves = Member(2, D(20260110), 4'200, kWithSavings);
  const ClaimNumber number =
      Report(leaves, SavingsOn(D(20260615)), {Herself(2, "55555")}, D(20260615));
  Bring(number, "card", D(20260615));
  EXPECT_EQ(Complete(number, D(20260615)), "");
  EXPECT_EQ(Do([&](Tx& tx) { return Only(DecideByRule(tx, agency_, number, Act(D(20260615)))); }),
            "");
  EXPECT_EQ(StateOf(number), ClaimState::kApproved);
  Write([&](Tx& tx) { return Only(CloseMonth(tx, M(202612), Noon(D(20270110)))); });
  const auto run =
      CreditReturns(db(), agency_, {.year = 2026, .now = Noon(D(20270111)), .people_per_step = 1});
  ASSERT_TRUE(run) << run.error().rule;
  const char* earned = "SELECT amount_rupiah FROM savings_return WHERE person_id = $1";
  EXPECT_EQ(Number(earned, {stays.person_id}), 11 * 120);
  EXPECT_EQ(Number(earned, {leaves.person_id}), 5 * 120);
  EXPECT_EQ(Broken(), "");
}

}  // namespace
}  // namespace jaring
