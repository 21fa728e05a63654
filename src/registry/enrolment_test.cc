#include "registry/enrolment.h"

#include "registry/agency_fixture.h"

namespace jaring {
namespace {

class EnrolmentTest : public AgencyTest {
 protected:
  std::string Rule(const std::function<void(Enrolment&)>& change,
                   const EnrolmentSource& source = {}) {
    Enrolment row = PersonNumber(1);
    change(row);
    return Enrol(row, kDay, source).rule;
  }
  std::int64_t People() { return Number("SELECT COUNT(*) FROM person"); }

  static inline const Date kDay = D(20260105);
};

JARING_ON_EACH_ENGINE(EnrolmentTest);

TEST_P(EnrolmentTest, RejectsWhatIsWrongAndSaysWhy) {
  EXPECT_EQ(Rule([](Enrolment& e) { e.name = " "; }), "name.empty");
  EXPECT_EQ(Rule([](Enrolment& e) { e.name = std::string(101, 'x'); }), "name.too_long");
  EXPECT_EQ(Rule([](Enrolment& e) { e.name = std::string("a\0b", 3); }), "name.not_a_name");
  EXPECT_EQ(Rule([](Enrolment& e) { e.name = "\xff"; }), "name.not_a_name");
  EXPECT_EQ(Rule([](Enrolment& e) { e.birth_date = D(20260106); }), "birth_date.future");
  EXPECT_EQ(Rule([](Enrolment& e) { e.birth_date = D(19040101); }), "birth_date.implausible");
  EXPECT_EQ(Rule([](Enrolment& e) { e.programmes = ProgrammeSet().With(Programme::kJht); }),
            "programmes.compulsory_missing");
  EXPECT_EQ(Rule([](Enrolment& e) { e.income = Rp(-1); }), "income.negative");
  EXPECT_EQ(Rule([](Enrolment& e) { e.village_code = 3372011009; }), "village.unknown");
  EXPECT_EQ(Rule([](Enrolment& e) { e.village_code = 337201; }), "village.unknown");
  EXPECT_EQ(Rule([](Enrolment& e) { e.village_code = kFarVillage; }), "village.not_served");
  EXPECT_EQ(Rule([](Enrolment& e) { e.birth_date = D(19610105); }), "membership.over_joining_age");
  EXPECT_EQ(People(), 0);
  EXPECT_EQ(Rule([](Enrolment& e) { e.birth_date = D(19610106); }), "");
  // A group or a named branch serves anybody.
  const EnrolmentSource source{.group = {}, .branch_id = 2};
  EXPECT_EQ(Enrol(
                [] {
                  Enrolment far = PersonNumber(7);
                  far.village_code = kFarVillage;
                  return far;
                }(),
                kDay, source)
                .rule,
            "");
}

TEST_P(EnrolmentTest, ANikIsOnePersonWithinASetAndAcrossSets) {
  Enrolment other_name = PersonNumber(1);
  other_name.name = "Salah Tulis";
  Enrolment other_birth = PersonNumber(1);
  other_birth.birth_date = D(19800516);
  Enrolment stranger = other_name;
  stranger.birth_date = D(19700101);
  MemberNumber member;
  for (const bool again : {false, true}) {
    const auto out =
        EnrolAll({PersonNumber(1), other_name, stranger, PersonNumber(2), other_birth}, kDay);
    EXPECT_EQ(out[0].status, again ? EnrolmentStatus::kRepeated : EnrolmentStatus::kAccepted);
    EXPECT_EQ(out[0].warnings, 0);
    EXPECT_EQ(out[1].status, EnrolmentStatus::kRepeated);
    EXPECT_EQ(out[1].warnings, static_cast<std::int64_t>(PersonWarning::kNameDiffersFromRegister));
    EXPECT_EQ(out[2].rule, "nik.belongs_to_another");
    EXPECT_EQ(out[3].status, again ? EnrolmentStatus::kRepeated : EnrolmentStatus::kAccepted);
    EXPECT_EQ(out[4].status, EnrolmentStatus::kRepeated);
    EXPECT_EQ(out[4].warnings,
              static_cast<std::int64_t>(PersonWarning::kBirthDateDiffersFromRegister));
    EXPECT_EQ(out[0].member, out[1].member);
    EXPECT_EQ(out[0].member, out[4].member);
    EXPECT_NE(out[0].member, out[3].member);
    EXPECT_EQ(People(), 2);
    member = out[0].member;
  }
  EXPECT_EQ(Number("SELECT SUM(registered) FROM coverage_counter WHERE month <> 0"), 2);
  EXPECT_EQ(MembershipOf(member).spell.acquired_on, kDay);
}

TEST_P(EnrolmentTest, ABadFirstRowDoesNotHideAGoodSecondOne) {
  Enrolment too_old = PersonNumber(1);
  too_old.birth_date = D(19500101);
  const auto out = EnrolAll({too_old, PersonNumber(1), PersonNumber(1)}, kDay);
  EXPECT_EQ(out[0].rule, "membership.over_joining_age");
  EXPECT_EQ(out[1].status, EnrolmentStatus::kAccepted);
  EXPECT_EQ(out[2].status, EnrolmentStatus::kRepeated);
  EXPECT_EQ(out[2].member, out[1].member);
  EXPECT_EQ(People(), 1);
}

TEST_P(EnrolmentTest, FlagsLookAlikesAndDifferencesFromTheNik) {
  Enrolment twin = PersonNumber(2);
  twin.name = "  WARGA   1 ";
  Enrolment third = PersonNumber(3);
  third.name = "warga 1";
  Enrolment woman = PersonNumber(4);
  woman.sex = Sex::kFemale;
  woman.birth_date = D(19810515);
  const auto first = EnrolAll({PersonNumber(1), twin}, kDay);
  const auto looks = static_cast<std::int64_t>(PersonWarning::kLooksLikeAnother);
  EXPECT_EQ(first[0].warnings | first[1].warnings, looks);
  EXPECT_EQ(Enrol(third, kDay).warnings, looks);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM suspected_duplicate"), 3);
  EXPECT_EQ(Enrol(woman, kDay).warnings,
            static_cast<std::int64_t>(PersonWarning::kBirthDateDiffersFromNik) |
                static_cast<std::int64_t>(PersonWarning::kSexDiffersFromNik));
}

TEST_P(EnrolmentTest, OneWhoLapsedJoinsAgainAndTakesTheCreditAlong) {
  const MemberNumber member = Enrol(PersonNumber(1), kDay).member;
  scratch().Run(
      "UPDATE membership SET first_month = 202601, paid_through = 202601, cover_from = 20260105,"
      " credit_rupiah = 70");
  Enrolment richer = PersonNumber(1);
  richer.income = Rp(2'000);
  EXPECT_EQ(Enrol(richer, D(20260430)).status, EnrolmentStatus::kRepeated);  // Grace.
  const auto again = EnrolAll({richer, richer}, D(20260501));
  EXPECT_EQ(again[0].status, EnrolmentStatus::kAccepted);
  EXPECT_EQ(again[1].status, EnrolmentStatus::kRepeated);
  EXPECT_EQ(again[0].member, (MemberNumber{member.person_id, 2}));
  EXPECT_EQ(MembershipOf(member).credit, Money());
  EXPECT_EQ(MembershipOf(again[0].member).credit, Rp(70));
  EXPECT_EQ(MembershipOf(again[0].member).terms.income, Rp(2'000));
  EXPECT_EQ(MembershipOf(member).spell.paid_through, M(202601));
  EXPECT_EQ(Number("SELECT SUM(registered) FROM coverage_counter WHERE month <> 0"),
            1);  // Still one person.
}

TEST_P(EnrolmentTest, AMemberIsRepeatedAtAnyAgeButTooOldToJoinAgain) {
  Enrolment old = PersonNumber(1);
  old.birth_date = D(19610301);
  Enrol(old, kDay);
  scratch().Run("UPDATE membership SET first_month = 202601, paid_through = 202612");
  EXPECT_EQ(Enrol(old, D(20261201)).status, EnrolmentStatus::kRepeated);
  EXPECT_EQ(Enrol(old, D(20270601)).rule, "membership.over_joining_age");
}

TEST_P(EnrolmentTest, ManyMembershipsHaveAnEnd) {
  const MemberNumber member = Enrol(PersonNumber(1), kDay).member;
  scratch().Run(
      "UPDATE membership SET membership_seq = 98, first_month = 202401, paid_through = 202401");
  EXPECT_EQ(Enrol(PersonNumber(1), kDay).member, (MemberNumber{member.person_id, 99}));
  scratch().Run("UPDATE membership SET first_month = 202401, paid_through = 202401");
  EXPECT_EQ(Enrol(PersonNumber(1), kDay).rule, "person.too_many_memberships");
}

TEST_P(EnrolmentTest, KeepsWhoBroughtWhom) {
  const Group sponsor = NewGroup("pemkot", GroupKind::kSponsor, Payer::kGovernment);
  const Membership m =
      MembershipOf(Enrol(PersonNumber(1), kDay, {.group = sponsor, .door = Door::kKiosk}).member);
  EXPECT_EQ(m.terms.payer, Payer::kGovernment);
  EXPECT_EQ(m.spell.start_rule, StartRule::kAcquisition);
  EXPECT_EQ(Number("SELECT group_id FROM cohort"), sponsor.group_id);
  EXPECT_EQ(Number("SELECT door FROM cohort"), 3);
  EXPECT_EQ(Number("SELECT branch_id FROM cohort"), 1);
  EXPECT_EQ(Number("SELECT regency_code FROM cohort"), 3372);
}

TEST_P(EnrolmentTest, ACompanyBringsMembershipsThatItPaysFor) {
  const Group company = NewGroup("pabrik", GroupKind::kEmployer, Payer::kEmployer);
  const MemberNumber member = Enrol(PersonNumber(1), kDay, {.group = company}).member;
  EXPECT_EQ(MembershipOf(member).terms.payer, Payer::kEmployer);
  EXPECT_EQ(Number("SELECT payer FROM membership"), 2);
  EXPECT_EQ(Number("SELECT payer FROM member_group"), 2);
}

}  // namespace
}  // namespace jaring
