// What comes again: when it opens, what it needs, what it gives, when it ends.

#include "claims/schedule_fixture.h"

namespace jaring {
namespace {

using ScheduleDeskTest = SchedulesTest;
JARING_ON_EACH_ENGINE(ScheduleDeskTest);

TEST_P(ScheduleDeskTest, AnApprovedDeathOpensASchoolYearForEachChild) {
  const ClaimNumber right = DeathWithPupils({{D(20120401), "kindergarten-primary"},
                                             {D(20250101), "kindergarten-primary"},
                                             {D(20100101), "junior-secondary"}});
  // The second goes to school at four; there is no third place.
  EXPECT_EQ(Standing(right), "open 20260701 0, open 20290701 0");
  EXPECT_EQ(Due(D(20260630)), 0);
  EXPECT_EQ(Due(D(20260701)), 1);
  EXPECT_EQ(Due(D(20260701)), 0);
  EXPECT_EQ(Standing(right), "open 20270701 1, open 20290701 0");
  const ClaimNumber year = Newest(right);
  const ClaimView view = See(year, D(20260702));
  EXPECT_EQ(view.claim.kind, ClaimKind::kScholarship);
  EXPECT_EQ(view.claim.state, ClaimState::kReported);
  EXPECT_EQ(view.facts.pupils.at(0).birth, D(20120401));
  EXPECT_TRUE(view.payees.empty());  // A spouse is no guardian until she is told as one.
  EXPECT_EQ(Findings(year, D(20260702)), "missing check.papers letter, missing check.payee");
  EXPECT_EQ(Schedules(year).size(), 1U);
  EXPECT_EQ(Schedules(year)[0].schedule.right(), right);
  ASSERT_EQ(Schedules(right)[0].papers.size(), 1U);
  EXPECT_EQ(Schedules(right)[0].papers[0].paper->code, "letter");
}

TEST_P(ScheduleDeskTest, ASchoolYearIsDecidedByRuleAndItsPayeesAreKept) {
  const ClaimNumber right = DeathWithPupils({{D(20120401), "junior-secondary"}});
  EXPECT_EQ(Due(D(20260701)), 1);
  const ClaimNumber year = Newest(right);
  EXPECT_EQ(Tell(year, {.facts = {}, .payees = std::vector{Spouse()}}, D(20260702)), "");
  EXPECT_EQ(Findings(year, D(20260702)), "missing check.papers letter, obstacle check.guardian");
  EXPECT_EQ(SchoolYear(year, "junior-secondary", D(20260703)), "");
  EXPECT_EQ(See(year, D(20260703)).claim.due_on, D(20260708));  // As for a death.
  EXPECT_TRUE(ByRule(year, D(20260703)));
  const ClaimView view = See(year, D(20260703));
  EXPECT_EQ(view.claim.gross, Rp(2'000'000));
  EXPECT_EQ(view.lines.at(0).benefit, "scholarship");
  EXPECT_EQ(view.lines.at(0).detail, "junior-secondary");
  EXPECT_EQ(view.lines.at(0).programme, Programme::kJkm);
  EXPECT_EQ(Balance(Account::kJkmBenefits), 42 + 2'000'000);
  EXPECT_EQ(Due(D(20270701)), 1);
  EXPECT_EQ(See(Newest(right), D(20270701)).payees.at(0).account, "777888999");
  EXPECT_EQ(See(Newest(right), D(20270701)).facts.pupils.at(0).level, "junior-secondary");
}

TEST_P(ScheduleDeskTest, AboveTheFigureASchoolYearWaitsForPeople) {
  const ClaimNumber right = DeathWithPupils({{D(20070401), "university-training"}});
  for (Figure& figure : scheme_.figures) {
    if (figure.id == "claim-school-year-by-rule") {
      figure.rows[0].value = 3'000'000;
    }
  }
  EXPECT_EQ(Due(D(20260701)), 1);
  EXPECT_EQ(SchoolYear(Newest(right), "university-training", D(20260702)), "");
  EXPECT_FALSE(ByRule(Newest(right), D(20260702)));
  EXPECT_EQ(Approve(Newest(right), D(20260702)), "");
  EXPECT_EQ(StateOf(Newest(right)), ClaimState::kProposed);
  EXPECT_EQ(Approve(Newest(right), D(20260702), kSecondOfficer), "");
  EXPECT_EQ(See(Newest(right), D(20260702)).claim.gross, Rp(12'000'000));
}

TEST_P(ScheduleDeskTest, ADeathWithTooFewMonthsGivesNoSchoolYear) {
  scheme_.scholarships[0].jkm_needs_contribution_months = 36;
  EXPECT_EQ(Standing(DeathWithPupils({{D(20120401), "junior-secondary"}})), "");
}

TEST_P(ScheduleDeskTest, NobodyReportsAnInstalmentOrMovesItsDay) {
  const ClaimNumber right = DeathWithPupils({{D(20120401), "junior-secondary"}});
  EXPECT_EQ(Due(D(20260701)), 1);
  ClaimFacts facts = See(Newest(right), D(20260702)).facts;
  facts.on = D(20260302);
  EXPECT_EQ(Tell(Newest(right), {.facts = facts, .payees = {}}, D(20260702)), "claim.event_fixed");
  facts.on = D(20260301);
  facts.pupils.push_back({D(20120401), "junior-secondary"});
  EXPECT_EQ(Tell(Newest(right), {.facts = facts, .payees = {}}, D(20260702)), "");
  EXPECT_NE(Findings(Newest(right), D(20260702)).find("check.amount scholarship.one_child"),
            std::string::npos);
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              const ClaimReport report{right.person_id, facts, {}, false};
              JARING_RETURN_IF_ERROR(ReportClaim(tx, agency_, report, Act(D(20260702))));
              return Done{};
            }),
            "claim.comes_by_itself");
  facts.kind = ClaimKind::kDeath;
  facts.pupils = {{D(20280101), "junior-secondary"}};
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              const ClaimReport report{right.person_id, facts, {}, false};
              JARING_RETURN_IF_ERROR(ReportClaim(tx, agency_, report, Act(D(20260702))));
              return Done{};
            }),
            "claim.pupil_unborn");
}

