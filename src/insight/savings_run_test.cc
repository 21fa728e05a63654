#include "collection/savings_run.h"

#include <set>
#include <string>

#include "collection/collection_fixture.h"
#include "collection/person_merge.h"
#include "insight/verify.h"
#include "ledger/month_close.h"

namespace jaring {
namespace {

/// A month of savings is Rp 200; in 2026 they earn 60 %, so Rp 10 a month, in 2027 30 %.
class SavingsRunTest : public CollectionTest {
 protected:
  static constexpr std::int64_t kMonth = 350;  // All three programmes.

  void SetUp() override {
    CollectionTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    for (const auto& [year, ppm] : {std::pair(2026, 600'000), std::pair(2027, 300'000)}) {
      DeclaredReturn declared;
      declared.year = year;
      declared.rate = Rate::FromPpm(ppm);
      scheme_.declared_returns.push_back(declared);
    }
    std::vector<Enrolment> rows;
    for (int n = 0; n < 8; ++n) {
      rows.push_back(PersonNumber(n));
      rows.back().programmes = n == 5 ? kBasic : kWithSavings;
    }
    for (const EnrolmentOutcome& outcome : EnrolAll(rows, D(20260105))) {
      members_.push_back(outcome.member);
    }
    Pay({.reference = "a", .member = members_[0], .rupiah = kMonth, .on = D(20260110)});
    Pay({.reference = "a2", .member = members_[0], .rupiah = kMonth, .on = D(20261205)});
    Pay({.reference = "b", .member = members_[1], .rupiah = kMonth, .on = D(20260210)});
    Pay({.reference = "b", .member = members_[1], .rupiah = -kMonth, .on = D(20260820)});
    Pay({.reference = "e", .member = members_[3], .rupiah = kMonth, .on = D(20260305)},
        D(20260501));
    Pay({.reference = "f", .member = members_[4], .rupiah = 3 * kMonth, .on = D(20260630)});
    Pay({.reference = "g", .member = members_[5], .rupiah = 150, .on = D(20260110)});
    Pay({.reference = "h", .member = members_[6], .rupiah = 3 * kMonth, .on = D(20260110)});
    Write([&](Tx& tx) -> Result<Done> {  // The seventh and the eighth are one.
      JARING_ASSIGN_OR_RETURN(merge_id_, MergePersons(tx, agency_,
                                                      {.kept_person_id = members_[6].person_id,
                                                       .merged_person_id = members_[7].person_id},
                                                      Noon(D(20260301))));
      return Done{};
    });
    Pay({.reference = "i", .member = members_[7], .rupiah = kMonth, .on = D(20260510)});
    Close(M(202612), D(20270110));
    Pay({.reference = "d", .member = members_[2], .rupiah = kMonth, .on = D(20261220)},
        D(20270120));  // After December was closed: booked on the first of January.
  }

  void Close(Month month, Date on) {
    Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CloseMonth(tx, month, Noon(on)));
      return Done{};
    });
  }

  static ReturnOptions Options(int year, std::int64_t people_per_step = 2) {
    return {.year = year,
            .now = Noon(Date::FromYearMonthDay(year + 1, 1, 25)),
            .people_per_step = people_per_step};
  }

  Result<ReturnRun> Run(Database& database, const ReturnOptions& options) {
    return CreditReturns(database, agency_, options);
  }

  std::string RuleOf(const ReturnOptions& options) {
    const auto run = Run(db(), options);
    return run ? "done" : run.error().rule;
  }

  /// "0:110 1:60": what the people earned in a year.
  std::string Returns(int year) {
    std::string text;
    const auto done = db().Read([&](Tx& tx) {
      return tx.Query(
          "SELECT person_id, amount_rupiah FROM savings_return WHERE year = $1 ORDER BY 1", {year},
          [&](const Row& row) {
            text += (text.empty() ? "" : " ") + std::to_string(row.Int(0) - members_[0].person_id) +
                    ":" + std::to_string(row.Int(1));
          });
    });
    EXPECT_TRUE(done);
    return text;
  }

  std::set<std::string> Broken() {
    std::set<std::string> broken;
    const auto done = db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      for (const Violation& v : report.violations) {
        broken.insert(v.invariant + " " + v.subject);
      }
      return Done{};
    });
    EXPECT_TRUE(done);
    return broken;
  }

  std::vector<MemberNumber> members_;
  std::int64_t merge_id_ = 0;
};

JARING_ON_EACH_ENGINE(SavingsRunTest);

constexpr const char* kOf2026 = "0:110 1:60 3:90 4:180 6:400";
constexpr const char* kOf2027 = "0:153 1:18 2:55 3:87 4:234 6:360";

