#pragma once

#include <string_view>

namespace jaring::sql {

// ---- Staff users.

inline constexpr std::string_view kInsertStaffUser = R"sql(
INSERT INTO staff_user (user_id, email, name, password_hash, created_at)
VALUES ($1, $2, $3, '', $4)
)sql";

inline constexpr std::string_view kFindStaffUser = R"sql(
SELECT u.user_id, u.email, u.name, u.password_hash, u.created_at, u.disabled_at, f.confirmed_at
FROM staff_user u LEFT JOIN second_factor f ON f.user_id = u.user_id
WHERE u.user_id = $1
)sql";

inline constexpr std::string_view kFindStaffUserByEmail = R"sql(
SELECT u.user_id, u.email, u.name, u.password_hash, u.created_at, u.disabled_at, f.confirmed_at
FROM staff_user u LEFT JOIN second_factor f ON f.user_id = u.user_id
WHERE u.email = $1
)sql";

inline constexpr std::string_view kListStaffUsers = R"sql(
SELECT u.user_id, u.email, u.name, u.password_hash, u.created_at, u.disabled_at, f.confirmed_at
FROM staff_user u LEFT JOIN second_factor f ON f.user_id = u.user_id
ORDER BY u.email
)sql";

inline constexpr std::string_view kListGrants = R"sql(
SELECT grant_id, role, scope_kind, scope_id FROM role_grant
WHERE user_id = $1 AND revoked_at IS NULL ORDER BY grant_id
)sql";

inline constexpr std::string_view kInsertGrant = R"sql(
INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id, granted_at)
VALUES ($1, $2, $3, $4, $5, $6)
)sql";

inline constexpr std::string_view kRevokeGrant = R"sql(
UPDATE role_grant SET revoked_at = $5
WHERE user_id = $1 AND role = $2 AND scope_kind = $3 AND scope_id = $4 AND revoked_at IS NULL
)sql";

inline constexpr std::string_view kDisableStaffUser = R"sql(
UPDATE staff_user SET disabled_at = $2 WHERE user_id = $1 AND disabled_at IS NULL
)sql";

inline constexpr std::string_view kEnableStaffUser = R"sql(
UPDATE staff_user SET disabled_at = NULL WHERE user_id = $1
)sql";

inline constexpr std::string_view kSetPasswordHash = R"sql(
UPDATE staff_user SET password_hash = $2 WHERE user_id = $1
)sql";

inline constexpr std::string_view kInsertInvite = R"sql(
INSERT INTO staff_invite (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)
)sql";

inline constexpr std::string_view kVoidInvites = R"sql(
UPDATE staff_invite SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL
)sql";

inline constexpr std::string_view kFindInvite = R"sql(
SELECT i.user_id FROM staff_invite i JOIN staff_user u ON u.user_id = i.user_id
WHERE i.token_hash = $1 AND i.used_at IS NULL AND i.expires_at > $2 AND u.disabled_at IS NULL
)sql";

// ---- Sessions left alone.

inline constexpr std::string_view kLimitIdleSession = R"sql(
UPDATE session SET idle_micros = $2, seen_at = $3 WHERE session_id = $1
)sql";

inline constexpr std::string_view kNoteSessionSeen = R"sql(
UPDATE session SET seen_at = $2 WHERE session_id = $1 AND seen_at < $2
)sql";

// ---- Tries.

inline constexpr std::string_view kFindAttempts = R"sql(
SELECT attempts, last_at, open_at FROM login_attempt WHERE key_hash = $1
)sql";

inline constexpr std::string_view kSetAttempts = R"sql(
INSERT INTO login_attempt (key_hash, attempts, last_at, open_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (key_hash) DO UPDATE
SET attempts = excluded.attempts, last_at = excluded.last_at, open_at = excluded.open_at
)sql";

inline constexpr std::string_view kForgetAttempts = R"sql(
DELETE FROM login_attempt WHERE key_hash = $1
)sql";

inline constexpr std::string_view kForgetOldAttempts = R"sql(
DELETE FROM login_attempt WHERE key_hash IN (
  SELECT key_hash FROM login_attempt WHERE last_at < $1 ORDER BY last_at LIMIT 20)
)sql";

