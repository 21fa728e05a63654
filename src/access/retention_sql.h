#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

// $1: older than; $2: at most so many.

inline constexpr std::string_view kCountDueAnswers = R"sql(
SELECT COUNT(*) FROM idempotency_key WHERE created_at < $1
)sql";

inline constexpr std::string_view kDeleteDueAnswers = R"sql(
DELETE FROM idempotency_key WHERE (client, key) IN (
  SELECT client, key FROM idempotency_key WHERE created_at < $1 ORDER BY created_at LIMIT $2)
)sql";

inline constexpr std::string_view kCountDueSessions = R"sql(
SELECT COUNT(*) FROM session WHERE ended_at < $1 OR expires_at < $1
)sql";

inline constexpr std::string_view kDeleteDueSessions = R"sql(
DELETE FROM session WHERE token_hash IN (
  SELECT token_hash FROM session WHERE ended_at < $1 OR expires_at < $1 LIMIT $2)
)sql";

inline constexpr std::string_view kCountDueMessages = R"sql(
SELECT COUNT(*) FROM outbox_message WHERE sent_at < $1
)sql";

inline constexpr std::string_view kDeleteDueMessages = R"sql(
DELETE FROM outbox_message WHERE message_id IN (
  SELECT message_id FROM outbox_message WHERE sent_at < $1 LIMIT $2)
)sql";

inline constexpr std::string_view kCountDueNonces = R"sql(
SELECT COUNT(*) FROM used_nonce WHERE expires_at < $1
)sql";

inline constexpr std::string_view kDeleteDueNonces = R"sql(
DELETE FROM used_nonce WHERE (key_id, nonce) IN (
  SELECT key_id, nonce FROM used_nonce WHERE expires_at < $1 LIMIT $2)
)sql";

inline constexpr std::array kRetentionStatements = {
    kCountDueAnswers,  kDeleteDueAnswers,  kCountDueSessions, kDeleteDueSessions,
    kCountDueMessages, kDeleteDueMessages, kCountDueNonces,   kDeleteDueNonces};

}  // namespace jaring::sql
