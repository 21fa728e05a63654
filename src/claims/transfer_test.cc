// Payouts handed to a bank that is silent, late, doubled and lies: nobody is paid twice, nobody is
// forgotten.

#include "claims/transfer.h"

#include <mutex>
#include <random>
#include <set>

#include "claims/claims_fixture.h"

namespace jaring {
namespace {

using How = HandedOver::How;
using Kind = TransferState::Kind;

/// What a bank does with the orders of one account, in turn; the last stays.
struct BankManner {
  std::vector<How> takes = {How::kTaken};
  bool has_it = true;  // Whether an order it does not refuse reaches its books.
  std::vector<Kind> says = {Kind::kPaid};
  std::optional<Money> amount = {};
};

/// A bank by the account of the payee. It pays an order once, by its reference.
class FakeBank final : public TransferPartner {
 public:
  std::map<std::string, BankManner> manners;
  std::map<std::string, int> orders;  // By reference: how often handed over.
  std::set<std::string> bodies;       // Reference, account and sum of each.

  bool Reaches(const ClaimPayee& payee) const override { return payee.institution == "BRI"; }

  HandedOver HandOver(const TransferOrder& order, Instant /*now*/) override {
    const std::lock_guard lock(mutex_);
    BankManner& manner = manners[order.payee.account];
    const std::string reference = order.payout.reference();
    ++orders[reference];
    bodies.insert(reference + " " + order.payee.account + " " + FormatRupiah(order.payout.sum()) +
                  " " + order.payout.sent_at->ToString());
    const How how = Next(manner.takes);
    if (how != How::kRefused && manner.has_it) {
      known_.insert(reference);
    }
    return {how, "4031814"};
  }

  TransferState Ask(const TransferOrder& order, Instant /*now*/) override {
    const std::lock_guard lock(mutex_);
    BankManner& manner = manners[order.payee.account];
    if (!known_.contains(order.payout.reference())) {
      return {.kind = Kind::kUnknownThere};
    }
    return {.kind = Next(manner.says), .amount = manner.amount, .code = "06"};
  }

 private:
  template <typename Word>
  static Word Next(std::vector<Word>& words) {
    const Word word = words.front();
    if (words.size() > 1) {
      words.erase(words.begin());
    }
    return word;
  }

  std::mutex mutex_;
  std::set<std::string> known_;
};

class TransferTest : public ClaimsTest {
 protected:
  /// A claim whose money goes to one account, in a run that is released for `pay_on`.
  ClaimNumber Released(int n, const std::string& account, const std::string& institution = "BRI",
                       Date pay_on = D(20260407)) {
    ClaimPayee payee = Spouse(account);
    payee.institution = institution;
    const ClaimNumber claim =
        ApprovedDeath(Member(n, D(20260110), 600), D(20260401), D(20260406), {payee});
    EXPECT_EQ(
        Do([&](Tx& tx) -> Result<Done> {
          JARING_ASSIGN_OR_RETURN(const PayoutRun run,
                                  MakePayoutRun(tx, agency_, pay_on, 1'000, Act(pay_on)));
          JARING_RETURN_IF_ERROR(ReleasePayoutRun(tx, run.run_id, Act(pay_on, kSecondOfficer)));
          return Done{};
        }),
        "");
    return claim;
  }

  /// A round so many minutes after noon of 7 April.
  TransferSummary Round(int minutes, int at_once = 3) {
    const Instant now =
        Instant::FromMicros(Noon(D(20260407)).micros() + std::int64_t{60'000'000} * minutes);
    const auto made =
        MakeTransfers(db(), agency_, bank_, {.at_once = at_once, .now = [now] { return now; }});
    EXPECT_TRUE(made) << made.error().rule;
    return made ? *made : TransferSummary{};
  }

  PayoutState PayoutOf(const ClaimNumber& claim) {
    std::vector<Payout> payouts;
    EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                JARING_ASSIGN_OR_RETURN(payouts, ListPayoutsOfClaim(tx, claim));
                return Done{};
              }),
              "");
    return payouts.at(0).state;
  }

