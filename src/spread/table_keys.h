#pragma once

// What the database says of its own tables, and whether that can lie as the layout says.

#include <string>
#include <vector>

#include "db/database.h"
#include "spread/table_layout.h"

namespace jaring {

/// A primary key, a unique key or a unique index.
struct UniqueKey {
  std::string table;
  std::string name;
  std::vector<std::string> columns;  // An expression has the name "".
};

/// A foreign key.
struct TableReference {
  std::string table;
  std::string name;
  std::vector<std::string> columns;
  std::string target;
  std::vector<std::string> target_columns;
};

struct TableKeys {
  std::vector<std::string> tables;  // Everything below is in this order: by name.
  std::vector<UniqueKey> unique;
  std::vector<TableReference> references;
};

/// Errors: those of Tx.
Result<TableKeys> ReadTableKeys(Tx& tx, Database::Engine engine);

/// What keeps these tables from lying as the layout says, in English; nothing is fine. A table
/// missing on either side; a distributed table with a unique key without its column, or with none;
/// a reference to a distributed table from one that does not lie with it, row by row.
std::vector<std::string> FindMisfits(const std::vector<TableLayout>& layouts,
                                     const TableKeys& keys);

}  // namespace jaring
