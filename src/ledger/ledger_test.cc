#include "base/source_dir.h"
#include "db/database_fixture.h"
#include "db/migrate.h"
#include "ledger/coverage_tally.h"
#include "ledger/journal.h"
#include "ledger/month_close.h"
#include "ledger/sequence.h"

namespace jaring {
namespace {

class LedgerTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (!IsSkipped()) {
      Write([](Tx& tx) { return Migrate(tx, SourceDir() + "/migrations"); });
    }
  }

  /// Every journal line: "20260105 1 1100 500; …".
  std::string Lines() {
    std::string text;
    EXPECT_TRUE(db().Read([&](Tx& tx) {
      return tx.Query(
          "SELECT business_day, partner_id, account, amount_rupiah FROM journal_line"
          " ORDER BY business_day, partner_id, account",
          {}, [&](const Row& row) {
            for (int i = 0; i < 4; ++i) {
              text += std::to_string(row.Int(i)) + (i < 3 ? " " : "; ");
            }
          });
    }));
    return text;
  }

  static Date Day(int day) { return Date::FromYearMonthDay(2026, 1, day); }
  static Money Rupiah(std::int64_t rupiah) { return Money::FromRupiah(rupiah); }
};

JARING_ON_EACH_ENGINE(LedgerTest);

TEST_P(LedgerTest, AddsToTheJournalOfItsDayAndPartner) {
  for (int times = 0; times < 2; ++times) {
    Write([](Tx& tx) {
      JournalBook book;
      book.Add(Day(5), 1, Account::kPartnerClearing, Rupiah(300));
      book.Add(Day(5), 1, Account::kMemberCredit, Rupiah(-200));
      book.Add(Day(5), 1, Account::kMemberCredit, Rupiah(-100));
      book.Add(Day(5), 2, Account::kPartnerClearing, Rupiah(0));
      book.Add(Day(6), 1, Account::kPartnerClearing, Rupiah(7));
      book.Add(Day(6), 1, Account::kSuspense, Rupiah(-7));
      return book.Post(tx, {});
    });
  }
  EXPECT_EQ(Lines(),
            "20260105 1 1100 600; 20260105 1 2400 -600; 20260106 1 1100 14; 20260106 1 2500 -14; ");
}

TEST_P(LedgerTest, IsEmptyAfterPosting) {
  Write([](Tx& tx) -> Result<Done> {
    JournalBook book;
    book.Add(Day(5), 1, Account::kPartnerClearing, Rupiah(300));
    book.Add(Day(5), 1, Account::kSuspense, Rupiah(-300));
    JARING_RETURN_IF_ERROR(book.Post(tx, {}));
    return book.Post(tx, {});
  });
  EXPECT_EQ(Lines(), "20260105 1 1100 300; 20260105 1 2500 -300; ");
}

TEST_P(LedgerTest, ClosesMonthsInOrderAndKeepsTheirBalances) {
  const auto close = [this](int year, int month, Date on) {
    std::string rule;
    const auto done = db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          CloseMonth(tx, Month::FromYearMonth(year, month), Instant::StartOfDay(on)));
      return Done{};
    });
    return done ? "closed" : done.error().rule;
  };
  const auto post = [this](Date day, std::int64_t rupiah) {
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto open_from, BooksOpenFrom(tx));
      JournalBook book;
      book.Add(day, 1, Account::kPartnerClearing, Rupiah(rupiah));
      book.Add(day, 1, Account::kSuspense, Rupiah(-rupiah));
      book.Add(day.AddDays(1), 1, Account::kPartnerClearing, Rupiah(1));
      book.Add(day.AddDays(1), 1, Account::kSuspense, Rupiah(-1));
      return book.Post(tx, open_from);
    });
  };
  post(Day(5), 300);
  EXPECT_EQ(close(2026, 1, Day(31)), "month.not_over");
  EXPECT_EQ(close(2026, 1, Date::FromYearMonthDay(2026, 2, 1)), "closed");
  EXPECT_EQ(close(2026, 1, Date::FromYearMonthDay(2026, 2, 1)), "month.closed");
  EXPECT_EQ(close(2025, 12, Date::FromYearMonthDay(2026, 2, 1)), "month.closed");
  // Both days of the closed month, and the last one with the first open one, become one.
  post(Day(6), 40);
  post(Day(31), 7);
  EXPECT_EQ(Lines(),
            "20260105 1 1100 300; 20260105 1 2500 -300; 20260106 1 1100 1; 20260106 1 2500 -1; "
            "20260201 1 1100 49; 20260201 1 2500 -49; ");
  // The months between are closed with it.
  EXPECT_EQ(close(2026, 4, Date::FromYearMonthDay(2026, 5, 1)), "closed");
  EXPECT_EQ(close(2026, 3, Date::FromYearMonthDay(2026, 5, 1)), "month.closed");
  std::vector<ClosedMonth> closed;
  ASSERT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(closed, ListClosedMonths(tx));
    return Done{};
  }));
  ASSERT_EQ(closed.size(), 2U);
  EXPECT_EQ(closed[0].month, Month::FromYearMonth(2026, 4));
  EXPECT_EQ(closed[0].debit, Rupiah(350));
  EXPECT_EQ(closed[1].debit, Rupiah(301));
}

