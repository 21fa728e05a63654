#pragma once

#include <array>
#include <string_view>

#include "registry/sealed_column.h"

namespace jaring::sql {

inline constexpr std::string_view kInsertNotice = R"sql(
INSERT INTO claim_notice (notice_id, code_digest, kind, event_on, state, branch_id, person_id,
                          received_at, teller_kind, teller_id, told_sealed, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '')
)sql";

inline constexpr std::string_view kFindNotice = R"sql(
SELECT notice_id, kind, event_on, state, branch_id, person_id, claim_seq, received_at, teller_kind,
       teller_id, reason, told_sealed
FROM claim_notice WHERE notice_id = $1
)sql";

inline constexpr std::string_view kFindNoticeByCode = R"sql(
SELECT notice_id, kind, event_on, state, branch_id, person_id, claim_seq, received_at, teller_kind,
       teller_id, reason, told_sealed
FROM claim_notice WHERE code_digest = $1
)sql";

inline constexpr std::string_view kListNotices = R"sql(
SELECT notice_id, kind, event_on, state, branch_id, person_id, claim_seq, received_at, teller_kind,
       teller_id, reason, told_sealed
FROM claim_notice WHERE state = $1 AND notice_id > $2 ORDER BY notice_id LIMIT $3
)sql";

inline constexpr std::string_view kListNoticesOfBranch = R"sql(
SELECT notice_id, kind, event_on, state, branch_id, person_id, claim_seq, received_at, teller_kind,
       teller_id, reason, told_sealed
FROM claim_notice
WHERE branch_id = $1 AND state = $2 AND notice_id > $3 ORDER BY notice_id LIMIT $4
)sql";

// Only one that nobody has decided.
inline constexpr std::string_view kDecideNotice = R"sql(
UPDATE claim_notice SET state = $2, person_id = $3, claim_seq = $4, reason = $5, decided_at = $6,
                        decided_by_kind = $7, decided_by_id = $8
WHERE notice_id = $1 AND state = 1
)sql";

inline constexpr std::string_view kListSealedNotices = R"sql(
SELECT notice_id, told_sealed FROM claim_notice WHERE notice_id > $1 ORDER BY notice_id LIMIT $2
)sql";

inline constexpr std::string_view kResealNotice = R"sql(
UPDATE claim_notice SET told_sealed = $3 WHERE notice_id = $1 AND told_sealed = $2
)sql";

inline constexpr std::string_view kCountSealedNotices = R"sql(
SELECT substr(told_sealed, 1, 1) AS mark, COUNT(*) FROM claim_notice GROUP BY 1
)sql";

inline constexpr std::array kNoticeStatements = {
    kInsertNotice, kFindNotice,        kFindNoticeByCode, kListNotices,       kListNoticesOfBranch,
    kDecideNotice, kListSealedNotices, kResealNotice,     kCountSealedNotices};

}  // namespace jaring::sql

namespace jaring {

/// See kClaimSealedColumns.
inline constexpr std::array kNoticeSealedColumns = {
    SealedColumn{.place = "claim_notice/told_sealed",
                 .list_sql = sql::kListSealedNotices,
                 .update_sql = sql::kResealNotice,
                 .count_sql = sql::kCountSealedNotices}};

}  // namespace jaring
