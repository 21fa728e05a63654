#pragma once

#include <array>
#include <string_view>

#include "registry/sealed_column.h"

namespace jaring::sql {

// ---- Claims.

inline constexpr std::string_view kFindClaim = R"sql(
SELECT person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no, complete_on,
       due_on, gross_rupiah, tax_rupiah
FROM claim WHERE person_id = $1 AND claim_seq = $2
)sql";

inline constexpr std::string_view kListClaimsOfPerson = R"sql(
SELECT person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no, complete_on,
       due_on, gross_rupiah, tax_rupiah
FROM claim WHERE person_id = $1 ORDER BY claim_seq
)sql";

// Those of a state with the nearest deadline first, after a place in that order.
inline constexpr std::string_view kListClaimsByDeadline = R"sql(
SELECT person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no, complete_on,
       due_on, gross_rupiah, tax_rupiah
FROM claim
WHERE state = $1 AND (due_on, person_id, claim_seq) > ($2, $3, $4)
ORDER BY due_on, person_id, claim_seq LIMIT $5
)sql";

// Those without a deadline, in the order of people.
inline constexpr std::string_view kListClaimsWithoutDeadline = R"sql(
SELECT person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no, complete_on,
       due_on, gross_rupiah, tax_rupiah
FROM claim
WHERE state = $1 AND due_on IS NULL AND (person_id, claim_seq) > ($2, $3)
ORDER BY person_id, claim_seq LIMIT $4
)sql";

// The same two, of one branch.
inline constexpr std::string_view kListBranchClaimsByDeadline = R"sql(
SELECT person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no, complete_on,
       due_on, gross_rupiah, tax_rupiah
FROM claim
WHERE branch_id = $1 AND state = $2 AND (due_on, person_id, claim_seq) > ($3, $4, $5)
ORDER BY due_on, person_id, claim_seq LIMIT $6
)sql";

inline constexpr std::string_view kListBranchClaimsWithoutDeadline = R"sql(
SELECT person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no, complete_on,
       due_on, gross_rupiah, tax_rupiah
FROM claim
WHERE branch_id = $1 AND state = $2 AND due_on IS NULL AND (person_id, claim_seq) > ($3, $4)
ORDER BY person_id, claim_seq LIMIT $5
)sql";

inline constexpr std::string_view kInsertClaim = R"sql(
INSERT INTO claim (person_id, claim_seq, kind, event_on, branch_id, begun_at, state, step_no,
                   complete_on, due_on, gross_rupiah, tax_rupiah)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql";

inline constexpr std::string_view kUpdateClaim = R"sql(
UPDATE claim SET event_on = $3, state = $4, step_no = $5, complete_on = $6, due_on = $7,
                 gross_rupiah = $8, tax_rupiah = $9
WHERE person_id = $1 AND claim_seq = $2
)sql";

inline constexpr std::string_view kInsertClaimStep = R"sql(
INSERT INTO claim_step (person_id, claim_seq, step_no, state, at, actor_kind, actor_id, reason,
                        record_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql";

inline constexpr std::string_view kListClaimSteps = R"sql(
SELECT step_no, state, at, actor_kind, actor_id, reason, record_id
FROM claim_step WHERE person_id = $1 AND claim_seq = $2 ORDER BY step_no
)sql";

inline constexpr std::string_view kInsertClaimRecord = R"sql(
INSERT INTO claim_record (person_id, claim_seq, record_id, kind, at, actor_kind, actor_id,
                          told_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

inline constexpr std::string_view kListClaimRecords = R"sql(
SELECT record_id, kind, told_sealed FROM claim_record
WHERE person_id = $1 AND claim_seq = $2 ORDER BY record_id
)sql";

inline constexpr std::string_view kInsertClaimLine = R"sql(
INSERT INTO claim_line (person_id, claim_seq, step_no, line_no, programme, benefit, detail,
                        amount_rupiah, working)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql";

inline constexpr std::string_view kListClaimLines = R"sql(
SELECT step_no, programme, benefit, detail, amount_rupiah, working FROM claim_line
WHERE person_id = $1 AND claim_seq = $2 ORDER BY step_no, line_no
)sql";

// ---- Papers.

