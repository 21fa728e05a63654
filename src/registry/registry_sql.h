#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertAgency = R"sql(
INSERT INTO agency (agency_id, scheme, created_at, is_demo, key_check) VALUES (1, $1, $2, $3, $4)
)sql";

inline constexpr std::string_view kFindAgency = R"sql(
SELECT scheme, is_demo FROM agency WHERE agency_id = 1
)sql";

inline constexpr std::string_view kInsertRegion = R"sql(
INSERT INTO region (region_code, parent_code, name) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kFindRegion = R"sql(
SELECT name FROM region WHERE region_code = $1
)sql";

inline constexpr std::string_view kInsertBranch = R"sql(
INSERT INTO branch (branch_id, code, name) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kListBranches = R"sql(
SELECT branch_id, code, name FROM branch ORDER BY code
)sql";

inline constexpr std::string_view kFindBranch = R"sql(
SELECT branch_id, code, name FROM branch WHERE code = $1
)sql";

inline constexpr std::string_view kInsertBranchRegency = R"sql(
INSERT INTO branch_regency (regency_code, branch_id) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kFindBranchOfRegency = R"sql(
SELECT branch_id FROM branch_regency WHERE regency_code = $1
)sql";

inline constexpr std::string_view kInsertGroup = R"sql(
INSERT INTO member_group (group_id, code, name, kind, branch_id, payer)
VALUES ($1, $2, $3, $4, $5, $6)
)sql";

inline constexpr std::string_view kListGroups = R"sql(
SELECT group_id, code, name, kind, branch_id, payer FROM member_group ORDER BY code
)sql";

inline constexpr std::string_view kFindGroup = R"sql(
SELECT group_id, code, name, kind, branch_id, payer FROM member_group WHERE code = $1
)sql";

inline constexpr std::string_view kFindServedRegency = R"sql(
SELECT 1 FROM branch_regency WHERE branch_id = $1 AND regency_code BETWEEN $2 AND $3 LIMIT 1
)sql";

// $1: after this one; $2: branch, $3: group (0: any); $4, $5: regencies from and to (0: any); $6:
// at most so many.
inline constexpr std::string_view kPageGroups = R"sql(
SELECT group_id, code, name, kind, branch_id, payer FROM member_group
WHERE group_id > $1 AND ($2 = 0 OR branch_id = $2) AND ($3 = 0 OR group_id = $3)
  AND ($4 = 0 OR branch_id IN
    (SELECT branch_id FROM branch_regency WHERE regency_code BETWEEN $4 AND $5))
ORDER BY group_id LIMIT $6
)sql";

inline constexpr std::string_view kRenameGroup = R"sql(
UPDATE member_group SET name = $2 WHERE group_id = $1
)sql";

inline constexpr std::string_view kInsertPartner = R"sql(
INSERT INTO partner (partner_id, code, name) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kListPartners = R"sql(
SELECT partner_id, code, name FROM partner ORDER BY code
)sql";

inline constexpr std::string_view kFindPartner = R"sql(
SELECT partner_id, code, name FROM partner WHERE code = $1
)sql";

inline constexpr std::string_view kFindPersonByNik = R"sql(
SELECT person_id FROM person_nik WHERE nik_sealed = $1
)sql";

inline constexpr std::string_view kInsertPerson = R"sql(
INSERT INTO person
  (person_id, nik_sealed, name, birth_date, sex, village_code, phone_sealed, language, warnings,
   created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

inline constexpr std::string_view kInsertPersonNik = R"sql(
INSERT INTO person_nik (nik_sealed, person_id) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kInsertPersonPhone = R"sql(
INSERT INTO person_phone (phone_sealed, person_id) VALUES ($1, $2)
ON CONFLICT (phone_sealed, person_id) DO NOTHING
)sql";

inline constexpr std::string_view kFindPeopleByPhone = R"sql(
SELECT person_id FROM person_phone WHERE phone_sealed = $1 ORDER BY person_id LIMIT 20
)sql";

inline constexpr std::string_view kRemovePhone = R"sql(
DELETE FROM person_phone WHERE phone_sealed = $1 AND person_id = $2
)sql";

inline constexpr std::string_view kSetPhone = R"sql(
UPDATE person SET phone_sealed = $2 WHERE person_id = $1
)sql";

inline constexpr std::string_view kFindLikeness = R"sql(
SELECT person_id FROM person_likeness WHERE likeness = $1
)sql";

inline constexpr std::string_view kInsertLikeness = R"sql(
INSERT INTO person_likeness (likeness, person_id) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kInsertSuspectedDuplicate = R"sql(
INSERT INTO suspected_duplicate (person_id, other_person_id, noticed_at) VALUES ($1, $2, $3)
)sql";

// $1: before this person. Those merged meanwhile need no more looking at.
inline constexpr std::string_view kPageSuspectedDuplicates = R"sql(
SELECT d.person_id, d.other_person_id FROM suspected_duplicate d
WHERE d.person_id < $1
  AND NOT EXISTS (SELECT 1 FROM merged_person m WHERE m.person_id = d.person_id)
  AND NOT EXISTS (SELECT 1 FROM merged_person m WHERE m.person_id = d.other_person_id)
