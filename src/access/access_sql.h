#pragma once

#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertSession = R"sql(
INSERT INTO session (token_hash, session_id, actor_kind, actor_id, role, scope_kind, scope_id,
                     second_factor, label, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql";

// $2: now. The owner of a staff session may have been disabled, or its role taken away, since.
inline constexpr std::string_view kFindSession = R"sql(
SELECT s.session_id, s.actor_kind, s.actor_id, s.role, s.scope_kind, s.scope_id, s.second_factor,
       s.label, s.created_at, s.expires_at, s.idle_micros, s.seen_at
FROM session s
WHERE s.token_hash = $1 AND s.ended_at IS NULL AND s.expires_at > $2
  AND (s.idle_micros = 0 OR s.seen_at + s.idle_micros > $2)
  AND (s.actor_kind <> 1 OR EXISTS (
    SELECT 1 FROM staff_user u JOIN role_grant g ON g.user_id = u.user_id
    WHERE u.user_id = s.actor_id AND u.disabled_at IS NULL AND g.revoked_at IS NULL
      AND g.role = s.role AND g.scope_kind = s.scope_kind AND g.scope_id = s.scope_id))
)sql";

inline constexpr std::string_view kListSessions = R"sql(
SELECT session_id, actor_kind, actor_id, role, scope_kind, scope_id, second_factor, label,
       created_at, expires_at, idle_micros, seen_at
FROM session
WHERE actor_kind = $1 AND actor_id = $2 AND ended_at IS NULL AND expires_at > $3
  AND (idle_micros = 0 OR seen_at + idle_micros > $3)
ORDER BY session_id DESC
)sql";

inline constexpr std::string_view kEndSession = R"sql(
UPDATE session SET ended_at = $4
WHERE actor_kind = $1 AND actor_id = $2 AND session_id = $3 AND ended_at IS NULL
)sql";

inline constexpr std::string_view kEndSessions = R"sql(
UPDATE session SET ended_at = $4
WHERE actor_kind = $1 AND actor_id = $2 AND session_id <> $3 AND ended_at IS NULL
)sql";

inline constexpr std::string_view kReadAuditHead = R"sql(
SELECT entries, hash, seal FROM audit_head WHERE head_id = 1
)sql";

inline constexpr std::string_view kWriteAuditHead = R"sql(
UPDATE audit_head SET entries = $1, hash = $2, seal = $3 WHERE head_id = 1
)sql";

inline constexpr std::string_view kInsertAudit = R"sql(
INSERT INTO audit_entry (entry_id, at, actor_kind, actor_id, role, scope_kind, scope_id, device_id,
                         action, person_id, subject, change, reason, request_id, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)sql";

// $1: after this entry; $2: at most so many.
inline constexpr std::string_view kListAudit = R"sql(
SELECT entry_id, at, actor_kind, actor_id, role, scope_kind, scope_id, device_id, action, person_id,
       subject, change, reason, request_id, hash
FROM audit_entry WHERE entry_id > $1 ORDER BY entry_id LIMIT $2
)sql";

// $1: person; $2: before this entry; $3: at most so many.
inline constexpr std::string_view kListAuditOfPerson = R"sql(
SELECT entry_id, at, actor_kind, actor_id, role, scope_kind, scope_id, device_id, action, person_id,
       subject, change, reason, request_id, hash
FROM audit_entry WHERE person_id = $1 AND entry_id < $2 ORDER BY entry_id DESC LIMIT $3
)sql";

// $1: before this entry; $2: at most so many.
inline constexpr std::string_view kListNewestAudit = R"sql(
SELECT entry_id, at, actor_kind, actor_id, role, scope_kind, scope_id, device_id, action, person_id,
       subject, change, reason, request_id, hash
FROM audit_entry WHERE entry_id < $1 ORDER BY entry_id DESC LIMIT $2
)sql";

inline constexpr std::string_view kFindPersonPlace = R"sql(
SELECT p.village_code, c.branch_id, c.group_id
FROM person p
LEFT JOIN membership m ON m.person_id = p.person_id
LEFT JOIN cohort c ON c.cohort_id = m.cohort_id
WHERE p.person_id = $1
ORDER BY m.membership_seq DESC
)sql";

// Unless the person withdrew her consent that this helper acts for her (kind 1).
inline constexpr std::string_view kFindPersonAgent = R"sql(
SELECT 1 FROM person_agent WHERE person_id = $1 AND user_id = $2
  AND COALESCE((SELECT c.is_given FROM person_consent c
                WHERE c.person_id = $1 AND c.kind = 1 AND c.helper_id = $2
                ORDER BY c.consent_id DESC LIMIT 1), 1) = 1
)sql";

inline constexpr std::string_view kInsertPersonAgent = R"sql(
INSERT INTO person_agent (person_id, user_id, since) VALUES ($1, $2, $3)
ON CONFLICT (person_id, user_id) DO NOTHING
)sql";

inline constexpr std::string_view kInsertApproval = R"sql(
INSERT INTO approval_request (approval_id, kind, person_id, branch_id, subject, payload_sealed,
                              reason, asked_at, asked_by_kind, asked_by_id, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
)sql";

inline constexpr std::string_view kFindWaitingApproval = R"sql(
SELECT approval_id FROM approval_request
WHERE state = 1 AND kind = $1 AND person_id = $2 AND subject = $3
)sql";

inline constexpr std::string_view kFindApproval = R"sql(
SELECT approval_id, kind, person_id, branch_id, subject, payload_sealed, reason, asked_at,
       asked_by_kind, asked_by_id, state, decided_at, decided_by_kind, decided_by_id,
       decision_reason
FROM approval_request WHERE approval_id = $1
)sql";

// $1: state; $2: after this one; $3: at most so many.
inline constexpr std::string_view kListApprovals = R"sql(
SELECT approval_id, kind, person_id, branch_id, subject, payload_sealed, reason, asked_at,
       asked_by_kind, asked_by_id, state, decided_at, decided_by_kind, decided_by_id,
       decision_reason
FROM approval_request WHERE state = $1 AND approval_id > $2 ORDER BY approval_id LIMIT $3
)sql";

inline constexpr std::string_view kDecideApproval = R"sql(
UPDATE approval_request
SET state = $2, decided_at = $3, decided_by_kind = $4, decided_by_id = $5, decision_reason = $6
WHERE approval_id = $1 AND state = 1
)sql";

inline constexpr std::string_view kListPayloadsSealed = R"sql(
SELECT approval_id, payload_sealed FROM approval_request
WHERE approval_id > $1 ORDER BY approval_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdatePayloadSealed = R"sql(
UPDATE approval_request SET payload_sealed = $3 WHERE approval_id = $1 AND payload_sealed = $2
)sql";

inline constexpr std::string_view kCountPayloadsSealed = R"sql(
SELECT substr(payload_sealed, 1, 1) AS mark, COUNT(*) FROM approval_request GROUP BY 1
)sql";

}  // namespace jaring::sql
