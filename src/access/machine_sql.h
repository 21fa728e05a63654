#pragma once

// SQL of partners' clients, devices and their keys.

#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertClient = R"sql(
INSERT INTO partner_client (client_id, public_id, partner_id, label, allowed_addresses,
                            requires_signature, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

inline constexpr std::string_view kFindClient = R"sql(
SELECT c.client_id, c.public_id, c.partner_id, p.code, c.label, c.allowed_addresses,
       c.requires_signature, c.created_at, c.revoked_at
FROM partner_client c JOIN partner p ON p.partner_id = c.partner_id
WHERE c.public_id = $1
)sql";

inline constexpr std::string_view kFindClientByNumber = R"sql(
SELECT c.client_id, c.public_id, c.partner_id, p.code, c.label, c.allowed_addresses,
       c.requires_signature, c.created_at, c.revoked_at
FROM partner_client c JOIN partner p ON p.partner_id = c.partner_id
WHERE c.client_id = $1
)sql";

// $1: partner; 0 for all.
inline constexpr std::string_view kListClients = R"sql(
SELECT c.client_id, c.public_id, c.partner_id, p.code, c.label, c.allowed_addresses,
       c.requires_signature, c.created_at, c.revoked_at
FROM partner_client c JOIN partner p ON p.partner_id = c.partner_id
WHERE c.partner_id = $1 OR $1 = 0
ORDER BY p.code, c.client_id
)sql";

inline constexpr std::string_view kRevokeClient = R"sql(
UPDATE partner_client SET revoked_at = $2 WHERE client_id = $1 AND revoked_at IS NULL
)sql";

inline constexpr std::string_view kInsertSecret = R"sql(
INSERT INTO partner_secret (client_id, secret_hash, created_at) VALUES ($1, $2, $3)
)sql";

// $2: now.
inline constexpr std::string_view kListSecrets = R"sql(
SELECT secret_hash, valid_until FROM partner_secret
WHERE client_id = $1 AND (valid_until IS NULL OR valid_until > $2)
)sql";

inline constexpr std::string_view kDropReplacedSecrets = R"sql(
DELETE FROM partner_secret WHERE client_id = $1 AND valid_until IS NOT NULL
)sql";

inline constexpr std::string_view kReplaceSecret = R"sql(
UPDATE partner_secret SET valid_until = $2 WHERE client_id = $1 AND valid_until IS NULL
)sql";

inline constexpr std::string_view kDropSecrets = R"sql(
DELETE FROM partner_secret WHERE client_id = $1
)sql";

// $3: what expired before this.
inline constexpr std::string_view kDropOldSessions = R"sql(
DELETE FROM session WHERE actor_kind = $1 AND actor_id = $2 AND expires_at < $3
)sql";

inline constexpr std::string_view kInsertSigningKey = R"sql(
INSERT INTO signing_key (key_id, owner_kind, owner_id, public_key, created_at)
VALUES ($1, $2, $3, $4, $5)
)sql";

inline constexpr std::string_view kFindKeyByBytes = R"sql(
SELECT 1 FROM signing_key WHERE public_key = $1
)sql";

// $2: now.
inline constexpr std::string_view kFindSigningKey = R"sql(
SELECT key_id, owner_kind, owner_id, public_key, created_at, valid_until
FROM signing_key WHERE key_id = $1 AND (valid_until IS NULL OR valid_until > $2)
)sql";

inline constexpr std::string_view kListSigningKeys = R"sql(
SELECT key_id, owner_kind, owner_id, public_key, created_at, valid_until
FROM signing_key WHERE owner_kind = $1 AND owner_id = $2 ORDER BY created_at, key_id
)sql";

// $4: until when; a key that ends earlier keeps its end.
inline constexpr std::string_view kEndSigningKey = R"sql(
UPDATE signing_key SET valid_until = $4
WHERE owner_kind = $1 AND owner_id = $2 AND key_id = $3 AND (valid_until IS NULL OR valid_until > $4)
)sql";

