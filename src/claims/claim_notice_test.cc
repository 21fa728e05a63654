// Notices: told by anybody, followed by a code, taken up as a claim or dismissed.

#include "claims/claim_notice.h"

#include "claims/claims_fixture.h"

namespace jaring {
namespace {

class ClaimNoticeTest : public ClaimsTest {
 protected:
  static NoticeReport DeathOf(const std::string& name, Date on = D(20260405)) {
    return {.kind = ClaimKind::kDeath,
            .on = on,
            .told = {.member_name = name,
                     .nik = {},
                     .member = {},
                     .place = "Pasar Gede",
                     .told = "Sakit sejak\nminggu lalu.",
                     .reporter_name = "Ibu Warga",
                     .reporter_phone = "081234567890",
                     .reporter_relation = "spouse"}};
  }

  NewNotice Send(const NoticeReport& report, Date on = D(20260406)) {
    NewNotice made;
    EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                JARING_ASSIGN_OR_RETURN(made, SendNotice(tx, agency_, report, Stranger(on)));
                return Done{};
              }),
              "");
    return made;
  }

  std::string RuleOf(const NoticeReport& report) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(SendNotice(tx, agency_, report, Stranger(D(20260406))));
      return Done{};
    });
  }

  Notice ByCode(const std::string& code) {
    Notice notice;
    EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
                JARING_ASSIGN_OR_RETURN(notice, FindNoticeByCode(tx, agency_, code));
                return Done{};
              }),
              "");
    return notice;
  }

  std::string TakeUp(const Notice& notice, std::int64_t person_id, Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(TakeUpNotice(tx, agency_, notice.notice_id, person_id, Act(on)));
      return Done{};
    });
  }

  std::string Dismiss(const Notice& notice, const std::string& reason) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          DismissNotice(tx, agency_, notice.notice_id, reason, Act(D(20260407))));
      return Done{};
    });
  }

  static ClaimAct Stranger(Date on) { return {Principal{}, Noon(on)}; }
};

JARING_ON_EACH_ENGINE(ClaimNoticeTest);

TEST_P(ClaimNoticeTest, IsTakenUpAsAClaimBegunWhenItWasTold) {
  const MemberNumber member = Member(1, D(20260110), 900);
  NoticeReport report = DeathOf("warga 1");
  report.told.member = member;
  const NewNotice made = Send(report);
  EXPECT_EQ(made.code.size(), 26U);
  EXPECT_EQ(made.notice.person_id, member.person_id);
  EXPECT_NE(made.notice.branch_id, 0);
  EXPECT_EQ(ByCode(made.code).state, NoticeState::kReceived);
  EXPECT_EQ(TakeUp(made.notice, member.person_id, D(20260410)), "");
  const Notice taken = ByCode(made.code);
  EXPECT_EQ(taken.state, NoticeState::kTakenUp);
  EXPECT_EQ(taken.told.told, report.told.told);
  EXPECT_EQ(taken.told.reporter_phone, "081234567890");
  ASSERT_TRUE(taken.claim);
  const ClaimView view = See(*taken.claim, D(20260410));
  EXPECT_EQ(view.claim.state, ClaimState::kReported);
  EXPECT_EQ(view.claim.begun_at, Noon(D(20260406)));
  EXPECT_EQ(view.steps.at(0).note, report.told.told);
  EXPECT_EQ(TakeUp(made.notice, member.person_id, D(20260411)), "notice.decided");
  EXPECT_EQ(Dismiss(made.notice, "other"), "notice.decided");
}

TEST_P(ClaimNoticeTest, NamesAPersonOnlyWhereNumberAndNameAgree) {
  const MemberNumber member = Member(2, D(20260110), 900);
  NoticeReport wrong_name = DeathOf("Slamet");
  wrong_name.told.member = member;
  EXPECT_FALSE(Send(wrong_name).notice.person_id);
  EXPECT_FALSE(Send(DeathOf("WARGA 2")).notice.person_id);  // No number.
  NoticeReport by_nik = DeathOf("WARGA 2");
  by_nik.told.nik = PersonNumber(2).nik;
  const NewNotice known = Send(by_nik);
  EXPECT_EQ(known.notice.person_id, member.person_id);
  by_nik.told.nik = PersonNumber(77).nik;
  EXPECT_FALSE(Send(by_nik).notice.person_id);
  std::vector<Notice> listed;
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_ASSIGN_OR_RETURN(listed, ListNotices(tx, agency_, NoticeState::kReceived,
                                                          known.notice.branch_id, 0, 10));
              return Done{};
            }),
            "");
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].notice_id, known.notice.notice_id);
}

