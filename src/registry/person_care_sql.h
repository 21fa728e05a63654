#pragma once

#include <array>
#include <string_view>

#include "registry/sealed_column.h"

namespace jaring::sql {

inline constexpr std::string_view kFindKeptPerson = R"sql(
SELECT kept_person_id FROM merged_person WHERE person_id = $1
)sql";

inline constexpr std::string_view kListMergedPersons = R"sql(
SELECT person_id FROM merged_person WHERE kept_person_id = $1 ORDER BY person_id
)sql";

inline constexpr std::string_view kFindKeptPersonAt = R"sql(
SELECT kept_person_id FROM person_merge
WHERE person_id = $1 AND merged_at <= $2 AND (undone_at IS NULL OR undone_at > $2)
)sql";

inline constexpr std::string_view kListMergedPersonsAt = R"sql(
SELECT person_id FROM person_merge
WHERE kept_person_id = $1 AND merged_at <= $2 AND (undone_at IS NULL OR undone_at > $2)
ORDER BY person_id
)sql";

// $1: a person. The last column: 1 when she is one with another person, whose spells count too.
inline constexpr std::string_view kListOwnSpells = R"sql(
SELECT person_id, membership_seq, acquired_on, programmes, income_rupiah, trade, payer, start_rule,
       cohort_id, first_month, paid_through, cover_from, credit_rupiah, ended_on,
       village_code,
       CASE WHEN EXISTS (SELECT 1 FROM merged_person o WHERE o.person_id = $1)
              OR EXISTS (SELECT 1 FROM merged_person o WHERE o.kept_person_id = $1)
            THEN 1 ELSE 0 END
FROM membership WHERE person_id = $1 ORDER BY membership_seq
)sql";

// Those who were found to look like this person.
inline constexpr std::string_view kListSuspectedOf = R"sql(
SELECT person_id FROM suspected_duplicate WHERE other_person_id = $1
)sql";

inline constexpr std::string_view kDeleteSuspectedOf = R"sql(
DELETE FROM suspected_duplicate WHERE person_id = $1 OR other_person_id = $1
)sql";

inline constexpr std::string_view kDeleteLikeness = R"sql(
DELETE FROM person_likeness WHERE likeness = $1 AND person_id = $2
)sql";

// 4: PersonWarning::kLooksLikeAnother.
inline constexpr std::string_view kMarkLookAlike = R"sql(
UPDATE person SET warnings = warnings + 4
WHERE person_id = $1 AND (warnings & 4) = 0
  AND EXISTS (SELECT 1 FROM suspected_duplicate d WHERE d.person_id = $1)
)sql";

inline constexpr std::string_view kUnmarkLookAlike = R"sql(
UPDATE person SET warnings = warnings - 4
WHERE person_id = $1 AND (warnings & 4) = 4
  AND NOT EXISTS (SELECT 1 FROM suspected_duplicate d WHERE d.person_id = $1)
)sql";

inline constexpr std::string_view kFindWholePerson = R"sql(
SELECT nik_sealed, name, birth_date, sex, village_code, phone_sealed, warnings
FROM person WHERE person_id = $1
)sql";

inline constexpr std::string_view kUpdateIdentity = R"sql(
UPDATE person SET nik_sealed = $2, name = $3, birth_date = $4, sex = $5, warnings = $6
WHERE person_id = $1
)sql";

inline constexpr std::string_view kDeletePersonNik = R"sql(
DELETE FROM person_nik WHERE nik_sealed = $1 AND person_id = $2
)sql";

inline constexpr std::string_view kListCorrectedFrom = R"sql(
SELECT change_id, from_sealed FROM person_correction
WHERE change_id > $1 ORDER BY change_id LIMIT $2
)sql";

inline constexpr std::string_view kResealCorrectedFrom = R"sql(
UPDATE person_correction SET from_sealed = $3 WHERE change_id = $1 AND from_sealed = $2
)sql";

inline constexpr std::string_view kCountCorrectedFrom = R"sql(
SELECT substr(from_sealed, 1, 1) AS mark, COUNT(*) FROM person_correction GROUP BY 1
)sql";

inline constexpr std::string_view kListCorrectedTo = R"sql(
SELECT change_id, to_sealed FROM person_correction
WHERE change_id > $1 ORDER BY change_id LIMIT $2
)sql";

inline constexpr std::string_view kResealCorrectedTo = R"sql(
UPDATE person_correction SET to_sealed = $3 WHERE change_id = $1 AND to_sealed = $2
)sql";

inline constexpr std::string_view kCountCorrectedTo = R"sql(
SELECT substr(to_sealed, 1, 1) AS mark, COUNT(*) FROM person_correction GROUP BY 1
)sql";

inline constexpr std::string_view kInsertCorrection = R"sql(
INSERT INTO person_correction (person_id, correction_id, change_id, field, from_sealed, to_sealed,
                               reason, applied_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

inline constexpr std::string_view kListCorrections = R"sql(
SELECT correction_id, field, from_sealed, to_sealed, reason, applied_at
FROM person_correction WHERE person_id = $1 ORDER BY correction_id, field
)sql";

inline constexpr std::array kPersonCareStatements = {
    kFindKeptPerson,      kListMergedPersons,  kFindKeptPersonAt,  kListMergedPersonsAt,
    kListOwnSpells,       kListSuspectedOf,    kDeleteSuspectedOf, kDeleteLikeness,
    kMarkLookAlike,       kUnmarkLookAlike,    kFindWholePerson,   kUpdateIdentity,
    kDeletePersonNik,     kInsertCorrection,   kListCorrections,   kListCorrectedFrom,
    kResealCorrectedFrom, kCountCorrectedFrom, kListCorrectedTo,   kResealCorrectedTo,
    kCountCorrectedTo};

}  // namespace jaring::sql

namespace jaring {

/// What corrections seal; `jaring key rotate` goes through it.
inline constexpr std::array kCorrectionSealedColumns = {
    SealedColumn{.place = "person_correction/from_sealed",
                 .list_sql = sql::kListCorrectedFrom,
                 .update_sql = sql::kResealCorrectedFrom,
                 .count_sql = sql::kCountCorrectedFrom},
    SealedColumn{.place = "person_correction/to_sealed",
                 .list_sql = sql::kListCorrectedTo,
                 .update_sql = sql::kResealCorrectedTo,
                 .count_sql = sql::kCountCorrectedTo}};

}  // namespace jaring
