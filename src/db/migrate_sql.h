#pragma once

#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kCreateSchemaMigration = R"sql(
CREATE TABLE IF NOT EXISTS schema_migration (
  number  BIGINT NOT NULL PRIMARY KEY,
  name    TEXT   NOT NULL
)
)sql";

inline constexpr std::string_view kInsertSchemaMigration = R"sql(
INSERT INTO schema_migration (number, name) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kMaxSchemaMigration = R"sql(
SELECT COALESCE(MAX(number), 0) FROM schema_migration
)sql";

}  // namespace jaring::sql