inline constexpr std::string_view kEndSigningKeys = R"sql(
UPDATE signing_key SET valid_until = $3
WHERE owner_kind = $1 AND owner_id = $2 AND (valid_until IS NULL OR valid_until > $3)
)sql";

inline constexpr std::string_view kInsertNonce = R"sql(
INSERT INTO used_nonce (key_id, nonce, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (key_id, nonce) DO NOTHING
)sql";

inline constexpr std::string_view kDropOldNonces = R"sql(
DELETE FROM used_nonce WHERE expires_at <= $1
)sql";

inline constexpr std::string_view kInsertDevice = R"sql(
INSERT INTO device (device_id, kind, branch_id, user_id, label, requests_per_minute, daily_rupiah,
                    daily_enrolments, invited_at, token_hash, token_expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql";

inline constexpr std::string_view kFindDevice = R"sql(
SELECT device_id, kind, branch_id, user_id, label, requests_per_minute, daily_rupiah,
       daily_enrolments, invited_at, token_expires_at, enrolled_at, revoked_at
FROM device WHERE device_id = $1
)sql";

inline constexpr std::string_view kFindDeviceByToken = R"sql(
SELECT device_id, kind, branch_id, user_id, label, requests_per_minute, daily_rupiah,
       daily_enrolments, invited_at, token_expires_at, enrolled_at, revoked_at
FROM device WHERE token_hash = $1
)sql";

// $1: branch, 0 for all; $2: after this one; $3: at most so many.
inline constexpr std::string_view kListDevices = R"sql(
SELECT device_id, kind, branch_id, user_id, label, requests_per_minute, daily_rupiah,
       daily_enrolments, invited_at, token_expires_at, enrolled_at, revoked_at
FROM device WHERE (branch_id = $1 OR $1 = 0) AND device_id > $2 ORDER BY device_id LIMIT $3
)sql";

inline constexpr std::string_view kEnrolDevice = R"sql(
UPDATE device SET enrolled_at = $2, label = $3
WHERE device_id = $1 AND enrolled_at IS NULL AND revoked_at IS NULL
)sql";

inline constexpr std::string_view kRevokeDevice = R"sql(
UPDATE device SET revoked_at = $2 WHERE device_id = $1 AND revoked_at IS NULL
)sql";

// An agent who is one still: not disabled, and the role not taken away.
inline constexpr std::string_view kFindAgent = R"sql(
SELECT g.scope_kind, g.scope_id FROM staff_user u JOIN role_grant g ON g.user_id = u.user_id
WHERE u.user_id = $1 AND u.disabled_at IS NULL AND g.revoked_at IS NULL AND g.role = $2
ORDER BY g.grant_id
)sql";

inline constexpr std::string_view kFindDeviceDay = R"sql(
SELECT amount_rupiah, enrolments FROM device_day WHERE device_id = $1 AND day = $2
)sql";

inline constexpr std::string_view kEnsureDeviceDay = R"sql(
INSERT INTO device_day (device_id, day, amount_rupiah, enrolments) VALUES ($1, $2, 0, 0)
ON CONFLICT (device_id, day) DO NOTHING
)sql";

inline constexpr std::string_view kAddToDeviceDay = R"sql(
UPDATE device_day SET amount_rupiah = amount_rupiah + $3, enrolments = enrolments + $4
WHERE device_id = $1 AND day = $2
)sql";

inline constexpr std::string_view kFindOidcSubject = R"sql(
SELECT user_id FROM oidc_subject WHERE issuer = $1 AND subject = $2
)sql";

inline constexpr std::string_view kInsertOidcSubject = R"sql(
INSERT INTO oidc_subject (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)
)sql";

inline constexpr std::string_view kFindOidcSubjectOfUser = R"sql(
SELECT subject FROM oidc_subject WHERE issuer = $1 AND user_id = $2
)sql";

}  // namespace jaring::sql
