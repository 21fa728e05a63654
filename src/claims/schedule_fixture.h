#pragma once

// For tests only: claims that give something again and again, and the years that go by.

#include "claims/claims_fixture.h"
#include "claims/schedule_desk.h"

namespace jaring {

/// The scheme of claims with: the scholarships of the law for two children, after a death with six
/// months paid; school from July and the age of 4, a year of at most 12 million by rule; months
/// unable to work at 100 % for a year, then 50 %; papers "letter" of a school year, "doctor" of a
/// month, "certificate" of a death.
inline Scheme ScheduleScheme() {
  Scheme scheme = ClaimScheme();
  const Mark mark{"test", Confidence::kMemory};
  const DateSpan always{D(20200101), std::nullopt};
  const auto level = [&](const char* code, std::int64_t per_year, int years) {
    return ScholarshipLevel{code, code, code, Rp(per_year), years, Rp(per_year * years), mark};
  };
  scheme.scholarships = {
      {.days = always,
       .max_children = 2,
       .child_below_age = 23,
       .jkm_needs_contribution_months = 6,
       .per_child = Rp(87'000'000),
       .total = Rp(174'000'000),
       .levels = {level("kindergarten-primary", 1'500'000, 8),
                  level("junior-secondary", 2'000'000, 3), level("senior-secondary", 3'000'000, 3),
                  level("university-training", 12'000'000, 5)},
       .mark = mark}};
  const auto figure = [&](const char* id, std::int64_t value) {
    scheme.figures.push_back({id, "", id, id, {{always, value, mark}}});
  };
  figure("school-year-begins", 7);
  figure("school-from-age", 4);
  figure("claim-school-year-by-rule", 12'000'000);
  figure("claim-incapacity-instalments", 24);
  const auto months = [&](const char* id, std::int64_t ppm, int from, std::optional<int> to) {
    BenefitRow row{.days = always, .kind = BenefitKind::kBaseMonthly, .share = Rate::FromPpm(ppm)};
    row.month_from = from;
    row.month_to = to;
    row.mark = mark;
    scheme.benefits.push_back(
        {id, Programme::kJkk, id, id, {row}, ClaimEvents().With(ClaimEvent::kAccident)});
  };
  months("jkk-months-1-6", 1'000'000, 1, 6);
  months("jkk-months-7-12", 1'000'000, 7, 12);
  months("jkk-months-13-on", 500'000, 13, std::nullopt);
  scheme.claim_papers.clear();
  const auto paper = [&](const char* code, ClaimEvents events) {
    scheme.claim_papers.push_back(
        {code, code, code, "why", "why", events, {}, std::nullopt, always, mark});
  };
  paper("letter", ClaimEvents().With(ClaimEvent::kScholarship));
  paper("doctor", ClaimEvents().With(ClaimEvent::kIncapacity));
  paper("certificate", ClaimEvents().With(ClaimEvent::kDeath));
  return scheme;
}

class SchedulesTest : public ClaimsTest {
 protected:
  SchedulesTest() { scheme_ = ScheduleScheme(); }

  /// How many were opened, few at a time.
  std::int64_t Due(Date on) {
    const auto opened =
        OpenAllDue(db(), agency_, on, 1, Act(on, kFirstOfficer), [] { return false; });
    EXPECT_TRUE(opened) << opened.error().rule << opened.error().detail;
    return opened ? *opened : -1;
  }

  /// A death on 1 March 2026 that gives these children a right; approved by one person.
  ClaimNumber DeathWithPupils(const std::vector<PupilTold>& pupils, int n = 1) {
    const MemberNumber member = Member(n, D(20250810), 1'200);
    ClaimFacts facts = DeathOn(D(20260301));
    facts.pupils = pupils;
    const ClaimNumber number = Report(member, facts, {Spouse()}, D(20260302));
    EXPECT_EQ(Bring(number, "certificate", D(20260302)), "");
    EXPECT_EQ(Complete(number, D(20260302)), "");
    EXPECT_EQ(Approve(number, D(20260302)), "");
    return number;
  }

  /// A member in treatment after 10 February 2026, who cannot work since.
  ClaimFacts Treatment(int months_unable) {
    ClaimFacts facts;
    facts.kind = ClaimKind::kAccident;
    facts.on = D(20260210);
    facts.months_unable = months_unable;
    return facts;
  }

  std::string Tell(const ClaimNumber& number, const ClaimChange& change, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(ChangeClaim(tx, agency_, number, change, Act(on)));
      return Done{};
    });
  }

  std::string Withdraw(const ClaimNumber& number, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(WithdrawClaim(tx, agency_, number, Act(on)));
      return Done{};
    });
  }

  bool ByRule(const ClaimNumber& number, Date on) {
    bool decided = false;
    EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                JARING_ASSIGN_OR_RETURN(decided, DecideByRule(tx, agency_, number, Act(on)));
                return Done{};
              }),
              "");
    return decided;
  }

  std::vector<ScheduleView> Schedules(const ClaimNumber& number) {
    std::vector<ScheduleView> views;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const Claim claim, FindClaim(tx, number));
      JARING_ASSIGN_OR_RETURN(views, ViewSchedules(tx, agency_, claim));
      return Done{};
    }));
    return views;
  }

  /// "open 20260701 2, …": whether it goes on, its next day, how many there were.
  std::string Standing(const ClaimNumber& number) {
    std::string text;
    for (const ScheduleView& view : Schedules(number)) {
      text += (text.empty() ? "" : ", ") + std::string(ScheduleStateCode(view.schedule.state)) +
              " " + std::to_string(view.schedule.next_on.number()) + " " +
              std::to_string(view.instalments.size());
    }
    return text;
  }

  ClaimNumber Newest(const ClaimNumber& right, std::size_t schedule = 0) {
    return Schedules(right).at(schedule).instalments.back();
  }

  static ClaimPayee Guardian() {
    return {.name = "Ibu Warga",
            .relation = Relation::kGuardian,
            .institution = "BRI",
            .account = "777888999"};
  }

  /// The guardian tells the level and brings the letter; what the checks then say.
  std::string SchoolYear(const ClaimNumber& number, const std::string& level, Date on) {
    ClaimFacts facts = See(number, on).facts;
    facts.pupils.at(0).level = level;
    EXPECT_EQ(Tell(number, {.facts = facts, .payees = std::vector{Guardian()}}, on), "");
    EXPECT_EQ(Bring(number, "letter", on), "");
    EXPECT_EQ(Complete(number, on), "");
    return Findings(number, on);
  }
};

}  // namespace jaring
