#pragma once

// Whole databases copied: from either engine into one SQLite file, and from such a file into a new
// database of either engine. Backups are made of this.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/database.h"

namespace jaring {

struct TableShape;

struct TableRows {
  std::string table;
  std::int64_t rows = 0;

  friend bool operator==(const TableRows&, const TableRows&) = default;
};

/// Rows of a table, whatever their order: their number and a sum that one altered value changes.
struct TableSum {
  std::string table;
  std::int64_t rows = 0;
  std::string sum;  // 32 hexadecimal digits.

  friend bool operator==(const TableSum&, const TableSum&) = default;
};

/// Copies the database at `address`, as it is at one moment, into the new file `file`, while others
/// read and write it. The file stands alone: no write-ahead log belongs to it.
///
/// Errors: db.missing, db.unfinished (is itself a copy that is not complete), migration.*, and
/// those of Tx.
Result<Done> CopyToFile(const std::string& address, const std::filesystem::path& file,
                        const std::filesystem::path& migrations);

/// Fills the new, empty database on a server at `address` from such a file, and brings it to the
/// schema of `migrations`. `check` sees it before it is kept; when it refuses, nothing is.
///
/// Errors: restore.target_not_empty, db.copy_differs, migration.*, those of `check` and of Tx.
Result<Done> FillServer(const std::string& address, const std::filesystem::path& file,
                        const std::filesystem::path& migrations,
                        const std::function<Result<Done>(Tx&)>& check);

/// The shape of our tables at one version of the schema, from a database in memory.
///
/// Errors: as MigrateTo.
Result<std::vector<TableShape>> ShapesAt(const std::filesystem::path& migrations,
                                         std::int64_t version);

/// Is nothing at all in this database?
Result<bool> IsEmpty(Tx& tx, Database::Engine engine);

/// Every table of an SQLite file and how many rows it has, in order of creation.
Result<std::vector<TableRows>> CountRows(const std::filesystem::path& file);

/// Is every page of an SQLite file sound, and does every row that names another find it?
///
/// Errors: db.corrupt, and those of Tx.
Result<Done> CheckPages(const std::filesystem::path& file);

/// Folds the write-ahead log of an SQLite file into it; from then on the file stands alone.
Result<Done> MakeStandAlone(const std::filesystem::path& file);

}  // namespace jaring
