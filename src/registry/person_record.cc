#include "registry/person_record.h"

#include "registry/person_identity.h"
#include "registry/person_sql.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

Result<Done> LoadMemberships(Tx& tx, const Agency& agency, PersonRecord& person) {
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListMembershipsOfPerson, {person.person_id}, [&](const Row& row) {
        person.memberships.push_back({.membership = ReadMembership(agency.scheme, row)});
      }));
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kListMembershipPlaces, {person.person_id}, [&](const Row& row) {
        for (MembershipRecord& record : person.memberships) {
          if (record.membership.member.membership_seq == row.Int(0)) {
            record.branch = row.Text(1);
            record.group = row.Text(2);
            record.door = static_cast<Door>(row.Int(3));
            record.branch_name = row.Text(4);
          }
        }
      }));
  return tx.Query(sql::kListMembershipEnds, {person.person_id}, [&](const Row& row) {
    for (MembershipRecord& record : person.memberships) {
      if (record.membership.ended_on && record.membership.ended_on->number() == row.Int(0)) {
        record.end_reason = static_cast<EndReason>(row.Int(1));
      }
    }
  });
}

}  // namespace

Result<PersonRecord> ReadPerson(Tx& tx, const Agency& agency, std::int64_t person_id) {
  PersonRecord person{.person_id = person_id};
  std::string nik_sealed;
  std::string phone_sealed;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kReadPerson, {person_id}, [&](const Row& row) {
    const auto birth_date = Date::ParseNumber(row.Int(2));
    JARING_CHECK(birth_date.has_value());
    nik_sealed = row.Blob(0);
    person.name = row.Text(1);
    person.birth_date = *birth_date;
    person.sex = static_cast<Sex>(row.Int(3));
    person.village_code = row.Int(4);
    person.village_name = row.Text(5);
    phone_sealed = row.IsNull(6) ? "" : row.Blob(6);
    person.language = row.Text(7);
    person.warnings = row.Int(8);
    person.created_at = Instant::FromMicros(row.Int(9));
  }));
  if (nik_sealed.empty()) {
    return NotFound("member.unknown");
  }
  JARING_ASSIGN_OR_RETURN(person.nik, agency.sealer.Unseal(nik_sealed));
  if (!phone_sealed.empty()) {
    JARING_ASSIGN_OR_RETURN(person.phone, agency.sealer.Unseal(phone_sealed));
  }
  JARING_RETURN_IF_ERROR(LoadMemberships(tx, agency, person));
  return person;
}

Result<Done> ChangePerson(Tx& tx, const Agency& agency, std::int64_t person_id,
                          const PersonChange& change, Instant now) {
  JARING_ASSIGN_OR_RETURN(const PersonRecord person, ReadPerson(tx, agency, person_id));
  const std::string language = change.language.value_or(person.language);
  if (!IsLanguageCode(language)) {
    return Invalid("language.unknown");
  }
  const std::int64_t village_code = change.village_code.value_or(person.village_code);
  bool known = false;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindRegion, {village_code}, [&](const Row&) { known = true; }));
  if (!known || village_code < 1'000'000'000) {  // Ten digits: a village.
    return Invalid("village.unknown");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kChangePerson, {person_id, language, village_code}));
  return RefreshLikeness(tx, person_id,
                         LikenessOf(person.name, person.birth_date, person.village_code),
                         LikenessOf(person.name, person.birth_date, village_code), now);
}

bool IsLanguageCode(std::string_view code) {
  bool letters = code.size() == 2 || code.size() == 3;
  for (const char c : code) {
    letters = letters && c >= 'a' && c <= 'z';
  }
  return letters;
}

}  // namespace jaring
