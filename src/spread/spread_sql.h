#pragma once

// What the engines say of their tables, and what Citus is asked. Of each engine what the other does
// not have.

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kSqliteTableNames = R"sql(
SELECT name FROM sqlite_schema
WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name
)sql";

inline constexpr std::string_view kPostgresTableNames = R"sql(
SELECT relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
)sql";

inline constexpr std::string_view kSqliteUniqueKeys = R"sql(
SELECT t.name, i.name, COALESCE(c.name, '')
FROM sqlite_schema t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
WHERE t.type = 'table' AND i."unique" = 1 AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'
ORDER BY t.name, i.name, c.seqno
)sql";

// An expression has no column: its name is ''.
inline constexpr std::string_view kPostgresUniqueKeys = R"sql(
SELECT t.relname, i.relname, COALESCE(a.attname, '')
FROM pg_index x
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid
CROSS JOIN LATERAL unnest(CAST(x.indkey AS smallint[])) WITH ORDINALITY AS k (number, place)
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
WHERE x.indisunique AND k.place <= x.indnkeyatts AND t.relkind IN ('r', 'p')
  AND t.relnamespace = current_schema()::regnamespace
ORDER BY t.relname, i.relname, k.place
)sql";

inline constexpr std::string_view kSqliteForeignKeys = R"sql(
SELECT t.name, f.id, f."from", f."table", f."to"
FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f
WHERE t.type = 'table' ORDER BY t.name, f.id, f.seq
)sql";

inline constexpr std::string_view kPostgresForeignKeys = R"sql(
SELECT t.relname, c.conname, a.attname, o.relname, b.attname
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
JOIN pg_class o ON o.oid = c.confrelid
CROSS JOIN LATERAL unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (number, other, place)
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other
WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace
ORDER BY t.relname, c.conname, k.place
)sql";

// Is the extension on the server, and is it in this database?
inline constexpr std::string_view kFindExtension = R"sql(
SELECT (SELECT COUNT(*) FROM pg_available_extensions WHERE name = 'citus'),
       (SELECT COUNT(*) FROM pg_extension WHERE extname = 'citus')
)sql";

// The coordinating machine itself (0 when the others do not know it), and those that hold shards.
inline constexpr std::string_view kCountMachines = R"sql(
SELECT COUNT(*) FILTER (WHERE groupid = 0), COUNT(*) FILTER (WHERE isactive AND shouldhaveshards)
FROM pg_dist_node WHERE noderole = 'primary'
)sql";

// Tables of this schema that are not ours to turn.
inline constexpr std::string_view kCountTablesOfOthers = R"sql(
SELECT COUNT(*) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
  AND NOT pg_has_role(relowner, 'USAGE')
)sql";

// Where tables lie already. Anything this program would not have made is 'other'.
inline constexpr std::string_view kListSpreadTables = R"sql(
SELECT c.relname,
       CASE WHEN p.partmethod = 'h' THEN 'distributed'
            WHEN p.partmethod = 'n' AND p.repmodel = 't' THEN 'reference'
            WHEN p.partmethod = 'n' AND p.colocationid = 0 THEN 'local'
            ELSE 'other' END,
       COALESCE(column_to_column_name(p.logicalrelid, p.partkey), ''), p.colocationid
FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
WHERE c.relnamespace = current_schema()::regnamespace ORDER BY c.relname
)sql";

inline constexpr std::string_view kMakeReferenceTable = R"sql(
SELECT create_reference_table(CAST(CAST($1 AS text) AS regclass))
)sql";

// $2: the column; $3: a table to lie with, or "none" for the first of a group.
inline constexpr std::string_view kMakeDistributedTable = R"sql(
SELECT create_distributed_table(CAST(CAST($1 AS text) AS regclass), CAST($2 AS text),
                                colocate_with => CAST($3 AS text))
)sql";

// The rows that were copied to the shards are still in the table's own file, out of sight.
inline constexpr std::string_view kDropHiddenRows = R"sql(
SELECT truncate_local_data_after_distributing_table(CAST(CAST($1 AS text) AS regclass))
)sql";

}  // namespace jaring::sql
