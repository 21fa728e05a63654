// Money to the payees: runs by two people, and a bank whose word is late, doubled, missing or
// wrong.

#include <random>

#include "claims/claim_figures.h"
#include "claims/claims_fixture.h"
#include "claims/payout_books.h"

namespace jaring {
namespace {

class PayoutTest : public ClaimsTest {
 protected:
  PayoutRun Make(Date pay_on, std::int64_t limit = 1'000) {
    PayoutRun run;
    EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                JARING_ASSIGN_OR_RETURN(run,
                                        MakePayoutRun(tx, agency_, pay_on, limit, Act(pay_on)));
                return Done{};
              }),
              "");
    return run;
  }

  std::string Release(const PayoutRun& run, const Principal& who = kSecondOfficer) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(ReleasePayoutRun(tx, run.run_id, Act(run.pay_on, who)));
      return Done{};
    });
  }

  std::string Send(const ClaimNumber& claim, int payout_no, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(NotePayoutSent(tx, claim, payout_no, SentBy::kFile, Noon(on)));
      return Done{};
    });
  }

  /// The word of the bank; the rule of an error, or what became of it.
  std::string Hear(const ClaimNumber& claim, int payout_no, BankWord word, Date on) {
    return Hear(claim, payout_no, BankSaid{word, on});
  }

  std::string Hear(const ClaimNumber& claim, int payout_no, const BankSaid& said) {
    constexpr const char* kTaken[] = {"taken", "known", "paid_twice"};
    WordTaken taken = WordTaken::kKnown;
    const std::string rule = Do([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(taken,
                              TakeBankWord(tx, agency_, claim, payout_no, said, Act(said.on)));
      return Done{};
    });
    return rule.empty() ? kTaken[static_cast<int>(taken)] : rule;
  }

  std::string Again(const ClaimNumber& claim, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(PayAgain(tx, agency_, claim, Act(on)));
      return Done{};
    });
  }

  std::vector<Payout> PayoutsOf(const ClaimNumber& claim) {
    std::vector<Payout> payouts;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(payouts, ListPayoutsOfClaim(tx, claim));
      return Done{};
    }));
    return payouts;
  }

  ClaimNumber Death(int n, Date on, const std::vector<ClaimPayee>& payees) {
    return ApprovedDeath(Member(n, D(20260110), 600), D(20260401), on, payees);
  }
};

JARING_ON_EACH_ENGINE(PayoutTest);

TEST_P(PayoutTest, ARunIsMadeByOneAndReleasedByAnother) {
  const ClaimNumber claim = Death(1, D(20260406), {Spouse("11111")});
  Death(2, D(20260406), {Spouse("22222")});
  const PayoutRun run = Make(D(20260407));
  EXPECT_EQ(run.payout_count, 2);
  EXPECT_EQ(run.amount, Rp(84));
  EXPECT_EQ(StateOf(claim), ClaimState::kPaying);
  EXPECT_EQ(Send(claim, 1, D(20260407)), "payout.not_released");
  EXPECT_EQ(Release(run, kFirstOfficer), "payout.same_person");
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260407)), "payout.not_sent");
  EXPECT_EQ(Release(run), "");
  EXPECT_EQ(Release(run), "payout.run_wrong_state");
  EXPECT_EQ(Send(claim, 1, D(20260407)), "");
  EXPECT_EQ(Hear(claim, 1, BankWord::kUnknown, D(20260407)), "known");
  EXPECT_EQ(StateOf(claim), ClaimState::kPaying);
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260408)), "taken");
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260408)), "known");
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
  EXPECT_EQ(PayoutsOf(claim)[0].paid_on, D(20260408));
  EXPECT_EQ(Balance(Account::kBank), -42);
  EXPECT_EQ(Balance(Account::kClaimsPayable), -42);
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(MakePayoutRun(tx, agency_, D(20260409), 10, Act(D(20260409))));
              return Done{};
            }),
            "payout.nothing_waits");
}

TEST_P(PayoutTest, AFileReadAgainChangesNothing) {
  const ClaimNumber claim = Death(1, D(20260406), {Spouse("11111")});
  const PayoutRun run = Make(D(20260407));
  EXPECT_EQ(Release(run), "");
  EXPECT_EQ(Send(claim, 1, D(20260407)), "");
  const BankSaid paid{BankWord::kPaid, D(20260408), Rp(42), "one file", 7};
  const BankSaid back{BankWord::kFailed, D(20260409), Rp(42), "another", 7};
  EXPECT_EQ(Hear(claim, 1, {BankWord::kPaid, D(20260408), Rp(41), "a lie", 1}),
            "payout.amount_differs");
  EXPECT_EQ(Hear(claim, 1, paid), "taken");
  EXPECT_EQ(Hear(claim, 1, back), "taken");
  EXPECT_EQ(Hear(claim, 1, paid), "known");  // Read again, it says nothing new.
  EXPECT_EQ(StateOf(claim), ClaimState::kReturned);
  BankSaid after_all = paid;
  after_all.line = 8;
  EXPECT_EQ(Hear(claim, 1, after_all), "taken");
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
}

