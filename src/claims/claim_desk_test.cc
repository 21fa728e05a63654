// A claim from the report to the decision: what is asked of it, who decides, what the books then
// hold.

#include "claims/claims_fixture.h"
#include "collection/person_merge.h"
#include "collection/savings_withdrawal.h"

namespace jaring {
namespace {

class ClaimDeskTest : public ClaimsTest {
 protected:
  Money Savings(const MemberNumber& member) {
    Money savings;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(savings, FindSavings(tx, member.person_id));
      return Done{};
    }));
    return savings;
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

  std::string Change(const ClaimNumber& number, const ClaimChange& change, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(ChangeClaim(tx, agency_, number, change, Act(on)));
      return Done{};
    });
  }

  std::string Refuse(const ClaimNumber& number, const std::string& reason, Date on,
                     const std::string& note) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          RefuseClaim(tx, agency_, number, reason, Act(on, kFirstOfficer, note)));
      return Done{};
    });
  }
};

JARING_ON_EACH_ENGINE(ClaimDeskTest);

TEST_P(ClaimDeskTest, NobodyDiesTwice) {
  const MemberNumber member = Member(1, D(20260110), 900);
  ClaimFacts accident;
  accident.kind = ClaimKind::kAccident;
  accident.on = D(20260405);
  accident.outcome = AccidentOutcome::kDied;
  accident.heirs = {Relation::kSpouse};
  const ClaimNumber death = Report(member, DeathOn(D(20260405)), {Spouse()}, D(20260406));
  EXPECT_EQ(Findings(death, D(20260406)).find("check.same_event"), std::string::npos);
  const ClaimNumber hurt = Report(member, accident, {Spouse()}, D(20260406));
  EXPECT_NE(Findings(hurt, D(20260406)).find("obstacle check.same_event " + death.ToString()),
            std::string::npos);
  EXPECT_NE(Findings(death, D(20260406)).find("obstacle check.same_event " + hurt.ToString()),
            std::string::npos);
  EXPECT_EQ(Refuse(hurt, "not_work_related", D(20260406), "Bukan di tempat kerja."), "");
  EXPECT_EQ(Findings(death, D(20260406)).find("check.same_event"), std::string::npos);
}

TEST_P(ClaimDeskTest, ADeathGoesFromTheReportToTheBooks) {
  const MemberNumber member = Member(1, D(20260110), 600);  // Four months.
  const ClaimNumber number = Report(member, DeathOn(D(20260405)), {Spouse()}, D(20260407));
  EXPECT_EQ(number.ToString().size(), 13U);
  EXPECT_EQ(Findings(number, D(20260407)),
            "missing check.papers card, missing check.papers certificate");
  EXPECT_EQ(Complete(number, D(20260407)), "claim.something_missing");
  EXPECT_EQ(Bring(number, "card", D(20260407)), "");
  EXPECT_EQ(Bring(number, "certificate", D(20260407)), "");
  EXPECT_EQ(Findings(number, D(20260407)), "");
  EXPECT_EQ(Approve(number, D(20260407)), "claim.wrong_state");
  EXPECT_EQ(Complete(number, D(20260409)), "");  // A Thursday.
  ClaimView view = See(number, D(20260409));
  EXPECT_EQ(view.claim.due_on, D(20260414));  // The third working day.
  EXPECT_EQ(Approve(number, D(20260410)), "");
  view = See(number, D(20260410));
  EXPECT_EQ(view.claim.state, ClaimState::kApproved);
  EXPECT_EQ(view.claim.net(), Rp(42));
  ASSERT_EQ(view.lines.size(), 3U);
  EXPECT_EQ(view.lines[0].benefit, "jkm-death");
  EXPECT_EQ(view.lines[0].amount, Rp(20));
  ASSERT_EQ(view.steps.size(), 3U);
  EXPECT_EQ(view.steps[2].reason, "one_person");
  EXPECT_EQ(Balance(Account::kJkmBenefits), 42);
  EXPECT_EQ(Balance(Account::kClaimsPayable), -42);
  EXPECT_EQ(StateOn(member.person_id, D(20260405)), CoverageState::kActive);
  EXPECT_EQ(StateOn(member.person_id, D(20260406)), CoverageState::kEnded);
  EXPECT_EQ(Enrol(PersonNumber(1), D(20260501)).rule, "person.died");
}