TEST_P(SavingsRunTest, CreditsWhatTheBooksHeld) {
  const auto run = Run(db(), Options(2026));
  ASSERT_TRUE(run) << run.error().rule << run.error().detail;
  EXPECT_EQ(Returns(2026), kOf2026);
  EXPECT_EQ(run->person_count, 5);
  EXPECT_EQ(run->amount, Rp(840));
  EXPECT_EQ(run->finished_at, Noon(D(20270125)));
  EXPECT_EQ(Number("SELECT amount_rupiah FROM journal_line WHERE account = 5100"
                   " AND partner_id = 0 AND business_day = 20270125"),
            840);
  EXPECT_EQ(Number("SELECT amount_rupiah FROM journal_line WHERE account = 2300"
                   " AND partner_id = 0 AND business_day = 20270125"),
            -840);
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, ReturnsEarnInTheNextYear) {
  EXPECT_EQ(RuleOf(Options(2026)), "done");
  Close(M(202712), D(20280105));
  EXPECT_EQ(RuleOf(Options(2027)), "done");
  EXPECT_EQ(Returns(2027), kOf2027);
  EXPECT_EQ(Returns(2026), kOf2026);
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, SaysWhyItDoesNotBegin) {
  EXPECT_EQ(RuleOf(Options(2025)), "interest.not_declared");
  EXPECT_EQ(RuleOf(Options(2027)), "interest.year_open");
  Close(M(202712), D(20280105));
  EXPECT_EQ(RuleOf(Options(2027)), "interest.year_before");
  {
    const auto held = db().TryLock("interest");
    ASSERT_TRUE(held && *held);
    EXPECT_EQ(RuleOf(Options(2026)), "interest.running");
  }
  EXPECT_EQ(Number("SELECT COUNT(*) FROM return_run"), 0);
  EXPECT_EQ(RuleOf(Options(2026)), "done");
  EXPECT_EQ(RuleOf(Options(2027)), "done");
}

TEST_P(SavingsRunTest, AYearIsCreditedOnce) {
  EXPECT_EQ(RuleOf(Options(2026)), "done");
  ReturnOptions again = Options(2026);
  again.now = Noon(D(20270301));
  scheme_.declared_returns[0].rate = Rate::FromPpm(900'000);
  const auto run = Run(db(), again);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->finished_at, Noon(D(20270125)));
  EXPECT_EQ(run->amount, Rp(840));
  EXPECT_EQ(Returns(2026), kOf2026);
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, BrokenOffAnywhereItEndsTheSame) {
  std::int64_t people_per_step = 1;
  int attempts = 0;
  while (true) {
    ASSERT_LT(++attempts, 12);
    DyingDatabase dying(db(), 2);  // The start, and one step.
    const auto run = Run(dying, Options(2026, people_per_step));
    if (run) {
      EXPECT_EQ(run->amount, Rp(840));
      EXPECT_EQ(run->person_count, 5);
      break;
    }
    EXPECT_EQ(Broken(), std::set<std::string>{"return.finished year 2026 is being credited"});
    scheme_.declared_returns[0].rate = Rate::FromPpm(100'000);  // It began with the other.
    people_per_step = 3 - people_per_step;
  }
  EXPECT_GT(attempts, 3);
  EXPECT_EQ(Returns(2026), kOf2026);
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, AMergeTakenApartLaterChangesNoCreditedYear) {
  EXPECT_EQ(RuleOf(Options(2026)), "done");
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(UndoMerge(tx, agency_, merge_id_, Noon(D(20270210))));
    return Done{};
  });
  EXPECT_EQ(Broken(), std::set<std::string>());
  Close(M(202712), D(20280105));
  EXPECT_EQ(RuleOf(Options(2027)), "done");
  // Rp 200 left the seventh for the eighth in February: ten months of Rp 5.
  EXPECT_EQ(Returns(2027), "0:153 1:18 2:55 3:87 4:234 6:310 7:50");
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, AnEarlierStartDoesNotWriteOn) {
  ReturnOptions options = Options(2026);
  options.on_step = [&](std::int64_t, std::int64_t) -> Result<Done> {
    return db().Write([](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(tx.Run("UPDATE return_run SET attempt = attempt + 1", {}));
      return Done{};
    });
  };
  EXPECT_EQ(RuleOf(options), "interest.taken_over");
  EXPECT_EQ(Returns(2026), "0:110 1:60");
  EXPECT_EQ(RuleOf(Options(2026)), "done");
  EXPECT_EQ(Returns(2026), kOf2026);
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, WhatIsCreditedAfterAMonthIsClosedIsBookedInTheOpenOne) {
  ReturnOptions options = Options(2026);
  int steps = 0;
  options.on_step = [&](std::int64_t, std::int64_t) -> Result<Done> {
    if (++steps == 1) {
      Close(M(202701), D(20270201));
    }
    return Done{};
  };
  EXPECT_EQ(RuleOf(options), "done");
  EXPECT_EQ(Number("SELECT amount_rupiah FROM journal_line WHERE account = 5100"
                   " AND business_day = 20270125"),
            170);
  EXPECT_EQ(Number("SELECT amount_rupiah FROM journal_line WHERE account = 5100"
                   " AND business_day = 20270201"),
            670);
  EXPECT_EQ(Broken(), std::set<std::string>());
}

TEST_P(SavingsRunTest, VerifyNamesAReturnThatIsNotWhatTheSavingsEarned) {
  EXPECT_EQ(RuleOf(Options(2026)), "done");
  Write([](Tx& tx) {
    return tx.RunScript(
        "UPDATE savings_return SET amount_rupiah = amount_rupiah + 1 WHERE amount_rupiah = 110;"
        "UPDATE return_run SET amount_rupiah = amount_rupiah + 1;"
        "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account = 5100;"
        "UPDATE journal_line SET amount_rupiah = amount_rupiah - 1 WHERE account = 2300"
        " AND partner_id = 0");
  });
  EXPECT_EQ(Broken(), std::set<std::string>{"return.reckoned person " +
                                            std::to_string(members_[0].person_id)});
}

}  // namespace
}  // namespace jaring
