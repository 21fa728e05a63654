#include "registry/kept_person.h"

#include "registry/person_care_sql.h"

namespace jaring {

Result<std::int64_t> KeptPersonOf(Tx& tx, std::int64_t person_id, std::optional<Instant> known_at) {
  std::int64_t kept = person_id;
  const auto read = [&](const Row& row) { kept = row.Int(0); };
  if (known_at) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindKeptPersonAt, {person_id, known_at->micros()}, read));
  } else {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kFindKeptPerson, {person_id}, read));
  }
  return kept;
}

Result<MemberNumber> KeptMemberOf(Tx& tx, const MemberNumber& member) {
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, member.person_id));
  return kept == member.person_id ? member : MemberNumber{kept, 1};
}

Result<std::vector<std::int64_t>> PersonsOf(Tx& tx, std::int64_t kept_person_id,
                                            std::optional<Instant> known_at) {
  std::vector<std::int64_t> persons = {kept_person_id};
  const auto read = [&](const Row& row) { persons.push_back(row.Int(0)); };
  if (known_at) {
    JARING_RETURN_IF_ERROR(
        tx.Query(sql::kListMergedPersonsAt, {kept_person_id, known_at->micros()}, read));
  } else {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kListMergedPersons, {kept_person_id}, read));
  }
  return persons;
}

}  // namespace jaring
