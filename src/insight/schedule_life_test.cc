// Schedules over all their years: what they give is what the law's table and the whole by the rules
// give, and `jaring verify` finds them sound on the way and names what is broken.

#include <random>
#include <set>

#include "claims/schedule_fixture.h"
#include "insight/verify.h"

namespace jaring {
namespace {

class ScheduleLifeTest : public SchedulesTest {
 protected:
  /// Something is told, or some step taken, of a claim in whatever state: many are refused, and
  /// change nothing.
  void Poke(const ClaimNumber& number, Date day, std::mt19937& dice) {
    const ClaimAct act = Act(day, dice() % 2 == 0 ? kFirstOfficer : kSecondOfficer, "catatan");
    ClaimFacts facts = See(number, day).facts;
    const bool is_accident = facts.kind == ClaimKind::kAccident;
    if (is_accident && dice() % 3 == 0) {
      facts.outcome = static_cast<AccidentOutcome>(dice() % 4);
      facts.months_unable = static_cast<int>(dice() % 6);
      facts.disabilities.clear();
    }
    Bring(number, "letter", day);
    Bring(number, "doctor", day);
    Bring(number, "certificate", day);
    (void)Do([&](Tx& tx) -> Result<Done> {
      switch (dice() % 12) {
        case 0:
          return Only(RefuseClaim(tx, agency_, number, "other", act));
        case 1:
        case 2:
          return Only(ObjectToRefusal(tx, agency_, number, act));
        case 3:
          return dice() % 4 == 0 ? Only(WithdrawClaim(tx, agency_, number, act))
                                 : Only(DecideByRule(tx, agency_, number, act));
        case 4:
        case 5:
          return Only(ChangeClaim(tx, agency_, number,
                                  {.facts = facts,
                                   .payees = facts.kind == ClaimKind::kScholarship
                                                 ? std::optional(std::vector{Guardian()})
                                                 : std::nullopt},
                                  act));
        case 6:
        case 7:
        case 8:
          return Only(CompleteClaim(tx, agency_, number, act));
        default:
          return Only(ApproveClaim(tx, agency_, number, act));
      }
    });
  }

  template <typename T>
  static Result<Done> Only(const Result<T>& result) {
    return result ? Result<Done>(Done{}) : result.error();
  }

  std::vector<ClaimNumber> AllClaims() {
    std::vector<ClaimNumber> numbers;
    EXPECT_TRUE(db().Read([&](Tx& tx) {
      return tx.Query("SELECT person_id, claim_seq FROM claim ORDER BY 1, 2", {},
                      [&](const Row& row) {
                        numbers.push_back({row.Int(0), static_cast<int>(row.Int(1))});
                      });
    }));
    return numbers;
  }

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

  /// The level of a child in its first, second… school year, without a year lost.
  static std::string LevelOf(int year) {
    return year <= 8    ? "kindergarten-primary"
           : year <= 11 ? "junior-secondary"
           : year <= 14 ? "senior-secondary"
                        : "university-training";
  }

  /// What is owed for the instalments of a schedule.
  Money Given(const ClaimNumber& right, std::size_t schedule) {
    Money given;
    const auto instalments = Schedules(right).at(schedule).instalments;
    for (const ClaimNumber& each : instalments) {
      given += See(each, D(20460101)).claim.gross;
    }
    return given;
  }

