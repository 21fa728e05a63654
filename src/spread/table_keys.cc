#include "spread/table_keys.h"

#include <algorithm>

#include "spread/spread_sql.h"

namespace jaring {
namespace {

bool Has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void CheckTables(const std::vector<TableLayout>& layouts, const TableKeys& keys,
                 std::vector<std::string>& misfits) {
  for (const std::string& table : keys.tables) {
    if (FindLayout(layouts, table) == nullptr) {
      misfits.push_back(table + " is not in data/distribution.toml: say where it lies, and why");
    }
  }
  for (const TableLayout& layout : layouts) {
    if (!Has(keys.tables, layout.name)) {
      misfits.push_back(layout.name + " is in data/distribution.toml, but there is no such table");
    }
  }
}

void CheckUniqueKeys(const TableLayout& layout, const TableKeys& keys,
                     std::vector<std::string>& misfits) {
  bool has_key = false;
  for (const UniqueKey& key : keys.unique) {
    if (key.table != layout.name) {
      continue;
    }
    has_key = true;
    if (!Has(key.columns, layout.by)) {
      misfits.push_back(layout.name + ": the unique key " + key.name + " has no " + layout.by +
                        ", so no machine could hold it alone");
    }
  }
  if (!has_key && Has(keys.tables, layout.name)) {
    misfits.push_back(layout.name + " has no unique key");
  }
}

/// Do rows that refer to each other have the same value in the columns they lie by?
bool RefersWithinItsShard(const TableLayout& from, const TableLayout& to,
                          const TableReference& reference) {
  if (from.kind != TableKind::kDistributed || from.group != to.group) {
    return false;
  }
  for (std::size_t i = 0; i < reference.columns.size(); ++i) {
    if (reference.columns[i] == from.by && reference.target_columns[i] == to.by) {
      return true;
    }
  }
  return false;
}

void CheckReference(const std::vector<TableLayout>& layouts, const TableReference& reference,
                    std::vector<std::string>& misfits) {
  const TableLayout* from = FindLayout(layouts, reference.table);
  const TableLayout* to = FindLayout(layouts, reference.target);
  if (from == nullptr || to == nullptr) {
    return;  // Told already.
  }
  const std::string what = reference.table + " (" + std::string(WordOf(from->kind)) +
                           ") refers to " + reference.target + " (" +
                           std::string(WordOf(to->kind)) + ")";
  if (to->kind == TableKind::kDistributed && !RefersWithinItsShard(*from, *to, reference)) {
    misfits.push_back(what + ", but not within one shard");
  }
  if (to->kind == TableKind::kLocal && from->kind == TableKind::kDistributed) {
    misfits.push_back(what + ", which other machines do not have");
  }
}

}  // namespace

Result<TableKeys> ReadTableKeys(Tx& tx, Database::Engine engine) {
  const bool sqlite = engine == Database::Engine::kSqlite;
  TableKeys keys;
  JARING_RETURN_IF_ERROR(tx.Query(sqlite ? sql::kSqliteTableNames : sql::kPostgresTableNames, {},
                                  [&](const Row& row) { keys.tables.emplace_back(row.Text(0)); }));
  JARING_RETURN_IF_ERROR(
      tx.Query(sqlite ? sql::kSqliteUniqueKeys : sql::kPostgresUniqueKeys, {}, [&](const Row& row) {
        if (keys.unique.empty() || keys.unique.back().table != row.Text(0) ||
            keys.unique.back().name != row.Text(1)) {
          keys.unique.push_back({std::string(row.Text(0)), std::string(row.Text(1)), {}});
        }
        keys.unique.back().columns.emplace_back(row.Text(2));
      }));
  JARING_RETURN_IF_ERROR(tx.Query(
      sqlite ? sql::kSqliteForeignKeys : sql::kPostgresForeignKeys, {}, [&](const Row& row) {
        if (keys.references.empty() || keys.references.back().table != row.Text(0) ||
            keys.references.back().name != row.Text(1)) {
          keys.references.push_back({.table = std::string(row.Text(0)),
                                     .name = std::string(row.Text(1)),
                                     .columns = {},
                                     .target = std::string(row.Text(3)),
                                     .target_columns = {}});
        }
        keys.references.back().columns.emplace_back(row.Text(2));
        keys.references.back().target_columns.emplace_back(row.Text(4));
      }));
  return keys;
}

std::vector<std::string> FindMisfits(const std::vector<TableLayout>& layouts,
                                     const TableKeys& keys) {
  std::vector<std::string> misfits;
  CheckTables(layouts, keys, misfits);
  for (const TableLayout& layout : layouts) {
    if (layout.kind == TableKind::kDistributed) {
      CheckUniqueKeys(layout, keys, misfits);
    }
  }
  for (const TableReference& reference : keys.references) {
    CheckReference(layouts, reference, misfits);
  }
  return misfits;
}

}  // namespace jaring