  FakeBank bank_;
};

JARING_ON_EACH_ENGINE(TransferTest);

TEST_P(TransferTest, LeavesOnceAndIsPaidByTheWordOfTheBank) {
  const ClaimNumber claim = Released(1, "11111");
  TransferSummary summary = Round(0);
  EXPECT_EQ(summary.sent, 1);
  EXPECT_EQ(summary.paid, 0);  // That it was taken is no word.
  EXPECT_EQ(summary.open, 1);
  EXPECT_EQ(StateOf(claim), ClaimState::kPaying);
  summary = Round(1);
  EXPECT_EQ(summary.sent, 0);
  EXPECT_EQ(summary.paid, 1);
  EXPECT_EQ(StateOf(claim), ClaimState::kPaid);
  EXPECT_EQ(Balance(Account::kBank), -42);
  EXPECT_EQ(Round(2).paid, 0);
  EXPECT_EQ(bank_.orders.size(), 1U);
}

TEST_P(TransferTest, NothingLeavesThatIsNotReleasedDueAndReached) {
  const ClaimNumber wallet = Released(1, "081200001", "DANA");
  const ClaimNumber later = Released(2, "22222", "BRI", D(20260408));
  EXPECT_EQ(
      Do([&](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(NotePayoutSent(tx, wallet, 1, SentBy::kFile, Noon(D(20260407))));
        return Done{};
      }),
      "");
  TransferSummary summary = Round(0);
  EXPECT_EQ(summary.sent + summary.open + summary.unreachable, 0);  // Of a file nobody is asked.
  EXPECT_EQ(PayoutOf(later), PayoutState::kInRun);
  Released(3, "081200002", "DANA");
  EXPECT_EQ(Round(1).unreachable, 1);
  EXPECT_EQ(Round(24 * 60).sent, 1);
  EXPECT_TRUE(bank_.orders.contains(later.ToString() + "P01"));
}

TEST_P(TransferTest, IsHandedOverAgainUnderItsReferenceWhenTheBankNeverGotIt) {
  const ClaimNumber claim = Released(1, "11111");
  bank_.manners["11111"] = {.takes = {How::kUnsure}, .has_it = false};
  EXPECT_EQ(Round(0).open, 1);
  EXPECT_EQ(Round(9).sent_again, 0);  // It may be on its way.
  bank_.manners["11111"].has_it = true;
  EXPECT_EQ(Round(10).sent_again, 1);
  EXPECT_EQ(Round(11).paid, 1);
  EXPECT_EQ(bank_.orders, (std::map<std::string, int>{{claim.ToString() + "P01", 2}}));
  EXPECT_EQ(bank_.bodies.size(), 1U);  // The same in every part.
}

TEST_P(TransferTest, WhatIsRefusedAndUnknownThereHasFailed) {
  const ClaimNumber refused = Released(1, "11111");
  const ClaimNumber lied = Released(2, "22222");
  bank_.manners["11111"] = {.takes = {How::kRefused}};
  EXPECT_EQ(Round(0).failed, 1);
  EXPECT_EQ(StateOf(refused), ClaimState::kReturned);
  // It says that it refuses one that it has, and pays it.
  bank_.manners["22222"] = {.takes = {How::kUnsure, How::kRefused}, .says = {Kind::kPaid}};
  EXPECT_EQ(Round(1).paid, 1);
  EXPECT_EQ(StateOf(lied), ClaimState::kPaid);
}

TEST_P(TransferTest, ABadWordIsBelievedWhenItIsNoLongerEarly) {
  const ClaimNumber claim = Released(1, "11111");
  bank_.manners["11111"] = {.says = {Kind::kFailed}};
  EXPECT_EQ(Round(0).open, 1);
  EXPECT_EQ(Round(5).open, 1);
  EXPECT_EQ(StateOf(claim), ClaimState::kPaying);
  EXPECT_EQ(Round(10).failed, 1);
  EXPECT_EQ(StateOf(claim), ClaimState::kReturned);
}

TEST_P(TransferTest, AnotherSumThanOursIsNoWord) {
  const ClaimNumber claim = Released(1, "11111");
  bank_.manners["11111"].amount = Rp(41);
  EXPECT_EQ(Round(0).open, 1);
  const TransferSummary summary = Round(1);
  ASSERT_EQ(summary.problems.size(), 1U);
  EXPECT_EQ(summary.problems[0].first, claim.ToString() + "P01");
  EXPECT_EQ(summary.problems[0].second, "payout.amount_differs");
  EXPECT_EQ(PayoutOf(claim), PayoutState::kSent);
}

/// A bank of any manner but one that pays another order twice: whatever it says and when, each
/// payout is paid at most once, and none stays open once it answers.
TEST_P(TransferTest, NobodyIsPaidTwiceAndNobodyForgotten) {
  std::mt19937 random(36);
  const auto pick = [&](auto... words) {
    const std::array all{words...};
    return all.at(random() % all.size());
  };
  std::vector<ClaimNumber> claims;
  for (int n = 1; n <= 20; ++n) {
    const std::string account = std::to_string(10'000 + n);
    claims.push_back(Released(n, account));
    BankManner& manner = bank_.manners[account];
    manner.has_it = pick(true, true, false);
    manner.takes.clear();
    manner.says.clear();
    for (int i = 0; i < 4; ++i) {
      manner.takes.push_back(pick(How::kTaken, How::kUnsure, How::kUnsure, How::kRefused));
      manner.says.push_back(pick(Kind::kUnsure, Kind::kOnItsWay, Kind::kUnknownThere));
    }
    manner.says.push_back(pick(Kind::kPaid, Kind::kPaid, Kind::kFailed));
  }
  for (int round = 0; round < 12; ++round) {
    Round(round * 7, pick(1, 4, 64));
    if (round == 4) {
      for (auto& [account, manner] : bank_.manners) {
        manner.has_it = true;
        manner.takes = {How::kTaken};
      }
    }
  }
  std::int64_t paid = 0;
  for (const ClaimNumber& claim : claims) {
    const PayoutState state = PayoutOf(claim);
    EXPECT_TRUE(state == PayoutState::kPaid || state == PayoutState::kFailed)
        << claim.ToString() << PayoutStateCode(state);
    paid += state == PayoutState::kPaid ? 42 : 0;
  }
  EXPECT_GT(paid, 0);
  EXPECT_EQ(Balance(Account::kBank), -paid);
  EXPECT_EQ(bank_.bodies.size(), bank_.orders.size());  // No reference with two meanings.
  EXPECT_EQ(Round(1'000).open, 0);
}

}  // namespace
}  // namespace jaring
