#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kFindAnswer = R"sql(
SELECT fingerprint, status, body FROM idempotency_key WHERE client = $1 AND key = $2
)sql";

inline constexpr std::string_view kInsertAnswer = R"sql(
INSERT INTO idempotency_key (client, key, fingerprint, status, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
)sql";

inline constexpr std::array kIdempotencySql = {kFindAnswer, kInsertAnswer};

}  // namespace jaring::sql