  /// Twelve and then the half of the base, or the older form: whole, three quarters, half.
  void MonthsAndTotalDisability(std::int64_t second_half_ppm, std::int64_t whole) {
    for (Benefit& benefit : scheme_.benefits) {
      if (benefit.id == "jkk-months-7-12") {
        benefit.rows[0].share = Rate::FromPpm(second_half_ppm);
      }
    }
    const MemberNumber member = Member(1, D(20260110), 900);
    const ClaimNumber accident = Report(member, Treatment(1), {Herself(1, "123456")}, D(20260215));
    const Date end = D(20270410);
    EXPECT_EQ(Due(end), 14);
    Money paid;
    const auto months = Schedules(accident)[0].instalments;
    for (std::size_t i = 0; i + 1 < months.size(); ++i) {  // The last one is not asked for.
      EXPECT_EQ(Bring(months[i], "doctor", end), "");
      EXPECT_EQ(Complete(months[i], end), "");
      EXPECT_EQ(Approve(months[i], end), "");
      EXPECT_EQ(Approve(months[i], end, kSecondOfficer), "");
      paid += See(months[i], end).claim.gross;
    }
    EXPECT_EQ(paid, Rp(whole - 500));
    EXPECT_EQ(Broken(), "");
    ClaimFacts facts = Treatment(14);
    facts.outcome = AccidentOutcome::kTotalDisability;
    EXPECT_EQ(Tell(accident, {.facts = facts, .payees = {}}, end), "");
    EXPECT_EQ(Complete(accident, end), "");
    EXPECT_EQ(Approve(accident, end), "");
    EXPECT_EQ(Approve(accident, end, kSecondOfficer), "");
    const Money four_months_beyond =
        Rp(std::int64_t{4} * 150);  // Paid ahead; they come back with the claim.
    EXPECT_EQ(See(accident, end).claim.gross, Rp(whole + 56) - paid + four_months_beyond);
    EXPECT_EQ(Balance(Account::kJkkBenefits), whole + 56);
    EXPECT_EQ(Approve(months.back(), end), "claim.wrong_state");
    EXPECT_EQ(Broken(), "");
  }
};

JARING_ON_EACH_ENGINE(ScheduleLifeTest);

TEST_P(ScheduleLifeTest, TwoChildrenFromKindergartenToUniversityGetTheWholeTable) {
  const ClaimNumber right = DeathWithPupils(
      {{D(20220501), "kindergarten-primary"}, {D(20220501), "kindergarten-primary"}});
  for (int year = 1; year <= 19; ++year) {
    const Date day = Date::FromYearMonthDay(2025 + year, 7, 1);
    EXPECT_EQ(Due(day), 2);
    for (const std::size_t child : {std::size_t{0}, std::size_t{1}}) {
      EXPECT_EQ(SchoolYear(Newest(right, child), LevelOf(year), day), "") << year;
      EXPECT_TRUE(ByRule(Newest(right, child), day)) << year;
    }
  }
  EXPECT_EQ(Standing(right), "ended 20450701 19, ended 20450701 19");
  EXPECT_EQ(Due(D(20450701)), 0);
  EXPECT_EQ(Given(right, 0), Rp(87'000'000));
  EXPECT_EQ(Given(right, 1), Rp(87'000'000));
  EXPECT_EQ(Balance(Account::kJkmBenefits), 42 + 174'000'000);
  EXPECT_EQ(Broken(), "");
}

TEST_P(ScheduleLifeTest, AYearOfALevelThatIsUsedUpIsNotPaid) {
  const ClaimNumber right = DeathWithPupils({{D(20120401), "junior-secondary"}});
  for (int year = 2026; year <= 2029; ++year) {
    const Date day = Date::FromYearMonthDay(year, 7, 1);
    EXPECT_EQ(Due(day), 1);
    // The third year is repeated, and there is no fourth.
    EXPECT_EQ(SchoolYear(Newest(right), "junior-secondary", day),
              year < 2029 ? "" : "obstacle check.amount scholarship.level_used_up");
    EXPECT_EQ(ByRule(Newest(right), day), year < 2029);
  }
  EXPECT_EQ(Given(right, 0), Rp(6'000'000));
  EXPECT_EQ(Due(D(20300701)), 1);
  EXPECT_EQ(SchoolYear(Newest(right), "senior-secondary", D(20300702)), "");
  EXPECT_TRUE(ByRule(Newest(right), D(20300702)));
  EXPECT_EQ(Given(right, 0), Rp(9'000'000));
  EXPECT_EQ(Broken(), "");
}

TEST_P(ScheduleLifeTest, FourteenMonthsThenTotalDisability) {
  MonthsAndTotalDisability(1'000'000, 12 * 1'000 + 2 * 500);
}

TEST_P(ScheduleLifeTest, FourteenMonthsOfTheOlderForm) {
  MonthsAndTotalDisability(750'000, 6 * 1'000 + 6 * 750 + 2 * 500);
}

TEST_P(ScheduleLifeTest, ATotalDisabilityFromWorkGivesSchoolYearsToo) {
  const MemberNumber member = Member(1, D(20260110), 300);  // Too few for a death.
  ClaimFacts facts = Treatment(0);
  facts.outcome = AccidentOutcome::kTotalDisability;
  facts.pupils = {{D(20120401), "junior-secondary"}};
  const ClaimNumber right = Report(member, facts, {Herself(1, "123456")}, D(20260215));
  EXPECT_EQ(Complete(right, D(20260215)), "");
  EXPECT_EQ(Approve(right, D(20260215)), "");
  EXPECT_EQ(Due(D(20260701)), 1);
  EXPECT_EQ(SchoolYear(Newest(right), "junior-secondary", D(20260701)), "");
  EXPECT_EQ(See(Newest(right), D(20260701)).claim.due_on, D(20260710));  // As for an accident.
  EXPECT_TRUE(ByRule(Newest(right), D(20260701)));
  EXPECT_EQ(See(Newest(right), D(20260701)).lines.at(0).programme, Programme::kJkk);
  EXPECT_EQ(Balance(Account::kJkkBenefits), 56 + 2'000'000);
  EXPECT_EQ(Broken(), "");
}

TEST_P(ScheduleLifeTest, SchedulesHoldWhateverHappens) {
  std::mt19937 dice(7);
  for (int n = 1; n <= 6; ++n) {
    const MemberNumber member = Member(n, D(20250810), 1'200);
    ClaimFacts facts = n % 2 == 0 ? DeathOn(D(20260301)) : Treatment(1);
    facts.on = D(20260301);
    facts.pupils = {{D(20090401), "junior-secondary"}, {D(20150101), "kindergarten-primary"}};
    const ClaimPayee payee =
        n % 2 == 0 ? Spouse("1000" + std::to_string(n)) : Herself(n, "2000" + std::to_string(n));
    Report(member, facts, {payee}, D(20260302));
  }
  for (Month month = M(202604); month <= M(202712); month = month + 1) {
    const Date day = DayOf(month, 5);
    Due(day);
    EXPECT_EQ(Due(day), 0);
    const auto claims = AllClaims();
    for (int i = 0; i < 25; ++i) {
      Poke(claims[dice() % claims.size()], day, dice);
    }
    ASSERT_EQ(Broken(), "") << day.ToString();
  }
  const char* owed = "SELECT COUNT(*) FROM claim WHERE kind = $1 AND state = 5";
  EXPECT_GT(Number(owed, {4}), 0);
  EXPECT_GT(Number(owed, {5}), 0);
  const char* schedules = "SELECT COUNT(*) FROM claim_schedule WHERE state = $1";
  EXPECT_GT(Number(schedules, {1}), 0);
  EXPECT_GT(Number(schedules, {2}), 0);
}

TEST_P(ScheduleLifeTest, VerifyNamesWhatIsBroken) {
  const ClaimNumber right = DeathWithPupils({{D(20120401), "junior-secondary"}});
  EXPECT_EQ(Due(D(20270701)), 2);
  EXPECT_EQ(SchoolYear(Newest(right), "junior-secondary", D(20270701)), "");
  EXPECT_TRUE(ByRule(Newest(right), D(20270701)));
  const MemberNumber member = Member(2, D(20260110), 900);
  const ClaimNumber accident = Report(member, Treatment(1), {Herself(2, "123456")}, D(20260215));
  EXPECT_EQ(Broken(), "");
  const auto broken_by = [&](const char* script) {
    std::set<std::string> broken;
    (void)db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(tx.RunScript(script));
      JARING_ASSIGN_OR_RETURN(const VerifyReport report, Verify(tx, agency_));
      for (const Violation& v : report.violations) {
        broken.insert(v.invariant + " " + v.subject);
      }
      return Invalid("test.taken_back");
    });
    return broken;
  };
  using Set = std::set<std::string>;
  const std::string next_day = "schedule.next_day ";
  EXPECT_EQ(broken_by("UPDATE claim_schedule SET next_on = 20290701 WHERE kind = 4"),
            Set{next_day + right.ToString()});
  EXPECT_EQ(broken_by("UPDATE claim_schedule SET state = 2 WHERE kind = 4"),
            Set{next_day + right.ToString()});
  EXPECT_EQ(broken_by("UPDATE claim_schedule SET state = 2 WHERE kind = 5"),
            Set{next_day + accident.ToString()});
  EXPECT_EQ(broken_by("DELETE FROM claim_instalment WHERE instalment_no = 2"),
            (Set{next_day + right.ToString(), "schedule.instalments " + Newest(right).ToString()}));
  EXPECT_EQ(broken_by("UPDATE claim_instalment SET claim_seq = 2 WHERE instalment_no = 2"),
            (Set{"schedule.instalments " + ClaimNumber{right.person_id, 2}.ToString(),
                 "schedule.instalments " + Newest(right).ToString()}));
  scheme_.scholarships[0].per_child = Rp(1'999'999);
  EXPECT_EQ(Broken(), "schedule.sums " + right.ToString() + "; ");
  scheme_.scholarships[0].per_child = Rp(2'000'000);
  scheme_.scholarships[0].total = Rp(1'999'999);
  EXPECT_EQ(Broken(), "schedule.sums " + right.ToString() + "; ");
}

}  // namespace
}  // namespace jaring