TEST_P(LedgerTest, UnbalancedJournalStopsTheProgram) {
  const auto post = [this](Date day, std::int64_t partner) {
    (void)db().Write([&](Tx& tx) {
      JournalBook book;
      book.Add(Day(5), 1, Account::kPartnerClearing, Rupiah(300));
      book.Add(day, partner, Account::kSuspense, Rupiah(-300));
      return book.Post(tx, {});
    });
  };
  // Sums over days or partners are not enough: each journal has to balance.
  EXPECT_DEATH(post(Day(6), 1), "check failed");
  EXPECT_DEATH(post(Day(5), 2), "check failed");
}

TEST_P(LedgerTest, SequencesGiveEachNumberOnce) {
  const auto take = [this](std::string_view name, std::int64_t count) {
    std::int64_t first = -1;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(first, TakeNumbers(tx, name, count));
      return Done{};
    });
    return first;
  };
  EXPECT_EQ(take("payment", 3), 1);
  EXPECT_EQ(take("payment", 1), 4);
  EXPECT_EQ(take("person", 2), 100'000'000);
  EXPECT_EQ(take("payment", 0), 5);
  EXPECT_FALSE(db().Write([](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(TakeNumbers(tx, "payment", 10));
    return Invalid("test.changed_its_mind");
  }));
  EXPECT_EQ(take("payment", 1), 5);  // Given out again.
}

TEST_P(LedgerTest, CountersAddUpAndSkipNothings) {
  const Month month = Month::FromYearMonth(2026, 1);
  Write([](Tx& tx) {
    return tx.RunScript(
        "INSERT INTO cohort (cohort_id, branch_id, regency_code, sector, group_id, door) VALUES"
        " (1, 7, 3372, 4, 0, 2), (2, 7, 3372, 5, 9, 2)");
  });
  for (int times = 0; times < 2; ++times) {
    Write([&](Tx& tx) {
      CoverageTally tally;
      CoverageCount begun;
      begun.begun = 1;
      tally.Add({1, 3'372'011'001}, month, {1, 2, 3, 4, 5, 6});
      tally.Add({2, 3'372'011'001}, month, begun);
      begun.begun = -1;
      tally.Add({2, 3'372'011'001}, month, begun);
      begun = {};
      begun.paid_through = -1;
      tally.Add({1, 3'372'011'002}, month + 1, begun);
      return tally.Post(tx);
    });
  }
  std::string text;
  ASSERT_TRUE(db().Read([&](Tx& tx) {
    return tx.Query(
        "SELECT cohort_id, month, registered, begun, paid_through, restarted,"
        " months_bought, received_rupiah FROM coverage_counter ORDER BY cohort_id, month",
        {}, [&](const Row& row) {
          for (int i = 0; i < 8; ++i) {
            text += std::to_string(row.Int(i)) + (i < 7 ? " " : "; ");
          }
        });
  }));
  EXPECT_EQ(text, "1 0 2 4 4 8 0 0; 1 202601 2 4 6 8 10 12; 1 202602 0 0 -2 0 0 0; ");
}

}  // namespace
}  // namespace jaring
