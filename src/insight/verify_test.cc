// Canaries: for each invariant one damage is planted by hand, and Verify has to name it.

#include "insight/verify.h"

#include <algorithm>
#include <set>

#include "collection/collection_fixture.h"
#include "ledger/month_close.h"

namespace jaring {
namespace {

class VerifyTest : public CollectionTest {
 protected:
  /// Two people with months, a lapse and a restart, credit, a reversal; money in suspense that
  /// waits, that was placed and that was taken back.
  void SetUp() override {
    CollectionTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    first_ = Enrol(PersonNumber(1), D(20260105)).member;
    second_ = Enrol(PersonNumber(2), D(20260105)).member;
    Pay({.reference = "a", .member = first_, .rupiah = 310, .on = D(20260110)});
    Pay({.reference = "b", .member = first_, .rupiah = 170, .on = D(20260801)});
    Pay({.reference = "c", .member = second_, .rupiah = 150, .on = D(20260110)});
    Pay({.reference = "d", .member = second_, .rupiah = 150, .on = D(20260201)});
    Pay({.reference = "c", .member = second_, .rupiah = -150, .on = D(20260202)});
    const Nik nobody = PersonNumber(99).nik;
    for (const char* reference : {"waits", "placed", "back"}) {
      Pay({.reference = reference, .member = {}, .rupiah = 150, .on = D(20260301), .nik = nobody});
    }
    ASSERT_TRUE(Place("placed", second_, D(20260302)));
    Pay({.reference = "back", .member = {}, .rupiah = -150, .on = D(20260303), .nik = nobody});
    Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(CloseMonth(tx, M(202603), Noon(D(20260901))));
      return Done{};
    });
    // Of a closed month: hers, and money nobody owns.
    Pay({.reference = "late", .member = second_, .rupiah = 150, .on = D(20260210)}, D(20260902));
    Pay({.reference = "lost", .member = {}, .rupiah = 150, .on = D(20260211), .nik = nobody},
        D(20260902));
  }

  std::set<std::string> Broken() {
    std::set<std::string> broken;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(report_, Verify(tx, agency_));
      for (const Violation& v : report_.violations) {
        broken.insert(v.invariant);
        EXPECT_TRUE(std::count(report_.checked.begin(), report_.checked.end(), v.invariant))
            << v.invariant << " is not listed as checked";
      }
      return Done{};
    });
    return broken;
  }

  MemberNumber first_;
  MemberNumber second_;
  VerifyReport report_;
};

JARING_ON_EACH_ENGINE(VerifyTest);

TEST_P(VerifyTest, CountersAloneAreCountedAgain) {
  const auto broken = [this] {
    VerifyReport report;
    Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(report, Verify(tx, agency_, VerifyScope::kCounters));
      return Done{};
    });
    EXPECT_EQ(report.checked, (std::vector<std::string>{"counter.recount", "counter.sums"}));
    std::set<std::string> names;
    for (const Violation& v : report.violations) {
      names.insert(v.invariant);
    }
    return names;
  };
  EXPECT_EQ(broken(), std::set<std::string>());
  Write([](Tx& tx) {
    return tx.RunScript("UPDATE journal_line SET amount_rupiah = amount_rupiah + 1");
  });
  EXPECT_EQ(broken(), std::set<std::string>());
  Write([](Tx& tx) { return tx.RunScript("UPDATE coverage_counter SET begun = begun + 1"); });
  EXPECT_EQ(broken(), std::set<std::string>{"counter.recount"});
  Write([](Tx& tx) { return tx.RunScript("UPDATE coverage_sum SET begun = begun + 1"); });
  EXPECT_EQ(broken(), (std::set<std::string>{"counter.recount", "counter.sums"}));
}

TEST_P(VerifyTest, FindsSoundBooksSound) {
  EXPECT_EQ(Broken(), std::set<std::string>());
  EXPECT_EQ(report_.people, 2);
  EXPECT_EQ(report_.memberships, 3);
  EXPECT_EQ(report_.payments, 12);
  EXPECT_EQ(report_.violation_count, 0);
}

struct Damage {
  const char* invariant;
  const char* script;
};