TEST_P(ClaimNoticeTest, RefusesWhatIsNoNotice) {
  NoticeReport report = DeathOf("Warga");
  report.kind = ClaimKind::kSavings;
  EXPECT_EQ(RuleOf(report), "notice.kind_wrong");
  EXPECT_EQ(RuleOf(DeathOf("Warga", D(20260407))), "claim.event_in_future");
  EXPECT_EQ(RuleOf(DeathOf("")), "notice.text_malformed");
  EXPECT_EQ(RuleOf(DeathOf(std::string(101, 'a'))), "notice.text_malformed");
  EXPECT_EQ(RuleOf(DeathOf("a\x1f"
                           "b")),
            "notice.text_malformed");
  report = DeathOf("Warga");
  report.told.told = std::string(2'001, 'a');
  EXPECT_EQ(RuleOf(report), "notice.text_malformed");
  report = DeathOf("Warga");
  report.told.reporter_relation = "cousin";
  EXPECT_EQ(RuleOf(report), "notice.relation_unknown");
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(FindNoticeByCode(tx, agency_, "NOSUCHCODE"));
              return Done{};
            }),
            "notice.unknown");
}

TEST_P(ClaimNoticeTest, IsDismissedForAReason) {
  const NewNotice made = Send(DeathOf("Orang Lain"));
  EXPECT_EQ(Dismiss(made.notice, "because"), "notice.reason_unknown");
  EXPECT_EQ(Dismiss(made.notice, "member_unknown"), "");
  EXPECT_EQ(ByCode(made.code).reason, "member_unknown");
  EXPECT_EQ(TakeUp(made.notice, 100'000'001, D(20260407)), "notice.decided");
}

TEST_P(ClaimNoticeTest, AsksWhyAReportWasLate) {
  const MemberNumber member = Member(3, D(20260110), 900);
  ClaimFacts accident;
  accident.kind = ClaimKind::kAccident;
  accident.on = D(20260301);
  const ClaimNumber number = Report(member, accident, {}, D(20260303));  // The last day.
  EXPECT_EQ(Findings(number, D(20260303)).find("report_late"), std::string::npos);
  accident.outcome = AccidentOutcome::kRecovered;
  accident.established_on = D(20260310);
  const auto tell = [&](Date on) {
    return Do([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          ChangeClaim(tx, agency_, number, {.facts = accident, .payees = {}}, Act(on)));
      return Done{};
    });
  };
  EXPECT_EQ(tell(D(20260309)), "claim.finding_day_wrong");  // Not found yet.
  EXPECT_EQ(tell(D(20260313)), "");
  EXPECT_NE(Findings(number, D(20260313)).find("question check.second_report_late 2026-03-12"),
            std::string::npos);
  EXPECT_EQ(See(number, D(20260313)).second_report_by, D(20260312));
  EXPECT_EQ(tell(D(20260420)), "");  // Told before; when does not change.
  EXPECT_EQ(See(number, D(20260420)).facts.established_told, D(20260313));
  const ClaimNumber late = Report(member, accident, {}, D(20260314));
  EXPECT_NE(Findings(late, D(20260314)).find("question check.first_report_late 2026-03-03"),
            std::string::npos);
}

TEST_P(ClaimNoticeTest, AsksAboutADoctorOfMany) {
  ClaimFacts accident;
  accident.kind = ClaimKind::kAccident;
  accident.on = D(20260301);
  accident.doctor = "dr.  Contoh";
  std::vector<ClaimNumber> claims;
  for (int n = 10; n < 13; ++n) {
    claims.push_back(Report(Member(n, D(20260110), 900), accident, {}, D(20260302)));
    const bool asks =
        Findings(claims.back(), D(20260302)).find("check.doctor_of_many 3") != std::string::npos;
    EXPECT_EQ(asks, n == 12) << n;
    accident.doctor = "Dr. contoh";
  }
  accident.doctor = " dr. Contoh";
  EXPECT_EQ(Do([&](Tx& tx) -> Result<Done> {
              JARING_RETURN_IF_ERROR(ChangeClaim(
                  tx, agency_, claims[0], {.facts = accident, .payees = {}}, Act(D(20260302))));
              return Done{};
            }),
            "claim.doctor_malformed");
}

}  // namespace
}  // namespace jaring