TEST_P(ScheduleDeskTest, WhoMarriesWorksOrIsTwentyThreeGetsNoMore) {
  const ClaimNumber right =
      DeathWithPupils({{D(20040101), "university-training"}, {D(20080101), "senior-secondary"}});
  EXPECT_EQ(Due(D(20260701)), 2);
  // 22 in July 2026, 23 the next year.
  EXPECT_EQ(Standing(right), "ended 20270701 1, open 20270701 1");
  EXPECT_EQ(SchoolYear(Newest(right), "university-training", D(20260702)), "");
  EXPECT_TRUE(ByRule(Newest(right), D(20260702)));
  const ClaimNumber second = Newest(right, 1);
  ClaimFacts facts = See(second, D(20260702)).facts;
  facts.is_married = true;
  EXPECT_EQ(Tell(second, {.facts = facts, .payees = {}}, D(20260702)), "");
  EXPECT_EQ(SchoolYear(second, "senior-secondary", D(20260702)),
            "obstacle check.amount scholarship.married");
  EXPECT_FALSE(ByRule(second, D(20260702)));
  EXPECT_EQ(Approve(second, D(20260702)), "claim.obstacle");
  EXPECT_EQ(Due(D(20270701)), 1);
  EXPECT_TRUE(See(Newest(right, 1), D(20270701)).facts.is_married);  // Until told otherwise.
  facts = See(Newest(right, 1), D(20270701)).facts;
  facts.is_married = false;
  facts.works = true;
  EXPECT_EQ(Tell(Newest(right, 1), {.facts = facts, .payees = {}}, D(20270702)), "");
  EXPECT_EQ(SchoolYear(Newest(right, 1), "senior-secondary", D(20270702)),
            "obstacle check.amount scholarship.works");
}