inline constexpr std::string_view kListClaimPapers = R"sql(
SELECT paper_no, code, digest, added_at FROM claim_paper
WHERE person_id = $1 AND claim_seq = $2 ORDER BY paper_no
)sql";

inline constexpr std::string_view kInsertClaimPaper = R"sql(
INSERT INTO claim_paper (person_id, claim_seq, paper_no, code, digest, added_at, actor_kind,
                         actor_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

inline constexpr std::string_view kFindPaperContent = R"sql(
SELECT media_type, byte_count, key_sealed FROM paper_content WHERE digest = $1
)sql";

inline constexpr std::string_view kInsertPaperContent = R"sql(
INSERT INTO paper_content (digest, media_type, byte_count, key_sealed) VALUES ($1, $2, $3, $4)
)sql";

inline constexpr std::string_view kInsertClaimTrait = R"sql(
INSERT INTO claim_trait (trait, person_id, claim_seq) VALUES ($1, $2, $3)
ON CONFLICT (trait, person_id, claim_seq) DO NOTHING
)sql";

inline constexpr std::string_view kListClaimsOfTrait = R"sql(
SELECT person_id, claim_seq FROM claim_trait WHERE trait = $1 ORDER BY person_id, claim_seq LIMIT $2
)sql";

// ---- What is sealed.

inline constexpr std::string_view kListSealedRecords = R"sql(
SELECT record_id, told_sealed FROM claim_record WHERE record_id > $1 ORDER BY record_id LIMIT $2
)sql";

inline constexpr std::string_view kResealRecord = R"sql(
UPDATE claim_record SET told_sealed = $3 WHERE record_id = $1 AND told_sealed = $2
)sql";

inline constexpr std::string_view kCountSealedRecords = R"sql(
SELECT substr(told_sealed, 1, 1) AS mark, COUNT(*) FROM claim_record GROUP BY 1
)sql";

inline constexpr std::string_view kListPaperKeys = R"sql(
SELECT digest, key_sealed FROM paper_content WHERE digest > $1 ORDER BY digest LIMIT $2
)sql";

inline constexpr std::string_view kResealPaperKey = R"sql(
UPDATE paper_content SET key_sealed = $3 WHERE digest = $1 AND key_sealed = $2
)sql";

inline constexpr std::string_view kCountPaperKeys = R"sql(
SELECT substr(key_sealed, 1, 1) AS mark, COUNT(*) FROM paper_content GROUP BY 1
)sql";

inline constexpr std::array kClaimStatements = {kFindClaim,
                                                kListClaimsOfPerson,
                                                kListClaimsByDeadline,
                                                kListClaimsWithoutDeadline,
                                                kListBranchClaimsByDeadline,
                                                kListBranchClaimsWithoutDeadline,
                                                kInsertClaim,
                                                kUpdateClaim,
                                                kInsertClaimStep,
                                                kListClaimSteps,
                                                kInsertClaimRecord,
                                                kListClaimRecords,
                                                kInsertClaimLine,
                                                kListClaimLines,
                                                kListClaimPapers,
                                                kInsertClaimPaper,
                                                kFindPaperContent,
                                                kInsertPaperContent,
                                                kInsertClaimTrait,
                                                kListClaimsOfTrait,
                                                kListSealedRecords,
                                                kResealRecord,
                                                kCountSealedRecords,
                                                kListPaperKeys,
                                                kResealPaperKey,
                                                kCountPaperKeys};

}  // namespace jaring::sql

namespace jaring {

/// What claims seal; `jaring key rotate` goes through it. Papers are sealed with keys of their own,
/// which are sealed here.
inline constexpr std::array kClaimSealedColumns = {
    SealedColumn{.place = "claim_record/told_sealed",
                 .list_sql = sql::kListSealedRecords,
                 .update_sql = sql::kResealRecord,
                 .count_sql = sql::kCountSealedRecords},
    SealedColumn{.place = "paper_content/key_sealed",
                 .row_key = SealedRowKey::kBytes,
                 .list_sql = sql::kListPaperKeys,
                 .update_sql = sql::kResealPaperKey,
                 .count_sql = sql::kCountPaperKeys}};

}  // namespace jaring
