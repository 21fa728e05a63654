#pragma once

#include <string_view>

namespace jaring::sql {

// Tables in the order they were made, so that those others refer to come first; of each column its
// place in the primary key, from 1.
inline constexpr std::string_view kSqliteColumns = R"sql(
SELECT t.name, c.name, c.type, c.pk
FROM sqlite_schema t JOIN pragma_table_info(t.name) c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'
ORDER BY t.rowid, c.cid
)sql";

inline constexpr std::string_view kSqliteReferences = R"sql(
SELECT t.name, f."table"
FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
WHERE t.type = 'table'
)sql";

// Those that were made by CREATE INDEX; the indexes of keys belong to their tables.
inline constexpr std::string_view kSqliteIndexes = R"sql(
SELECT tbl_name, name, sql FROM sqlite_schema
WHERE type = 'index' AND sql IS NOT NULL
ORDER BY rowid
)sql";

inline constexpr std::string_view kSqlitePages = "PRAGMA integrity_check(1)";
inline constexpr std::string_view kSqliteLostReferences = "PRAGMA foreign_key_check";

inline constexpr std::string_view kSqliteTable = R"sql(
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1
)sql";

inline constexpr std::string_view kPostgresTable = R"sql(
SELECT 1 FROM pg_class
WHERE relname = $1 AND relkind IN ('r', 'p')
  AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
)sql";

inline constexpr std::string_view kSqliteTables = R"sql(
SELECT count(*) FROM sqlite_schema WHERE type = 'table'
)sql";

inline constexpr std::string_view kPostgresTables = R"sql(
SELECT count(*) FROM pg_class
WHERE relkind IN ('r', 'p')
  AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
)sql";

// Tables are walked through by their keys: never by sorting what is left of them each time.
inline constexpr std::string_view kPostgresWalk = "SET LOCAL enable_sort = off";
inline constexpr std::string_view kPostgresWalkEnd = "SET LOCAL enable_sort = on";

// The marks of a database that is moved; made when a move begins, dropped when it is over.
inline constexpr std::string_view kCreateMove = R"sql(
CREATE TABLE database_move (
  name   TEXT NOT NULL PRIMARY KEY,
  value  TEXT NOT NULL
)
)sql";

inline constexpr std::string_view kInsertMove = R"sql(
INSERT INTO database_move (name, value) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kListMove = R"sql(
SELECT name, value FROM database_move
)sql";

inline constexpr std::string_view kFindMove = R"sql(
SELECT value FROM database_move WHERE name = $1
)sql";

inline constexpr std::string_view kAdvanceMove = R"sql(
UPDATE database_move SET value = $3 WHERE name = $1 AND value = $2
)sql";

inline constexpr std::string_view kDropMove = "DROP TABLE database_move";

}  // namespace jaring::sql