TEST_P(ScheduleDeskTest, AMonthIsPaidWhileTheTreatmentLasts) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const ClaimNumber accident = Report(member, Treatment(0), {Herself(1, "123456")}, D(20260301));
  EXPECT_EQ(Standing(accident), "");
  EXPECT_EQ(Tell(accident, {.facts = Treatment(1), .payees = {}}, D(20260311)), "");
  EXPECT_EQ(Standing(accident), "open 20260310 0");
  EXPECT_EQ(Due(D(20260311)), 1);
  EXPECT_EQ(Due(D(20260410)), 1);
  const ClaimNumber april = Newest(accident);
  EXPECT_EQ(Findings(april, D(20260411)), "missing check.papers doctor");
  EXPECT_EQ(Bring(april, "doctor", D(20260411)), "");
  EXPECT_EQ(Complete(april, D(20260411)), "");
  EXPECT_FALSE(ByRule(april, D(20260411)));  // Somebody reads what the doctor says.
  EXPECT_EQ(Approve(april, D(20260411)), "");
  EXPECT_EQ(Approve(april, D(20260411), kSecondOfficer), "");
  EXPECT_EQ(See(april, D(20260411)).claim.gross, Rp(1'000));
  EXPECT_EQ(See(april, D(20260411)).lines.at(0).benefit, "jkk-months-1-6");
  EXPECT_EQ(StateOn(member.person_id, D(20260412)), CoverageState::kActive);
  // Recovered: no more months, and what is open of them waits no longer.
  ClaimFacts facts = Treatment(2);
  facts.outcome = AccidentOutcome::kRecovered;
  EXPECT_EQ(Tell(accident, {.facts = facts, .payees = {}}, D(20260412)), "");
  EXPECT_EQ(Standing(accident), "ended 20260510 2");
  EXPECT_EQ(Due(D(20260610)), 0);
  ClaimView view = See(accident, D(20260412));
  EXPECT_EQ(view.lines.back().benefit, "paid-before");
  EXPECT_EQ(view.lines.back().amount, Rp(-1'000));
  EXPECT_EQ(Complete(accident, D(20260412)), "");
  EXPECT_EQ(Approve(accident, D(20260412)), "");
  EXPECT_EQ(Approve(accident, D(20260412), kSecondOfficer), "");
  EXPECT_EQ(See(accident, D(20260412)).claim.gross, Rp(1'000));
  EXPECT_EQ(Balance(Account::kJkkBenefits), 2'000);
  const ClaimNumber march = Schedules(accident)[0].instalments[0];
  EXPECT_EQ(Findings(march, D(20260413)), "obstacle check.right " + accident.ToString() +
                                              " approved, missing check.papers doctor");
}

TEST_P(ScheduleDeskTest, WithoutCoverOrAfterTheEndNoMonthComes) {
  const MemberNumber late = Member(1, D(20260301), 900);
  const ClaimNumber uncovered = Report(late, Treatment(1), {Herself(1, "123456")}, D(20260401));
  EXPECT_EQ(Standing(uncovered), "");
  const MemberNumber member = Member(2, D(20260110), 900);
  const ClaimNumber accident = Report(member, Treatment(1), {Herself(2, "123457")}, D(20260401));
  EXPECT_EQ(Standing(accident), "open 20260310 0");
  EXPECT_EQ(Withdraw(accident, D(20260401)), "");
  EXPECT_EQ(Standing(accident), "ended 20260310 0");
  EXPECT_EQ(Due(D(20260601)), 0);
}

TEST_P(ScheduleDeskTest, ARefusalEndsAndAnObjectionReopens) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const ClaimNumber accident = Report(member, Treatment(3), {Herself(1, "123456")}, D(20260301));
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(RefuseClaim(tx, agency_, accident, "not_work_related",
                                                 Act(D(20260302), kFirstOfficer, "catatan")));
              return Done{};
            }),
            "");
  EXPECT_EQ(Standing(accident), "ended 20260310 0");
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(ObjectToRefusal(tx, agency_, accident,
                                                     Act(D(20260303), kFirstOfficer, "catatan")));
              return Done{};
            }),
            "");
  EXPECT_EQ(Standing(accident), "open 20260310 0");
}