/// Person 100000000: spell 1 January and February, spell 2 August, credit 30. Person 100000001:
/// payment c reversed; its spell begins in January with payment d's money... told in February.
constexpr Damage kDamages[] = {
    {"person.money_explained",
     "UPDATE contribution SET payment_id = 4711 WHERE contribution_id = 1"},
    {"person.money_explained",
     "UPDATE contribution SET membership_seq = 9 WHERE contribution_id = 1"},
    {"person.money_explained",
     "DELETE FROM contribution WHERE reverses_id = (SELECT MIN(contribution_id) FROM contribution"
     " WHERE person_id = 100000001)"},
    {"person.credit_kept",
     "UPDATE membership SET credit_rupiah = credit_rupiah + 1 WHERE person_id = 100000000"
     " AND membership_seq = 2"},
    {"person.credit_kept",
     "UPDATE membership SET credit_rupiah = 30 - credit_rupiah WHERE person_id = 100000000"},
    {"person.credit_kept", "UPDATE payment SET amount_rupiah = 311 WHERE reference = 'a'"},
    {"person.spells_kept",
     "UPDATE membership SET paid_through = 202603 WHERE person_id = 100000000"
     " AND membership_seq = 1"},
    {"person.spells_kept",
     "UPDATE membership SET first_month = 202607 WHERE person_id = 100000000"
     " AND membership_seq = 2"},
    {"person.cover_from_kept",
     "UPDATE membership SET cover_from = 20260101 WHERE person_id = 100000000"
     " AND membership_seq = 1"},
    {"person.spells_in_order",
     "UPDATE membership SET membership_seq = 3 WHERE person_id = 100000000 AND membership_seq = 2"},
    {"person.spells_in_order",
     "UPDATE contribution SET first_month = 202602 WHERE person_id = 100000000 AND"
     " membership_seq = 2; UPDATE membership SET first_month = 202602, paid_through = 202602"
     " WHERE person_id = 100000000 AND membership_seq = 2"},
    {"person.months_without_hole", "UPDATE contribution SET months = 0 WHERE contribution_id = 1"},
    {"contribution.tariff",
     "UPDATE contribution SET jkk_rupiah = jkk_rupiah + 1, jkm_rupiah = jkm_rupiah - 1"
     " WHERE contribution_id = 1"},
    {"contribution.tariff",
     "UPDATE membership SET income_rupiah = 2000 WHERE person_id = 100000000"},
    {"contribution.reversal",
     "UPDATE contribution SET months = months - 1 WHERE reverses_id IS NOT NULL"},
    {"contribution.reversal",
     "UPDATE contribution SET reverses_id = 4711 WHERE reverses_id IS NOT NULL"},
    {"payment.reversal",
     "UPDATE payment SET of_payment_id = 4711 WHERE reference = 'c' AND kind = 2"},
    {"payment.reversal",
     "UPDATE payment SET amount_rupiah = -149 WHERE reference = 'c' AND kind = 2"},
    {"suspense.explained", "DELETE FROM suspense WHERE placed_payment_id IS NULL"},
    {"suspense.explained", "UPDATE suspense SET placed_payment_id = NULL"},
    {"suspense.explained", "UPDATE suspense SET placed_payment_id = 4711"},
    {"suspense.explained", "UPDATE suspense SET amount_rupiah = 151"},
    {"suspense.explained",
     "INSERT INTO suspense (payment_id, reason, bill_code, amount_rupiah) VALUES (4711, 'x', '', "
     "1)"},
    {"suspense.explained", "UPDATE payment SET of_payment_id = 4711 WHERE kind = 3"},
    {"journal.balanced",
     "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account = 2400 AND"
     " business_day = 20260110"},
    {"journal.equals_payments",
     "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account = 1100 AND"
     " business_day = 20260110"},
    {"journal.equals_contributions",
     "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account = 4100 AND"
     " business_day = 20260110"},
    {"journal.equals_contributions", "UPDATE journal_line SET account = 2300 WHERE account = 4200"},
    {"journal.equals_credit",
     "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account = 2400 AND"
     " business_day = 20260110"},
    {"journal.equals_suspense",
     "UPDATE journal_line SET amount_rupiah = amount_rupiah + 1 WHERE account = 2500 AND"
     " business_day = 20260301"},
    {"journal.equals_payments",  // The sums are right, the days are not.
     "UPDATE journal_line SET business_day = 20260403 WHERE business_day = 20260401"},
    {"journal.equals_suspense",
     "UPDATE journal_line SET business_day = 20260403 WHERE business_day = 20260401"},
    {"late.explained", "UPDATE late_posting SET booked_on = 20260101"},
    {"late.explained", "UPDATE late_posting SET payment_id = 4711 WHERE person_id = 0"},
    {"late.explained", "UPDATE late_posting SET payment_id = 4711 WHERE person_id <> 0"},
    {"close.balances_kept",
     "UPDATE journal_line SET business_day = 20260331 WHERE business_day = 20260401"},
    {"close.balances_kept", "DELETE FROM closed_balance WHERE account = 1100"},
    {"close.balances_kept", "UPDATE closed_balance SET amount_rupiah = 1 WHERE account = 2500"},
    {"close.balances_kept", "INSERT INTO closed_balance VALUES (202603, 9, 1100, 5)"},
    {"month.finished",
     "INSERT INTO month_run (month, fingerprint, started_at, attempt, first_payment_id,"
     " payment_count, posted_payment_id) VALUES (202604, '', 0, 1, 1, 1, 0)"},
    {"return.reckoned", "INSERT INTO savings_return VALUES (100000000, 2025, 1)"},
    {"return.run_kept", "INSERT INTO return_run VALUES (2025, 60000, 0, 0, 1, 100000000, 1, 0, 0)"},
    {"return.run_kept", "INSERT INTO return_run VALUES (2025, 60000, 0, 0, 1, 100000000, 0, 5, 0)"},
    {"return.finished",
     "INSERT INTO return_run VALUES (2025, 60000, 0, 0, 1, 100000000, 0, 0, NULL)"},
    {"membership.has_person", "INSERT INTO savings_return VALUES (4711, 2025, 1)"},
    {"journal.equals_contributions", "INSERT INTO journal_line VALUES (20260405, 0, 5100, 5)"},
    {"journal.equals_claims", "INSERT INTO journal_line VALUES (20260405, 0, 5200, 5)"},
    {"claim.newest_step", "INSERT INTO claim_step VALUES (100000000, 1, 1, 2, 0, 0, 0, '', NULL)"},
    {"claim.newest_step",
     "INSERT INTO claim VALUES (100000000, 1, 2, 20260101, 1, 0, 2, 1, NULL, NULL, 0, 0)"},
    {"claim.amounts",
     "INSERT INTO claim VALUES (100000000, 1, 2, 20260101, 1, 0, 2, 0, NULL, NULL, 5, 0)"},
    {"claim.withdrawn",
     "INSERT INTO claim VALUES (100000000, 1, 3, 20260101, 1, 0, 2, 0, NULL, NULL, 0, 0);"
     "INSERT INTO savings_withdrawal VALUES (100000000, 100000000, 1, 20260101, 5)"},
    {"claim.refunded",
     "INSERT INTO claim VALUES (100000000, 1, 2, 20260101, 1, 0, 2, 0, NULL, NULL, 0, 0);"
     "INSERT INTO refund VALUES (100000000, 999999, 100000000, 1, 5, 0)"},
    {"claim.payouts",
     "INSERT INTO claim VALUES (100000000, 1, 3, 20260101, 1, 0, 2, 0, NULL, NULL, 0, 0);"
     "INSERT INTO payout VALUES (100000000, 1, 1, 1, 0, 1, 5, 0, 0, NULL, NULL, NULL)"},
    {"schedule.next_day",  // The claim that gave the right is not approved.
     "INSERT INTO claim VALUES (100000000, 1, 2, 20260101, 1, 0, 2, 0, NULL, NULL, 0, 0);"
     "INSERT INTO claim_schedule VALUES (100000000, 1, 4, 1, 1, 20260701, 20400701, 19, 20260701, "
     "1)"},
    {"schedule.instalments", "INSERT INTO claim_instalment VALUES (100000000, 1, 1, 9)"},
    {"schedule.instalments",
     "INSERT INTO claim VALUES (100000000, 1, 4, 20260101, 1, 0, 2, 0, NULL, NULL, 0, 0)"},
    {"schedule.sums",  // No table holds on that day.
     "INSERT INTO claim VALUES (100000000, 1, 2, 20260101, 1, 0, 5, 0, NULL, NULL, 0, 0);"
     "INSERT INTO claim_schedule VALUES (100000000, 1, 4, 1, 1, 20260701, 20400701, 19, 20260701, "
     "1)"},
    {"counter.recount", "UPDATE coverage_counter SET registered = registered + 1"},
    {"counter.recount", "UPDATE coverage_counter SET restarted = restarted + 1"},
    {"counter.recount", "UPDATE coverage_counter SET received_rupiah = received_rupiah + 1"},
    {"counter.recount", "UPDATE coverage_counter SET begun = begun + 1 WHERE month = 0"},
    {"counter.recount", "INSERT INTO closing_counter VALUES (1, 202603, 0, 1)"},
    {"counter.recount", "UPDATE village_counter SET begun = begun + 1 WHERE month = 0"},
    {"counter.recount", "UPDATE village_counter SET received_rupiah = received_rupiah + 1"},
    {"counter.recount", "UPDATE membership SET village_code = 3372011002"},
    {"counter.recount", "INSERT INTO village_closing VALUES (3372011001, 202603, 202604, 1)"},
    {"counter.recount", "UPDATE village_counter SET ended = ended + 1 WHERE month = 0"},
    {"membership.in_its_cohort", "UPDATE membership SET village_code = 1101010001"},
    {"membership.in_its_cohort", "UPDATE membership SET cohort_id = 4711"},
    {"counter.sums", "DELETE FROM coverage_sum WHERE dimension = 4"},
    {"counter.sums", "INSERT INTO closing_sum VALUES (4, 202603, 3372, 101, 202604, 1)"},
    {"counter.sums", "INSERT INTO membership_end VALUES (100000000, 2, 20260801, 1, 0)"},
    {"person.end_explained", "INSERT INTO membership_end VALUES (100000000, 2, 20260801, 1, 0)"},
    {"person.end_explained", "INSERT INTO membership_end VALUES (100000000, 7, 20260801, 1, 0)"},
    {"counter.sums", "UPDATE coverage_sum SET registered = registered + 1 WHERE month = 0"},
    {"counter.sums", "UPDATE coverage_sum SET received_rupiah = received_rupiah + 1"},
    {"counter.sums", "DELETE FROM coverage_sum WHERE dimension = 2"},
    {"counter.sums", "INSERT INTO closing_sum VALUES (2, 202603, 1, 1, 202604, 1)"},
    {"counter.recount", "DELETE FROM coverage_counter WHERE month = 202608"},
    {"reference.one_payment", "DELETE FROM payment_reference WHERE reference = 'a'"},
    {"reference.one_payment",
     "UPDATE payment_reference SET amount_rupiah = 1 WHERE reference = 'a'"},
    {"reference.one_payment", "UPDATE payment_reference SET person_id = 5 WHERE reference = 'a'"},
    {"reference.one_payment",
     "INSERT INTO payment_reference (partner_id, reference, kind, payment_id, person_id,"
     " amount_rupiah) VALUES (1, 'more', 1, 1, 1, 1)"},
    {"identity.unique", "DELETE FROM person_nik WHERE person_id = 100000000"},
    {"identity.unique", "UPDATE person_nik SET person_id = 100000000"},
    {"merge.in_step", "INSERT INTO merged_person VALUES (100000001, 100000000)"},
    {"merge.months_once", "INSERT INTO merged_person VALUES (100000001, 100000000)"},
    {"merge.money_moved",
     "INSERT INTO credit_move (person_id, payment_id, merge_id, partner_id, amount_rupiah, paid_at,"
     " posted_at) VALUES (100000000, 4711, 1, 0, 5, 0, 0)"},
    {"membership.has_person", "DELETE FROM person WHERE person_id = 100000000"},
    {"membership.has_person", "DELETE FROM membership WHERE person_id = 100000000"},
    {"membership.has_person", "DELETE FROM membership WHERE person_id = 100000001"},
};

TEST_P(VerifyTest, NamesEveryDamage) {
  (void)Broken();
  std::set<std::string> never_shown(report_.checked.begin(), report_.checked.end());
  for (const Damage& damage : kDamages) {
    SCOPED_TRACE(damage.script);
    std::set<std::string> broken;
    // Planted, looked at and taken back in one transaction.
    const auto undone = db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(tx.RunScript(damage.script));
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      for (const Violation& v : report.violations) {
        broken.insert(v.invariant);
      }
      return Invalid("test.changed_its_mind");
    });
    ASSERT_FALSE(undone);
    EXPECT_EQ(undone.error().rule, "test.changed_its_mind") << undone.error().detail;
    EXPECT_EQ(broken.count(damage.invariant), 1u)
        << damage.invariant << " not among " << ::testing::PrintToString(broken);
    never_shown.erase(damage.invariant);
  }
  EXPECT_EQ(never_shown, std::set<std::string>()) << "no canary for these";
}

}  // namespace
}  // namespace jaring