TEST_P(PayoutTest, ATryThatNeverLeftHasNoWord) {
  const ClaimNumber claim = Death(1, D(20260406), {Spouse("11111")});
  PayoutRun run = Make(D(20260407));
  EXPECT_EQ(Release(run), "");
  EXPECT_EQ(Send(claim, 1, D(20260407)), "");
  EXPECT_EQ(Hear(claim, 1, BankWord::kFailed, D(20260408)), "taken");
  EXPECT_EQ(Again(claim, D(20260408)), "");
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260409)), "taken");  // After all: the second stops.
  EXPECT_EQ(PayoutsOf(claim)[1].state, PayoutState::kFailed);
  EXPECT_EQ(Hear(claim, 2, BankWord::kPaid, D(20260409)), "payout.not_sent");
}

TEST_P(PayoutTest, ShareOfEachPayeeToTheRupiah) {
  ClaimPayee one = Spouse("11111");
  one.share = Rate::FromPpm(333'334);
  ClaimPayee two = Spouse("22222");
  two.share = Rate::FromPpm(333'333);
  ClaimPayee three = two;
  three.account = "33333";
  const ClaimNumber claim = Death(1, D(20260406), {one, two, three});
  const auto payouts = PayoutsOf(claim);
  ASSERT_EQ(payouts.size(), 3U);
  EXPECT_EQ(payouts[0].amount, Rp(16));  // 14 of 42, and what rounding left.
  EXPECT_EQ(payouts[1].amount, Rp(13));
  EXPECT_EQ(payouts[2].amount, Rp(13));
  const PayoutRun run = Make(D(20260407));
  Release(run);
  for (int n = 1; n <= 3; ++n) {
    EXPECT_EQ(StateOf(claim), ClaimState::kPaying);
    Send(claim, n, D(20260407));
    Hear(claim, n, BankWord::kPaid, D(20260407));
  }
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
  EXPECT_EQ(Balance(Account::kClaimsPayable), 0);
}

TEST_P(PayoutTest, BeingLateCostsAShareForEachDay) {
  ClaimPayee payee = Spouse("11111");
  const ClaimNumber claim = Death(1, D(20260406), {payee});  // Due on the 9th.
  ASSERT_EQ(See(claim, D(20260406)).claim.due_on, D(20260409));
  const PayoutRun run = Make(D(20260414));  // Five days late: 5 % of 42.
  EXPECT_EQ(run.amount, Rp(44));
  EXPECT_EQ(Balance(Account::kLatenessPenalties), 2);
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(CancelPayoutRun(tx, agency_, run.run_id, Act(D(20260414))));
              return Done{};
            }),
            "");
  EXPECT_EQ(StateOf(claim), ClaimState::kApproved);
  EXPECT_EQ(Balance(Account::kLatenessPenalties), 0);
  const PayoutRun later = Make(D(20260419));
  EXPECT_EQ(later.amount, Rp(46));
  Release(later);
  Send(claim, 1, D(20260419));
  Hear(claim, 1, BankWord::kPaid, D(20260419));
  EXPECT_EQ(Balance(Account::kBank), -46);
  EXPECT_EQ(Balance(Account::kClaimsPayable), 0);
  EXPECT_EQ(Balance(Account::kLatenessPenalties), 4);
}