TEST_P(ScheduleDeskTest, MoreThanTheWholeIsAnObstacle) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const ClaimNumber accident = Report(member, Treatment(1), {Herself(1, "123456")}, D(20260301));
  EXPECT_EQ(Due(D(20260410)), 2);
  const auto months = Schedules(accident)[0].instalments;
  for (const ClaimNumber& month : months) {
    EXPECT_EQ(Bring(month, "doctor", D(20260410)), "");
    EXPECT_EQ(Complete(month, D(20260410)), "");
    EXPECT_EQ(Approve(month, D(20260410)), "");
    EXPECT_EQ(Approve(month, D(20260410), kSecondOfficer), "");
  }
  ClaimFacts facts = Treatment(1);
  facts.outcome = AccidentOutcome::kRecovered;
  EXPECT_EQ(Tell(accident, {.facts = facts, .payees = {}}, D(20260411)), "");
  EXPECT_EQ(See(accident, D(20260411)).lines.back().amount, Rp(-2'000));
  EXPECT_EQ(Findings(accident, D(20260411)),
            "question check.first_report_late 2026-02-12, obstacle check.amount paid-before");
}

TEST_P(ScheduleDeskTest, AStoppedOrFailedRunGoesOnWhereItWas) {
  std::vector<ClaimNumber> rights;
  for (int n = 1; n <= 5; ++n) {
    rights.push_back(DeathWithPupils({{D(20120401), "junior-secondary"}}, n));
  }
  int asked = 0;
  const auto opened =
      OpenAllDue(db(), agency_, D(20270701), 2, Act(D(20270701)), [&asked] { return ++asked > 1; });
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, 4);  // Two people, two school years each.
  // Killed before the commit: nothing of the step is there.
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              DuePlace place;
              JARING_ASSIGN_OR_RETURN(
                  const DueStep step,
                  OpenDueInstalments(tx, agency_, D(20270701), 10, place, Act(D(20270701))));
              EXPECT_EQ(step.opened, 6);
              return Invalid("test.killed");
            }),
            "test.killed");
  EXPECT_EQ(Due(D(20270701)), 6);
  EXPECT_EQ(Due(D(20270701)), 0);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM claim WHERE kind = 4"), 10);
  const auto early =
      OpenAllDue(db(), agency_, D(20270702), 2, Act(D(20270701)), [] { return false; });
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().rule, "claim.due_in_future");
}

TEST_P(ScheduleDeskTest, WhoHasAllHerClaimsHoldsNobodyUp) {
  const ClaimNumber full = DeathWithPupils({{D(20120401), "junior-secondary"}}, 1);
  const ClaimNumber other = DeathWithPupils({{D(20120401), "junior-secondary"}}, 2);
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(Claim last, FindClaim(tx, full));
    last.number.claim_seq = ClaimNumber::kMost;
    return InsertClaim(tx, last);
  });
  EXPECT_EQ(Due(D(20260701)), 1);
  EXPECT_EQ(Standing(full), "open 20260701 0");
  EXPECT_EQ(Standing(other), "open 20270701 1");
}

TEST_P(ScheduleDeskTest, AnAccidentToldTwiceGivesItsMonthsOnce) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const std::vector<ClaimPayee> payees = {Herself(1, "123456")};
  const ClaimNumber first = Report(member, Treatment(1), payees, D(20260301));
  const ClaimNumber twin = Report(member, Treatment(1), payees, D(20260301));
  EXPECT_EQ(Due(D(20260310)), 2);
  const ClaimNumber march = Newest(first);
  EXPECT_EQ(Bring(march, "doctor", D(20260310)), "");
  EXPECT_EQ(Findings(march, D(20260310)), "obstacle check.same_event " + twin.ToString());
  EXPECT_EQ(Withdraw(twin, D(20260311)), "");
  EXPECT_EQ(Findings(march, D(20260311)), "");
  EXPECT_EQ(Complete(march, D(20260311)), "");
  EXPECT_EQ(Approve(march, D(20260311)), "");
  EXPECT_EQ(Approve(march, D(20260311), kSecondOfficer), "");
  // Withdrawn and told anew: no month comes again, and the end gives what is left.
  EXPECT_EQ(Withdraw(first, D(20260312)), "");
  ClaimFacts facts = Treatment(3);
  const ClaimNumber again = Report(member, facts, payees, D(20260513));
  EXPECT_EQ(Standing(again), "");
  facts.outcome = AccidentOutcome::kRecovered;
  EXPECT_EQ(Tell(again, {.facts = facts, .payees = {}}, D(20260514)), "");
  EXPECT_EQ(See(again, D(20260514)).lines.back().amount, Rp(-1'000));
  EXPECT_EQ(Findings(again, D(20260514)), "question check.first_report_late 2026-02-12");
}

TEST_P(ScheduleDeskTest, AnInstalmentOfNoScheduleCannotBeApproved) {
  const ClaimNumber right = DeathWithPupils({{D(20120401), "junior-secondary"}});
  EXPECT_EQ(Due(D(20260701)), 1);
  const ClaimNumber year = Newest(right);
  Write([&](Tx& tx) { return tx.RunScript("DELETE FROM claim_instalment"); });
  EXPECT_EQ(Findings(year, D(20260702)),
            "obstacle check.right, obstacle check.amount claim.no_schedule, missing check.papers "
            "letter, missing check.payee");
}

}  // namespace
}  // namespace jaring