ORDER BY d.person_id DESC, d.other_person_id LIMIT $2
)sql";

inline constexpr std::string_view kFindNameAndVillage = R"sql(
SELECT name, village_code FROM person WHERE person_id = $1
)sql";

inline constexpr std::string_view kFindCohort = R"sql(
SELECT cohort_id FROM cohort
WHERE branch_id = $1 AND regency_code = $2 AND sector = $3 AND group_id = $4 AND door = $5
)sql";

inline constexpr std::string_view kInsertCohort = R"sql(
INSERT INTO cohort (cohort_id, branch_id, regency_code, sector, group_id, door)
VALUES ($1, $2, $3, $4, $5, $6)
)sql";

inline constexpr std::string_view kInsertMembership = R"sql(
INSERT INTO membership
  (person_id, membership_seq, acquired_on, programmes, income_rupiah, trade, payer, start_rule,
   cohort_id, first_month, paid_through, cover_from, credit_rupiah, ended_on,
   village_code)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql";

inline constexpr std::string_view kFindNewestMembership = R"sql(
SELECT person_id, membership_seq, acquired_on, programmes, income_rupiah, trade, payer, start_rule,
       cohort_id, first_month, paid_through, cover_from, credit_rupiah, ended_on,
       village_code
FROM membership WHERE person_id = $1 ORDER BY membership_seq DESC LIMIT 1
)sql";

inline constexpr std::string_view kListMembershipsOfPerson = R"sql(
SELECT person_id, membership_seq, acquired_on, programmes, income_rupiah, trade, payer, start_rule,
       cohort_id, first_month, paid_through, cover_from, credit_rupiah, ended_on,
       village_code
FROM membership WHERE person_id = $1 ORDER BY membership_seq
)sql";

inline constexpr std::string_view kUpdateMembership = R"sql(
UPDATE membership SET first_month = $3, paid_through = $4, cover_from = $5, credit_rupiah = $6
WHERE person_id = $1 AND membership_seq = $2
)sql";

inline constexpr std::string_view kEndMemberships = R"sql(
UPDATE membership SET ended_on = $2 WHERE person_id = $1 AND ended_on IS NULL
)sql";

inline constexpr std::string_view kInsertMembershipEnd = R"sql(
INSERT INTO membership_end (person_id, membership_seq, ended_on, reason, recorded_at)
VALUES ($1, $2, $3, $4, $5)
)sql";

inline constexpr std::string_view kListMembershipEnds = R"sql(
SELECT ended_on, reason, recorded_at FROM membership_end WHERE person_id = $1
)sql";

inline constexpr std::string_view kFindPersonIdentity = R"sql(
SELECT name, birth_date FROM person WHERE person_id = $1
)sql";

inline constexpr std::string_view kFindPerson = R"sql(
SELECT name, birth_date, sex, village_code, phone_sealed, language, warnings
FROM person WHERE person_id = $1
)sql";

inline constexpr std::string_view kInsertIntake = R"sql(
INSERT INTO intake (kind, sha256, intake_id, received_at, row_count) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, sha256) DO NOTHING
)sql";

inline constexpr std::string_view kFindIntake = R"sql(
SELECT received_at FROM intake WHERE kind = $1 AND sha256 = $2
)sql";

inline constexpr std::array kRegistryStatements = {kInsertAgency,
                                                   kFindAgency,
                                                   kInsertRegion,
                                                   kFindRegion,
                                                   kInsertBranch,
                                                   kListBranches,
                                                   kFindBranch,
                                                   kInsertBranchRegency,
                                                   kFindBranchOfRegency,
                                                   kInsertGroup,
                                                   kListGroups,
                                                   kFindGroup,
                                                   kFindServedRegency,
                                                   kPageGroups,
                                                   kRenameGroup,
                                                   kInsertPartner,
                                                   kListPartners,
                                                   kFindPartner,
                                                   kFindPersonByNik,
                                                   kInsertPerson,
                                                   kInsertPersonNik,
                                                   kInsertPersonPhone,
                                                   kFindPeopleByPhone,
                                                   kRemovePhone,
                                                   kSetPhone,
                                                   kFindLikeness,
                                                   kInsertLikeness,
                                                   kInsertSuspectedDuplicate,
                                                   kPageSuspectedDuplicates,
                                                   kFindNameAndVillage,
                                                   kFindCohort,
                                                   kInsertCohort,
                                                   kInsertMembership,
                                                   kFindNewestMembership,
                                                   kListMembershipsOfPerson,
                                                   kUpdateMembership,
                                                   kEndMemberships,
                                                   kInsertMembershipEnd,
                                                   kListMembershipEnds,
                                                   kFindPersonIdentity,
                                                   kFindPerson,
                                                   kInsertIntake,
                                                   kFindIntake};

}  // namespace jaring::sql