TEST_P(PayoutTest, FiguresTellHowSoonAndByWhom) {
  const ClaimNumber late = Death(1, D(20260406), {Spouse("11111")});
  const ClaimNumber soon = Death(2, D(20260413), {Spouse("22222")});
  Report(Member(3, D(20260110), 900), DeathOn(D(20260401)), {Spouse("33333")}, D(20260413));
  Release(Make(D(20260414)));  // The first was due on the 9th.
  for (const ClaimNumber& claim : {late, soon}) {
    Send(claim, 1, D(20260414));
    Hear(claim, 1, BankWord::kPaid, D(20260414));
  }
  const auto figures_of = [&](Date from, Date to) {
    ClaimFigures figures;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(figures, ReportClaimFigures(tx, from, to));
      return Done{};
    }));
    return figures;
  };
  const ClaimFigures april = figures_of(D(20260401), D(20260430));
  EXPECT_EQ(april.now, (std::map<ClaimState, std::int64_t>{{ClaimState::kReported, 1},
                                                           {ClaimState::kPaid, 2}}));
  EXPECT_EQ(april.approved, (std::map<std::string, std::int64_t>{{"one_person", 2}}));
  EXPECT_EQ(april.given, (std::map<Programme, Money>{{Programme::kJkm, Rp(84)}}));
  EXPECT_EQ(april.paid, 2);
  EXPECT_EQ(april.paid_late, 1);
  EXPECT_EQ(april.days, 8 + 1);
  EXPECT_EQ(april.most_days, 8);
  EXPECT_EQ(april.penalties, Rp(2));
  const ClaimFigures one_day = figures_of(D(20260406), D(20260406));
  EXPECT_EQ(one_day.approved, (std::map<std::string, std::int64_t>{{"one_person", 1}}));
  EXPECT_EQ(one_day.given, (std::map<Programme, Money>{{Programme::kJkm, Rp(42)}}));
  EXPECT_EQ(one_day.paid, 0);
}

TEST_P(PayoutTest, MoneyThatComesBackIsPaidAgainUnderANewReference) {
  const ClaimNumber claim = Death(1, D(20260406), {Spouse("11111")});
  Release(Make(D(20260407)));
  Send(claim, 1, D(20260407));
  EXPECT_EQ(Again(claim, D(20260407)), "claim.wrong_state");  // Nobody knows yet.
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260407)), "taken");
  EXPECT_EQ(Hear(claim, 1, BankWord::kFailed, D(20260408)), "taken");  // It came back.
  EXPECT_EQ(StateOf(claim), ClaimState::kReturned);
  EXPECT_EQ(Balance(Account::kBank), 0);
  EXPECT_EQ(Balance(Account::kClaimsPayable), -42);
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(ChangeClaim(
                  tx, agency_, claim, {.facts = {}, .payees = std::vector{Spouse("22222")}},
                  Act(D(20260408))));
              return Done{};
            }),
            "");
  EXPECT_EQ(Again(claim, D(20260408)), "");
  EXPECT_EQ(StateOf(claim), ClaimState::kApproved);
  const auto payouts = PayoutsOf(claim);
  ASSERT_EQ(payouts.size(), 2U);
  EXPECT_EQ(payouts[0].reference(), claim.ToString() + "P01");
  EXPECT_EQ(payouts[1].reference(), claim.ToString() + "P02");
  EXPECT_EQ(ParsePayoutReference(payouts[1].reference())->second, 2);
  EXPECT_EQ(ParsePayoutReference("K000P01").error().rule, "payout.reference_malformed");
  const PayoutRun run = Make(D(20260409));
  std::string account;
  EXPECT_TRUE(db().Read([&](Tx& tx) {
    return ListPayoutsOfRun(tx, agency_, run.run_id,
                            [&](const Payout&, const ClaimPayee& payee) -> Result<Done> {
                              account = payee.account;
                              return Done{};
                            });
  }));
  EXPECT_EQ(account, "22222");
  Release(run);
  Send(claim, 2, D(20260409));
  EXPECT_EQ(Hear(claim, 2, BankWord::kPaid, D(20260409)), "taken");
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
  EXPECT_EQ(Balance(Account::kBank), -42);
}

TEST_P(PayoutTest, ABankThatSaysLateThatItPaidStopsTheNextTry) {
  const ClaimNumber claim = Death(1, D(20260406), {Spouse("11111")});
  Release(Make(D(20260407)));
  Send(claim, 1, D(20260407));
  Hear(claim, 1, BankWord::kFailed, D(20260407));
  Again(claim, D(20260408));
  const PayoutRun second = Make(D(20260414));
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260414)), "taken");
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
  Release(second);
  EXPECT_EQ(Send(claim, 2, D(20260414)), "");
  EXPECT_EQ(PayoutsOf(claim)[1].state, PayoutState::kFailed);  // Not sent.
  EXPECT_EQ(Balance(Account::kBank), -42);
  EXPECT_EQ(Balance(Account::kClaimsPayable), 0);
  EXPECT_EQ(Balance(Account::kLatenessPenalties), 0);
}

