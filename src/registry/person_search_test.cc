#include "registry/person_search.h"

#include "registry/agency_fixture.h"
#include "registry/person_record.h"

namespace jaring {
namespace {

TEST(NameMatches, EachWordBeginsAWordOfTheName) {
  EXPECT_TRUE(NameMatches("Siti Nur Aminah", "aminah SITI"));
  EXPECT_TRUE(NameMatches("Siti Nur Aminah", "si am"));
  EXPECT_TRUE(NameMatches("H. Abdul-Rahman", "rahman"));
  EXPECT_FALSE(NameMatches("Siti Nur Aminah", "minah"));
  EXPECT_FALSE(NameMatches("Siti Nur Aminah", "siti budi"));
}

class PersonSearchTest : public AgencyTest {
 protected:
  std::vector<std::int64_t> Find(const PersonQuery& query, std::string_view rule = "") {
    std::vector<std::int64_t> found;
    const auto read = db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(found, FindPeople(tx, agency_, query));
      return Done{};
    });
    EXPECT_EQ(read ? "" : read.error().rule, rule);
    return found;
  }
};

JARING_ON_EACH_ENGINE(PersonSearchTest);

TEST_P(PersonSearchTest, FindsByEachWay) {
  const Enrolment row = PersonNumber(1);
  const MemberNumber member = Enrol(row, D(20260110)).member;
  Enrol(PersonNumber(2), D(20260110));
  const std::vector<std::int64_t> her = {member.person_id};
  EXPECT_EQ(Find({.nik = row.nik}), her);
  EXPECT_EQ(Find({.member = member}), her);
  EXPECT_EQ(Find({.member = MemberNumber{member.person_id, 9}}).size(), 0U);
  EXPECT_EQ(Find({.name = row.name, .birth_date = row.birth_date}).front(), member.person_id);
  EXPECT_EQ(Find({.name = row.name, .village_code = row.village_code}).front(), member.person_id);
}

TEST_P(PersonSearchTest, RefusesWhatIsNoQuestion) {
  Find({}, "search.query_unclear");
  Find({.name = "Budi"}, "search.query_unclear");
  Find({.birth_date = D(19900101)}, "search.query_unclear");
  Find({.name = "Budi", .birth_date = D(19900101), .village_code = 1}, "search.query_unclear");
  Find({.name = "a b", .birth_date = D(19900101)}, "search.name_too_short");
}

TEST_P(PersonSearchTest, ChangesLanguageAndVillageOnly) {
  const Enrolment row = PersonNumber(3);
  const std::int64_t person_id = Enrol(row, D(20260110)).member.person_id;
  const auto change = [&](const PersonChange& what) {
    std::string rule;
    (void)db().Write([&](Tx& tx) -> Result<Done> {
      auto done = ChangePerson(tx, agency_, person_id, what, Noon(D(20260111)));
      rule = done ? "" : done.error().rule;
      return done;
    });
    return rule;
  };
  EXPECT_EQ(change({.language = "jv"}), "");
  EXPECT_EQ(change({.language = "Java"}), "language.unknown");
  EXPECT_EQ(change({.village_code = 3'372'019'999}), "village.unknown");
  EXPECT_EQ(change({.village_code = 3372}), "village.unknown") << "no village but a city";
  EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, agency_, person_id));
    EXPECT_EQ(person.language, "jv");
    EXPECT_EQ(person.nik, row.nik.Reveal());
    EXPECT_EQ(person.village_code, row.village_code);
    EXPECT_EQ(person.memberships.size(), 1U);
    return Done{};
  }));
}

TEST_P(PersonSearchTest, AnotherVillageHasOtherLookAlikes) {
  Enrolment one = PersonNumber(1);
  Enrolment other = PersonNumber(2);
  other.name = one.name;
  other.village_code = kOtherVillage;
  Enrol(one, D(20260110));
  const std::int64_t person_id = Enrol(other, D(20260110)).member.person_id;
  const auto move = [&](std::int64_t village_code) {
    Write([&](Tx& tx) {
      return ChangePerson(tx, agency_, person_id, {.village_code = village_code},
                          Noon(D(20260111)));
    });
  };
  EXPECT_EQ(Number("SELECT COUNT(*) FROM suspected_duplicate"), 0);
  move(kVillage);
  EXPECT_GT(Number("SELECT COUNT(*) FROM suspected_duplicate"), 0);
  move(kOtherVillage);
  EXPECT_EQ(Number("SELECT COUNT(*) FROM suspected_duplicate"), 0);
}

}  // namespace
}  // namespace jaring