inline constexpr std::string_view kInsertKnownBrowser = R"sql(
INSERT INTO known_browser (browser_hash, actor_kind, actor_id, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (browser_hash, actor_kind, actor_id) DO NOTHING
)sql";

inline constexpr std::string_view kForgetOldBrowsers = R"sql(
DELETE FROM known_browser WHERE actor_kind = $1 AND actor_id = $2 AND since < $3
)sql";

inline constexpr std::string_view kFindKnownBrowser = R"sql(
SELECT 1 FROM known_browser WHERE browser_hash = $1 AND actor_kind = $2 AND actor_id = $3
)sql";

inline constexpr std::string_view kForgetKnownBrowsers = R"sql(
DELETE FROM known_browser WHERE actor_kind = $1 AND actor_id = $2
)sql";

// ---- The second factor.

inline constexpr std::string_view kBeginSecondFactor = R"sql(
INSERT INTO second_factor (user_id, secret_sealed, created_at, confirmed_at, last_step)
VALUES ($1, $2, $3, NULL, 0)
ON CONFLICT (user_id) DO UPDATE
SET secret_sealed = excluded.secret_sealed, created_at = excluded.created_at, last_step = 0
WHERE second_factor.confirmed_at IS NULL
)sql";

inline constexpr std::string_view kFindSecondFactor = R"sql(
SELECT secret_sealed, created_at, confirmed_at, last_step FROM second_factor WHERE user_id = $1
)sql";

inline constexpr std::string_view kConfirmSecondFactor = R"sql(
UPDATE second_factor SET confirmed_at = $2 WHERE user_id = $1 AND confirmed_at IS NULL
)sql";

// One of two requests with the same code changes a row, the other none.
inline constexpr std::string_view kUseStep = R"sql(
UPDATE second_factor SET last_step = $2 WHERE user_id = $1 AND last_step < $2
)sql";

inline constexpr std::string_view kRemoveSecondFactor = R"sql(
DELETE FROM second_factor WHERE user_id = $1
)sql";

inline constexpr std::string_view kInsertRecoveryCode = R"sql(
INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kUseRecoveryCode = R"sql(
UPDATE recovery_code SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL
)sql";

inline constexpr std::string_view kCountRecoveryCodes = R"sql(
SELECT count(*) FROM recovery_code WHERE user_id = $1 AND used_at IS NULL
)sql";

inline constexpr std::string_view kRemoveRecoveryCodes = R"sql(
DELETE FROM recovery_code WHERE user_id = $1
)sql";

// ---- Workers.

inline constexpr std::string_view kSetWorkerCode = R"sql(
INSERT INTO worker_code (phone_hash, code_hash, made_at, expires_at, tries)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (phone_hash) DO UPDATE
SET code_hash = excluded.code_hash, made_at = excluded.made_at, expires_at = excluded.expires_at,
    tries = 0
)sql";

inline constexpr std::string_view kFindWorkerCode = R"sql(
SELECT code_hash, made_at FROM worker_code WHERE phone_hash = $1
)sql";

// $2: now; $3: so many tries at most.
inline constexpr std::string_view kTryWorkerCode = R"sql(
UPDATE worker_code SET tries = tries + 1
WHERE phone_hash = $1 AND expires_at > $2 AND tries < $3
)sql";

inline constexpr std::string_view kUseWorkerCode = R"sql(
DELETE FROM worker_code WHERE phone_hash = $1
)sql";

inline constexpr std::string_view kForgetWorkerCodes = R"sql(
DELETE FROM worker_code WHERE expires_at < $1
)sql";

inline constexpr std::string_view kFindCodesOfDay = R"sql(
SELECT sent FROM worker_code_day WHERE phone_hash = $1 AND day = $2
)sql";

inline constexpr std::string_view kSetCodesOfDay = R"sql(
INSERT INTO worker_code_day (phone_hash, day, sent) VALUES ($1, $2, $3)
ON CONFLICT (phone_hash, day) DO UPDATE SET sent = excluded.sent
)sql";

inline constexpr std::string_view kForgetCodeDays = R"sql(
DELETE FROM worker_code_day WHERE day < $1
)sql";