TEST_P(PayoutTest, APayeePaidTwiceIsToldByTheBooks) {
  const ClaimNumber claim = Death(1, D(20260406), {Spouse("11111")});
  Release(Make(D(20260407)));
  Send(claim, 1, D(20260407));
  Hear(claim, 1, BankWord::kFailed, D(20260407));
  Again(claim, D(20260408));
  Release(Make(D(20260414)));
  Send(claim, 2, D(20260414));
  EXPECT_EQ(Hear(claim, 2, BankWord::kPaid, D(20260414)), "taken");
  EXPECT_EQ(Hear(claim, 1, BankWord::kPaid, D(20260415)), "paid_twice");
  EXPECT_EQ(See(claim, D(20260415)).steps.back().reason, "paid_twice");
  EXPECT_EQ(Balance(Account::kBank), -42 - 44);
  EXPECT_EQ(Balance(Account::kPaidTwice), 44);
  EXPECT_EQ(Balance(Account::kClaimsPayable), 0);
  EXPECT_EQ(Hear(claim, 2, BankWord::kFailed, D(20260416)), "taken");  // It was asked back.
  EXPECT_EQ(Balance(Account::kPaidTwice), 0);
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
}

/// A bank with accounts of its own: it carries each reference out at most once, and what it answers
/// has little to do with it.
class LyingBank {
 public:
  explicit LyingBank(unsigned seed) : dice_(seed) {}

  void Send(const std::string& reference, Money amount) {
    if (!outcome_.count(reference) && dice_() % 8 != 0) {  // One in eight gets lost on the way.
      outcome_[reference] = dice_() % 4 != 0;
      if (outcome_[reference]) {
        received += amount;
        ++transfers;
      }
    }
  }

  /// Mostly nothing, sometimes the truth; `truly`: the truth.
  BankWord Ask(const std::string& reference, bool truly) {
    const auto at = outcome_.find(reference);
    if (at == outcome_.end() || (!truly && dice_() % 2 == 0)) {
      return BankWord::kUnknown;
    }
    return at->second ? BankWord::kPaid : BankWord::kFailed;
  }

  bool Chance(unsigned one_in) { return dice_() % one_in == 0; }

  Money received;
  int transfers = 0;

 private:
  std::mt19937 dice_;
  std::map<std::string, bool> outcome_;
};

TEST_P(PayoutTest, NobodyIsPaidTwiceAndNobodyIsForgotten) {
  LyingBank bank(7);
  std::vector<ClaimNumber> claims;
  for (int n = 1; n <= 20; ++n) {
    claims.push_back(Death(n, D(20260406), {Spouse("1000" + std::to_string(n))}));
  }
  Date day = D(20260407);
  for (int round = 0; round < 200 && bank.transfers < 20; ++round) {
    for (const ClaimNumber& claim : claims) {
      (void)Again(claim, day);
    }
    const std::string made = Do([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const PayoutRun run, MakePayoutRun(tx, agency_, day, 10, Act(day)));
      JARING_RETURN_IF_ERROR(ReleasePayoutRun(tx, run.run_id, Act(day, kSecondOfficer)));
      return Done{};
    });
    EXPECT_TRUE(made.empty() || made == "payout.nothing_waits") << made;
    for (const ClaimNumber& claim : claims) {
      for (const Payout& payout : PayoutsOf(claim)) {
        if (payout.state == PayoutState::kInRun) {
          Send(claim, payout.payout_no, day);
        }
        if (payout.state == PayoutState::kInRun || payout.state == PayoutState::kSent) {
          bank.Send(payout.reference(), payout.sum());  // Again, until it says what became of it.
          Hear(claim, payout.payout_no, bank.Ask(payout.reference(), false), day);
        }
        if (bank.Chance(3)) {  // An old word once more.
          Hear(claim, payout.payout_no, bank.Ask(payout.reference(), true), day);
        }
      }
    }
  }
  for (int settled = 0; settled < 3; ++settled) {
    for (const ClaimNumber& claim : claims) {
      for (const Payout& payout : PayoutsOf(claim)) {
        Hear(claim, payout.payout_no, bank.Ask(payout.reference(), true), day);
      }
    }
  }
  EXPECT_EQ(bank.transfers, 20);
  for (const ClaimNumber& claim : claims) {
    EXPECT_EQ(StateOf(claim), ClaimState::kPaid) << claim.ToString();
    EXPECT_EQ(OneOfEach(PayoutsOf(claim)).size(), 1U);
  }
  EXPECT_EQ(Balance(Account::kBank), -bank.received.rupiah());
  EXPECT_EQ(bank.received, Rp(840));
  EXPECT_EQ(Balance(Account::kPaidTwice), 0);
  EXPECT_EQ(Balance(Account::kClaimsPayable), 0);
}

}  // namespace
}  // namespace jaring
