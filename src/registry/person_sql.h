#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kReadPerson = R"sql(
SELECT p.nik_sealed, p.name, p.birth_date, p.sex, p.village_code, COALESCE(r.name, ''),
       p.phone_sealed, p.language, p.warnings, p.created_at
FROM person p LEFT JOIN region r ON r.region_code = p.village_code
WHERE p.person_id = $1
)sql";

inline constexpr std::string_view kListMembershipPlaces = R"sql(
SELECT m.membership_seq, COALESCE(b.code, ''), COALESCE(g.code, ''), c.door,
       COALESCE(b.name, '')
FROM membership m JOIN cohort c ON c.cohort_id = m.cohort_id
LEFT JOIN branch b ON b.branch_id = c.branch_id
LEFT JOIN member_group g ON g.group_id = c.group_id
WHERE m.person_id = $1 ORDER BY m.membership_seq
)sql";

inline constexpr std::string_view kFindPersonsByPhone = R"sql(
SELECT person_id FROM person_phone WHERE phone_sealed = $1 ORDER BY person_id LIMIT 200
)sql";

inline constexpr std::string_view kFindPersonsByBirthDate = R"sql(
SELECT person_id, name FROM person WHERE birth_date = $1 ORDER BY person_id
)sql";

inline constexpr std::string_view kFindPersonsByVillage = R"sql(
SELECT person_id, name FROM person WHERE village_code = $1 ORDER BY person_id
)sql";

inline constexpr std::string_view kChangePerson = R"sql(
UPDATE person SET language = $2, village_code = $3 WHERE person_id = $1
)sql";

inline constexpr std::array kPersonStatements = {kReadPerson,           kListMembershipPlaces,
                                                 kFindPersonsByPhone,   kFindPersonsByBirthDate,
                                                 kFindPersonsByVillage, kChangePerson};

}  // namespace jaring::sql
