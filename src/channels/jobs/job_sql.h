#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertJob = R"sql(
INSERT INTO job (job_id, kind, state, dry_run, group_id, branch_id, partner_id, actor_kind,
                 actor_id, role, scope_kind, scope_id, device_id, request_id, created_at, starts,
                 server, total_bytes, done_bytes, row_count, accepted, repeated, rejected,
                 suspended, warned, cancelled, failure)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, '', $15, 0, 0, 0, 0, 0,
        0, 0, 0, '')
)sql";

inline constexpr std::string_view kFindJob = R"sql(
SELECT job_id, kind, state, dry_run, group_id, branch_id, partner_id, actor_kind, actor_id, role,
       scope_kind, scope_id, device_id, request_id, created_at, started_at, finished_at, starts,
       total_bytes, done_bytes, row_count, accepted, repeated, rejected, suspended, warned,
       cancelled, failure, forgotten_at
FROM job WHERE job_id = $1
)sql";

// $1: before this one; $2: 1 for those of everybody, else of $3, $4 (actor) or $5, $6 (scope); $7:
// at most so many.
inline constexpr std::string_view kListJobs = R"sql(
SELECT job_id, kind, state, dry_run, group_id, branch_id, partner_id, actor_kind, actor_id, role,
       scope_kind, scope_id, device_id, request_id, created_at, started_at, finished_at, starts,
       total_bytes, done_bytes, row_count, accepted, repeated, rejected, suspended, warned,
       cancelled, failure, forgotten_at
FROM job
WHERE job_id < $1 AND ($2 = 1 OR (actor_kind = $3 AND actor_id = $4)
                       OR (scope_kind = $5 AND scope_id = $6))
ORDER BY job_id DESC LIMIT $7
)sql";

inline constexpr std::string_view kFindWaitingJob = R"sql(
SELECT job_id FROM job WHERE state = 1 ORDER BY job_id LIMIT 1
)sql";

inline constexpr std::string_view kCountWaitingJobs = R"sql(
SELECT COUNT(*) FROM job WHERE state = 1
)sql";

// $2: server; $3: now. No row changes when another server was faster.
inline constexpr std::string_view kStartJob = R"sql(
UPDATE job SET state = 2, server = $2, started_at = $3, seen_at = $3, starts = starts + 1,
  done_bytes = 0, row_count = 0, accepted = 0, repeated = 0, rejected = 0, suspended = 0, warned = 0
WHERE job_id = $1 AND state = 1
)sql";

inline constexpr std::string_view kSaveJobProgress = R"sql(
UPDATE job SET seen_at = $2, done_bytes = $3, row_count = $4, accepted = $5, repeated = $6,
  rejected = $7, suspended = $8, warned = $9
WHERE job_id = $1
)sql";

inline constexpr std::string_view kEndJob = R"sql(
UPDATE job SET state = $2, failure = $3, finished_at = $4, server = '' WHERE job_id = $1
)sql";

inline constexpr std::string_view kReturnJob = R"sql(
UPDATE job SET state = 1, server = '' WHERE job_id = $1 AND state = 2
)sql";

// $1: server, which is at none itself. Others are at theirs while they are in the roll.
inline constexpr std::string_view kReturnLostJobs = R"sql(
UPDATE job SET state = 1, server = ''
WHERE state = 2 AND (server = $1 OR server NOT IN (SELECT CAST(server_id AS TEXT) FROM server))
)sql";

inline constexpr std::string_view kFindJobHolder = R"sql(
SELECT server FROM job WHERE job_id = $1 AND state = 2
)sql";

inline constexpr std::string_view kAskJobToStop = R"sql(
UPDATE job SET cancelled = 1 WHERE job_id = $1
)sql";

inline constexpr std::string_view kListOldJobs = R"sql(
SELECT job_id FROM job WHERE forgotten_at IS NULL AND state > 2 AND finished_at < $1
)sql";

inline constexpr std::string_view kForgetJob = R"sql(
UPDATE job SET forgotten_at = $2 WHERE job_id = $1
)sql";

inline constexpr std::string_view kInsertJobPart = R"sql(
INSERT INTO job_part (part_id, bytes_sealed) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kFindJobPart = R"sql(
SELECT bytes_sealed FROM job_part WHERE part_id = $1
)sql";

inline constexpr std::string_view kDeleteJobParts = R"sql(
DELETE FROM job_part WHERE part_id BETWEEN $1 AND $2
)sql";

inline constexpr std::string_view kListJobPartsSealed = R"sql(
SELECT part_id, bytes_sealed FROM job_part WHERE part_id > $1 ORDER BY part_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdateJobPartSealed = R"sql(
UPDATE job_part SET bytes_sealed = $3 WHERE part_id = $1 AND bytes_sealed = $2
)sql";

inline constexpr std::string_view kCountJobPartsSealed = R"sql(
SELECT substr(bytes_sealed, 1, 1), COUNT(*) FROM job_part GROUP BY 1
)sql";

inline constexpr std::array kJobStatements = {kInsertJob,
                                              kFindJob,
                                              kListJobs,
                                              kFindWaitingJob,
                                              kCountWaitingJobs,
                                              kStartJob,
                                              kSaveJobProgress,
                                              kEndJob,
                                              kReturnJob,
                                              kReturnLostJobs,
                                              kFindJobHolder,
                                              kAskJobToStop,
                                              kListOldJobs,
                                              kForgetJob,
                                              kInsertJobPart,
                                              kFindJobPart,
                                              kDeleteJobParts,
                                              kListJobPartsSealed,
                                              kUpdateJobPartSealed,
                                              kCountJobPartsSealed};

}  // namespace jaring::sql