inline constexpr std::string_view kInsertTicket = R"sql(
INSERT INTO worker_ticket (ticket_hash, people, expires_at) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kFindTicket = R"sql(
SELECT people FROM worker_ticket WHERE ticket_hash = $1 AND expires_at > $2
)sql";

inline constexpr std::string_view kUseTicket = R"sql(
DELETE FROM worker_ticket WHERE ticket_hash = $1
)sql";

inline constexpr std::string_view kForgetTickets = R"sql(
DELETE FROM worker_ticket WHERE expires_at < $1
)sql";

inline constexpr std::string_view kFindPin = R"sql(
SELECT pin_hash FROM worker_pin WHERE person_id = $1
)sql";

inline constexpr std::string_view kSetPin = R"sql(
INSERT INTO worker_pin (person_id, pin_hash, set_at) VALUES ($1, $2, $3)
ON CONFLICT (person_id) DO UPDATE SET pin_hash = excluded.pin_hash, set_at = excluded.set_at
)sql";

inline constexpr std::string_view kRemovePin = R"sql(
DELETE FROM worker_pin WHERE person_id = $1
)sql";

// ---- Messages.

inline constexpr std::string_view kInsertMessage = R"sql(
INSERT INTO outbox_message (message_id, kind, phone_sealed, text_sealed, created_at, tries, failure)
VALUES ($1, $2, $3, $4, $5, 0, '')
)sql";

inline constexpr std::string_view kListUnsent = R"sql(
SELECT message_id, kind, phone_sealed, text_sealed, created_at FROM outbox_message
WHERE sent_at IS NULL AND tries < $1 AND next_try_at <= $2 ORDER BY message_id LIMIT $3
)sql";

// No row changes when somebody else is at it. $3: now; $4: when others may.
inline constexpr std::string_view kClaimMessage = R"sql(
UPDATE outbox_message SET tries = tries + 1, next_try_at = $4
WHERE message_id = $1 AND sent_at IS NULL AND tries < $2 AND next_try_at <= $3
)sql";

inline constexpr std::string_view kListNewestMessages = R"sql(
SELECT message_id, kind, phone_sealed, text_sealed, created_at FROM outbox_message
ORDER BY message_id DESC LIMIT $1
)sql";

inline constexpr std::string_view kNoteSent = R"sql(
UPDATE outbox_message SET sent_at = $2, failure = '' WHERE message_id = $1
)sql";

inline constexpr std::string_view kNoteNotSent = R"sql(
UPDATE outbox_message SET next_try_at = $2, failure = $3 WHERE message_id = $1 AND sent_at IS NULL
)sql";

// ---- New phones.

inline constexpr std::string_view kInsertRecovery = R"sql(
INSERT INTO access_recovery (recovery_id, code_hash, stop_hash, person_id, new_phone_sealed, way,
                             asked_at, expires_at, effective_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql";

inline constexpr std::string_view kStopRecoveriesOf = R"sql(
UPDATE access_recovery SET stopped_at = $2
WHERE person_id = $1 AND done_at IS NULL AND stopped_at IS NULL
)sql";

inline constexpr std::string_view kFindRecoveryToWitness = R"sql(
SELECT recovery_id, person_id FROM access_recovery
WHERE code_hash = $1 AND way = 2 AND effective_at IS NULL AND stopped_at IS NULL
  AND expires_at > $2
)sql";

inline constexpr std::string_view kInsertWitness = R"sql(
INSERT INTO recovery_witness (recovery_id, person_id, at) VALUES ($1, $2, $3)
ON CONFLICT (recovery_id, person_id) DO NOTHING
)sql";

inline constexpr std::string_view kCountWitnesses = R"sql(
SELECT count(*) FROM recovery_witness WHERE recovery_id = $1
)sql";

inline constexpr std::string_view kAgreeRecovery = R"sql(
UPDATE access_recovery SET effective_at = $2, stop_hash = $3
WHERE recovery_id = $1 AND effective_at IS NULL
)sql";

inline constexpr std::string_view kFindRecoveryToStop = R"sql(
SELECT recovery_id, person_id FROM access_recovery
WHERE stop_hash = $1 AND done_at IS NULL AND stopped_at IS NULL
)sql";