TEST_P(ClaimDeskTest, TheClaimNumberFindsItsWayBack) {
  const ClaimNumber number{123'456'789, 7};
  const std::string text = number.ToString();
  EXPECT_EQ(text.substr(0, 12), "K12345678907");
  EXPECT_EQ(*ClaimNumber::Parse(text), number);
  EXPECT_EQ(*ClaimNumber::Parse("k" + text.substr(1)), number);
  std::string wrong = text;
  wrong[5] = wrong[5] == '0' ? '1' : '0';
  for (const std::string& bad : {wrong, std::string("K"), std::string(), text + "1",
                                 "X" + text.substr(1), std::string("K00000000000") + "0"}) {
    EXPECT_EQ(ClaimNumber::Parse(bad).error().rule, "claim.number_malformed") << bad;
  }
}

TEST_P(ClaimDeskTest, AboveTheLimitASecondPersonDecides) {
  const MemberNumber member = Member(1, D(20260110), 450);
  ClaimFacts facts;
  facts.kind = ClaimKind::kAccident;
  facts.on = D(20260301);
  facts.outcome = AccidentOutcome::kDied;
  facts.heirs = {Relation::kChild, Relation::kSpouse};
  facts.spent = {{"jkk-care", Rp(500), {}}};
  const ClaimNumber number = Report(member, facts, {Spouse()}, D(20260302));
  Bring(number, "card", D(20260302));
  Bring(number, "certificate", D(20260302));
  EXPECT_EQ(Complete(number, D(20260302)), "");
  EXPECT_EQ(Approve(number, D(20260302)), "");
  EXPECT_EQ(StateOf(number), ClaimState::kProposed);
  EXPECT_EQ(See(number, D(20260302)).claim.gross, Rp(48 * 1'000 + 22 + 500));
  EXPECT_EQ(Balance(Account::kClaimsPayable), 0);
  EXPECT_EQ(Approve(number, D(20260303)), "claim.same_person");
  // What is told anew has to be completed and proposed anew.
  facts.spent[0].spent = Rp(600);
  EXPECT_EQ(Change(number, {.facts = facts, .payees = {}}, D(20260303)), "");
  EXPECT_EQ(StateOf(number), ClaimState::kReported);
  EXPECT_EQ(See(number, D(20260303)).claim.gross, Money());
  EXPECT_EQ(Approve(number, D(20260303), kSecondOfficer), "claim.wrong_state");
  EXPECT_EQ(Complete(number, D(20260303)), "");
  EXPECT_EQ(Approve(number, D(20260303)), "");
  EXPECT_EQ(Approve(number, D(20260304), kSecondOfficer), "");
  const ClaimView view = See(number, D(20260304));
  EXPECT_EQ(view.claim.state, ClaimState::kApproved);
  EXPECT_EQ(view.claim.gross, Rp(48'622));
  EXPECT_EQ(view.steps.back().actor_id, 2);
  EXPECT_EQ(Balance(Account::kJkkBenefits), 48'622);
}

TEST_P(ClaimDeskTest, WhatWasProposedMustStillBeWhatTheRulesGive) {
  const MemberNumber member = Member(1, D(20200110), 4'200, kWithSavings);  // Twelve months.
  ClaimFacts facts = SavingsOn(D(20260301));
  const ClaimNumber number = Report(member, facts, {Herself(1, "55555")}, D(20260301));
  Bring(number, "card", D(20260301));
  EXPECT_EQ(Complete(number, D(20260301)), "");
  EXPECT_EQ(Approve(number, D(20260301)), "");
  ASSERT_EQ(StateOf(number), ClaimState::kProposed);
  EXPECT_EQ(See(number, D(20260301)).claim.gross, Rp(2'400));
  EXPECT_EQ(See(number, D(20260301)).claim.tax, Rp(100));  // 5 % above 400.
  // Money that is taken back in between leaves less.
  Write([&](Tx& tx) {
    return tx.RunScript(
        "INSERT INTO savings_withdrawal SELECT person_id, 1, 1, 20260301, 400 FROM person");
  });
  EXPECT_EQ(Approve(number, D(20260302), kSecondOfficer), "claim.amount_changed");
}

TEST_P(ClaimDeskTest, SavingsArePaidOutByRuleWhenNothingIsAsked) {
  const MemberNumber member = Member(1, D(20200110), 4'200, kWithSavings);
  EXPECT_EQ(Savings(member), Rp(2'400));
  const ClaimNumber number =
      Report(member, SavingsOn(D(20260301)), {Herself(1, "55555")}, D(20260301));
  Bring(number, "card", D(20260301));
  EXPECT_EQ(Complete(number, D(20260301)), "");
  EXPECT_TRUE(ByRule(number, D(20260301)));
  const ClaimView view = See(number, D(20260301));
  EXPECT_EQ(view.claim.state, ClaimState::kApproved);
  EXPECT_EQ(view.claim.net(), Rp(2'300));
  EXPECT_EQ(view.steps.back().reason, "by_rule");
  EXPECT_EQ(Savings(member), Money());
  EXPECT_EQ(Balance(Account::kMemberSavings), 0);
  EXPECT_EQ(Balance(Account::kTaxPayable), -100);
  EXPECT_EQ(Balance(Account::kClaimsPayable), -2'300);
  EXPECT_EQ(StateOn(member.person_id, D(20260302)), CoverageState::kEnded);
  // The same savings are not paid again.
  const ClaimNumber second =
      Report(member, SavingsOn(D(20260401)), {Herself(1, "55555")}, D(20260401));
  EXPECT_NE(Findings(second, D(20260401)).find("obstacle check.amount savings.empty"),
            std::string::npos);
}

TEST_P(ClaimDeskTest, ARuleDecidesNoClaimThatSomebodyShouldAskAbout) {
  const MemberNumber one = Member(1, D(20200110), 4'200, kWithSavings);
  const MemberNumber two = Member(2, D(20200110), 4'200, kWithSavings);
  Report(one, SavingsOn(D(20260301)), {Herself(1, "55555")}, D(20260301));
  const ClaimNumber number =
      Report(two, SavingsOn(D(20260302)), {Herself(2, "55555")}, D(20260302));
  Bring(number, "card", D(20260302));
  EXPECT_EQ(Findings(number, D(20260302)), "question check.account_of_many 2");
  EXPECT_EQ(Complete(number, D(20260302)), "");
  EXPECT_FALSE(ByRule(number, D(20260302)));
  EXPECT_EQ(StateOf(number), ClaimState::kComplete);
  // Somebody else's name on the account is asked about too; a death is never decided by rule.
  ClaimPayee other = Herself(2, "66666");
  other.name = "Orang Lain";
  EXPECT_EQ(Change(number, {.facts = {}, .payees = std::vector{other}}, D(20260302)), "");
  EXPECT_EQ(Findings(number, D(20260302)), "question check.account_name");
  const MemberNumber dead = Member(3, D(20260110), 900);
  const ClaimNumber death = Report(dead, DeathOn(D(20260301)), {Spouse()}, D(20260302));
  Bring(death, "card", D(20260302));
  Bring(death, "certificate", D(20260302));
  EXPECT_EQ(Complete(death, D(20260302)), "");
  EXPECT_FALSE(ByRule(death, D(20260302)));
}

TEST_P(ClaimDeskTest, SaysWhatStandsInTheWay) {
  const MemberNumber member = Member(1, D(20260110), 150);  // January alone.
  const auto findings = [&](const ClaimFacts& facts, const std::vector<ClaimPayee>& payees) {
    const ClaimNumber number = Report(member, facts, payees, D(20261101));
    Bring(number, "card", D(20261101));
    Bring(number, "certificate", D(20261101));
    std::string text = Findings(number, D(20261101));
    Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(WithdrawClaim(tx, agency_, number, Act(D(20261101))));
      return Done{};
    });
    return text;
  };
  EXPECT_EQ(findings(DeathOn(D(20260115)), {Spouse()}), "question check.early_event 5");
  EXPECT_EQ(findings(DeathOn(D(20260415)), {Spouse()}), "obstacle check.covered arrears_open");
  EXPECT_EQ(findings(DeathOn(D(20260815)), {Spouse()}), "obstacle check.covered not_covered");
  EXPECT_EQ(findings(DeathOn(D(20260105)), {Spouse()}), "obstacle check.covered not_covered");
  ClaimFacts facts = DeathOn(D(20260131));
  facts.heirs = {};
  EXPECT_EQ(findings(facts, {}),
            "question check.early_event 21, missing check.payee, missing check.heirs");
  facts.heirs = {Relation::kSibling, Relation::kChild};
  ClaimPayee sibling = Spouse();
  sibling.relation = Relation::kSibling;
  EXPECT_EQ(findings(facts, {sibling}), "question check.early_event 21, obstacle check.heir_order");
  facts.heirs = {Relation::kSibling};
  EXPECT_EQ(findings(facts, {sibling}), "question check.early_event 21");
  EXPECT_EQ(findings(SavingsOn(D(20261101)), {Herself(1, "77777")}),
            "obstacle check.amount savings.empty");
}

TEST_P(ClaimDeskTest, WhoJoinsAfterTheEventWasNoMember) {
  const MemberNumber member = Enrol(PersonNumber(1), D(20260110)).member;
  // Money that is told to be of an earlier day than that she joined on.
  Pay({.reference = "early", .member = member, .rupiah = 450, .on = D(20260105)}, D(20260110));
  const ClaimNumber number = Report(member, DeathOn(D(20260108)), {Spouse()}, D(20260111));
  EXPECT_NE(Findings(number, D(20260111)).find("obstacle check.covered not_covered"),
            std::string::npos);
}

TEST_P(ClaimDeskTest, TheSameDeathIsNotClaimedTwice) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const ClaimNumber first = ApprovedDeath(member, D(20260401), D(20260402), {Spouse()});
  const ClaimNumber second = Report(member, DeathOn(D(20260402)), {Spouse()}, D(20260403));
  Bring(second, "card", D(20260403));
  Bring(second, "certificate", D(20260403));
  EXPECT_NE(Findings(second, D(20260403)).find("obstacle check.same_event " + first.ToString()),
            std::string::npos);
  EXPECT_EQ(Complete(second, D(20260403)), "");
  EXPECT_EQ(Approve(second, D(20260403)), "claim.obstacle");
}

TEST_P(ClaimDeskTest, APersonMergedIntoAnotherBringsHerClaims) {
  const MemberNumber kept = Member(1, D(20260110), 900);
  const MemberNumber merged = Member(2, D(20260110), 150);
  const ClaimNumber first = ApprovedDeath(merged, D(20260120), D(20260121), {Spouse()});
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        MergePersons(tx, agency_, {kept.person_id, merged.person_id}, Noon(D(20260202))));
    return Done{};
  });
  // Reported on the number of either of the two.
  const ClaimNumber second = Report(merged, DeathOn(D(20260120)), {Spouse()}, D(20260203));
  EXPECT_EQ(second.person_id, kept.person_id);
  EXPECT_NE(Findings(second, D(20260203)).find("obstacle check.same_event " + first.ToString()),
            std::string::npos);
}

TEST_P(ClaimDeskTest, ARefusalHasAReasonAndMayBeObjectedTo) {
  const MemberNumber member = Member(1, D(20260110), 150);
  const ClaimNumber number = Report(member, DeathOn(D(20260815)), {Spouse()}, D(20260820));
  EXPECT_EQ(Refuse(number, "because", D(20260821), "tidak aktif"), "claim.reason_missing");
  EXPECT_EQ(Refuse(number, "not_covered", D(20260821), ""), "claim.note_missing");
  EXPECT_EQ(Refuse(number, "not_covered", D(20260821), std::string(2'001, 'x')),
            "claim.note_too_long");
  EXPECT_EQ(Refuse(number, "not_covered", D(20260821), "Perlindungan berakhir Januari."), "");
  ClaimView view = See(number, D(20260821));
  EXPECT_EQ(view.claim.state, ClaimState::kRefused);
  EXPECT_EQ(view.steps.back().reason, "not_covered");
  EXPECT_EQ(view.steps.back().note, "Perlindungan berakhir Januari.");
  const auto object = [&](const std::string& note) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          ObjectToRefusal(tx, agency_, number, Act(D(20260901), kFirstOfficer, note)));
      return Done{};
    });
  };
  EXPECT_EQ(object(""), "claim.note_missing");
  EXPECT_EQ(object("Kami punya bukti bayar."), "");
  EXPECT_EQ(object("Lagi."), "claim.wrong_state");
  EXPECT_EQ(StateOf(number), ClaimState::kReported);
  EXPECT_EQ(See(number, D(20260901)).steps.size(), 3U);
}

TEST_P(ClaimDeskTest, RefusesWhatCannotBe) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const auto report = [&](const ClaimReport& claim) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(ReportClaim(tx, agency_, claim, Act(D(20260401))));
      return Done{};
    });
  };
  const std::int64_t person = member.person_id;
  EXPECT_EQ(report({person, DeathOn(D(20260402)), {}, false}), "claim.event_in_future");
  EXPECT_EQ(report({person, DeathOn(D(20190401)), {}, false}), "claim.event_before_scheme");
  EXPECT_EQ(report({4'711, DeathOn(D(20260401)), {}, false}), "member.unknown");
  ClaimPayee payee = Spouse();
  payee.account = "12'34";
  EXPECT_EQ(report({person, DeathOn(D(20260401)), {payee}, false}), "payee.account_malformed");
  payee = Spouse();
  payee.institution = "bri";
  EXPECT_EQ(report({person, DeathOn(D(20260401)), {payee}, false}), "payee.institution_malformed");
  payee = Spouse();
  payee.name = "Ibu\nkind savings";
  EXPECT_EQ(report({person, DeathOn(D(20260401)), {payee}, false}), "payee.name_malformed");
  payee = Spouse();
  payee.share = Rate::FromPpm(999'999);
  EXPECT_EQ(report({person, DeathOn(D(20260401)), {payee}, false}), "payee.shares_wrong");
  EXPECT_EQ(report({person, DeathOn(D(20260401)), std::vector(21, Spouse()), false}),
            "payee.too_many");
  EXPECT_EQ(Number("SELECT COUNT(*) FROM claim"), 0);
  EXPECT_EQ(Complete({person, 1}, D(20260401)), "claim.unknown");
}

TEST_P(ClaimDeskTest, ADraftIsHandedInLater) {
  const MemberNumber member = Member(1, D(20260110), 900);
  ClaimNumber number;
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_ASSIGN_OR_RETURN(
                  const Claim claim,
                  ReportClaim(tx, agency_, {member.person_id, DeathOn(D(20260301)), {}, true},
                              Act(D(20260302))));
              number = claim.number;
              return Done{};
            }),
            "");
  EXPECT_EQ(StateOf(number), ClaimState::kDraft);
  EXPECT_EQ(Complete(number, D(20260302)), "claim.wrong_state");
  EXPECT_EQ(Change(number, {.facts = {}, .payees = std::vector{Spouse()}}, D(20260303)), "");
  EXPECT_EQ(StateOf(number), ClaimState::kDraft);
  EXPECT_EQ(Change(number, {.facts = {}, .payees = {}, .hand_in = true}, D(20260304)), "");
  EXPECT_EQ(StateOf(number), ClaimState::kReported);
  EXPECT_EQ(Change(number, {.facts = SavingsOn(D(20260301)), .payees = {}}, D(20260304)),
            "claim.kind_differs");
}

TEST_P(ClaimDeskTest, FactsAreReadAsTheyWereTold) {
  ClaimFacts facts;
  facts.kind = ClaimKind::kAccident;
  facts.on = D(20260301);
  facts.outcome = AccidentOutcome::kPartialDisability;
  facts.spent = {{"jkk-care", Rp(500), {}}, {"jkk-glasses", Rp(7), Rp(9)}};
  facts.months_unable = 3;
  facts.days_unable = 12;
  facts.disabilities = {{"eye-one", {}, Rate::FromPpm(7)}, {"ear", Rate::FromPpm(500'000), {}}};
  facts.children = 2;
  facts.heirs = {Relation::kParentInLaw};
  const std::string text = WriteFacts(facts);
  const ClaimFacts read = *ReadFacts(text);
  EXPECT_EQ(WriteFacts(read), text);
  EXPECT_EQ(read.spent[1].price, Rp(9));
  EXPECT_EQ(read.disabilities[1].loss, Rate::FromPpm(500'000));
  EXPECT_EQ(read.days_unable, 12);
  ClaimFacts savings = SavingsOn(D(20260301), SavingsReason::kLeftEmployer);
  savings.left_on = D(20260101);
  savings.asked = Rp(5);
  EXPECT_EQ(WriteFacts(*ReadFacts(WriteFacts(savings))), WriteFacts(savings));
  for (const char* bad : {"kind nothing", "on 2026-02-30", "unable 1", "children -1", "spent",
                          "unable 1 31", "heir nobody", "disability eye 1000001 -", "more 1"}) {
    EXPECT_EQ(ReadFacts(bad).error().rule, "claim.facts_malformed") << bad;
  }
  const std::vector<ClaimPayee> payees = {Spouse(), Herself(1, "ABC123")};
  EXPECT_EQ(WritePayees(*ReadPayees(WritePayees(payees))), WritePayees(payees));
}

TEST_P(ClaimDeskTest, WhatIsToldLiesSealed) {
  const MemberNumber member = Member(1, D(20260110), 900);
  const ClaimNumber number =
      Report(member, DeathOn(D(20260301)), {Spouse("98765432")}, D(20260302));
  std::string stored;
  EXPECT_TRUE(db().Read([&](Tx& tx) {
    return tx.Query("SELECT told_sealed FROM claim_record", {},
                    [&](const Row& row) { stored += row.Blob(0); });
  }));
  EXPECT_GT(stored.size(), 100U);
  EXPECT_EQ(stored.find("98765432"), std::string::npos);
  EXPECT_EQ(stored.find("spouse"), std::string::npos);
  EXPECT_EQ(See(number, D(20260302)).payees[0].account, "98765432");
}

}  // namespace
}  // namespace jaring