inline constexpr std::string_view kStopRecovery = R"sql(
UPDATE access_recovery SET stopped_at = $3
WHERE recovery_id = $1 AND person_id = $2 AND done_at IS NULL AND stopped_at IS NULL
)sql";

inline constexpr std::string_view kListOpenRecoveries = R"sql(
SELECT recovery_id, asked_at, effective_at, expires_at,
       (SELECT COUNT(*) FROM recovery_witness w WHERE w.recovery_id = access_recovery.recovery_id)
FROM access_recovery
WHERE person_id = $1 AND done_at IS NULL AND stopped_at IS NULL
  AND (effective_at IS NOT NULL OR expires_at > $2)
ORDER BY recovery_id
)sql";

// $1: the kind of approval.
inline constexpr std::string_view kFindRecoveryAsked = R"sql(
SELECT asked_at FROM approval_request WHERE state = 1 AND kind = $1 AND person_id = $2
)sql";

inline constexpr std::string_view kListDueRecoveries = R"sql(
SELECT recovery_id, person_id, new_phone_sealed FROM access_recovery
WHERE done_at IS NULL AND stopped_at IS NULL AND effective_at <= $1
ORDER BY effective_at LIMIT $2
)sql";

inline constexpr std::string_view kFinishRecovery = R"sql(
UPDATE access_recovery SET done_at = $2 WHERE recovery_id = $1
)sql";

// ---- What `jaring key rotate` goes through.

inline constexpr std::string_view kListSecretsSealed = R"sql(
SELECT user_id, secret_sealed FROM second_factor WHERE user_id > $1 ORDER BY user_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdateSecretSealed = R"sql(
UPDATE second_factor SET secret_sealed = $3 WHERE user_id = $1 AND secret_sealed = $2
)sql";

inline constexpr std::string_view kCountSecretsSealed = R"sql(
SELECT substr(secret_sealed, 1, 1) AS mark, COUNT(*) FROM second_factor GROUP BY 1
)sql";

inline constexpr std::string_view kListMessagePhonesSealed = R"sql(
SELECT message_id, phone_sealed FROM outbox_message WHERE message_id > $1 ORDER BY message_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdateMessagePhoneSealed = R"sql(
UPDATE outbox_message SET phone_sealed = $3 WHERE message_id = $1 AND phone_sealed = $2
)sql";

inline constexpr std::string_view kCountMessagePhonesSealed = R"sql(
SELECT substr(phone_sealed, 1, 1) AS mark, COUNT(*) FROM outbox_message GROUP BY 1
)sql";

inline constexpr std::string_view kListMessageTextsSealed = R"sql(
SELECT message_id, text_sealed FROM outbox_message WHERE message_id > $1 ORDER BY message_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdateMessageTextSealed = R"sql(
UPDATE outbox_message SET text_sealed = $3 WHERE message_id = $1 AND text_sealed = $2
)sql";

inline constexpr std::string_view kCountMessageTextsSealed = R"sql(
SELECT substr(text_sealed, 1, 1) AS mark, COUNT(*) FROM outbox_message GROUP BY 1
)sql";

inline constexpr std::string_view kListNewPhonesSealed = R"sql(
SELECT recovery_id, new_phone_sealed FROM access_recovery WHERE recovery_id > $1 ORDER BY recovery_id LIMIT $2
)sql";

inline constexpr std::string_view kUpdateNewPhoneSealed = R"sql(
UPDATE access_recovery SET new_phone_sealed = $3 WHERE recovery_id = $1 AND new_phone_sealed = $2
)sql";

inline constexpr std::string_view kCountNewPhonesSealed = R"sql(
SELECT substr(new_phone_sealed, 1, 1) AS mark, COUNT(*) FROM access_recovery GROUP BY 1
)sql";

// ---- What the agency says of itself.

inline constexpr std::string_view kFindSetting = R"sql(
SELECT value FROM agency_setting WHERE name = $1
)sql";

inline constexpr std::string_view kSetSetting = R"sql(
INSERT INTO agency_setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
)sql";

}  // namespace jaring::sql
