#pragma once

// The rows of all tables, from one database to another, whatever the engines: walked through in the
// order of their keys, a bounded number at a time, so that a copy can go on where it was.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "db/copy_database.h"

namespace jaring {

struct TableShape {
  struct Column {
    std::string name;
    Value::Kind kind;
  };
  struct Index {
    std::string name;
    std::string text;  // CREATE INDEX …
  };
  std::string name;
  std::vector<Column> columns;
  std::vector<std::size_t> key;  // Places in `columns`.
  std::vector<Index> indexes;
};

/// The tables of an SQLite database; those that others refer to come before them.
///
/// Errors: db.failed for a column of a type we never make, or a table without a primary key.
Result<std::vector<TableShape>> ReadShapes(Tx& sqlite);

/// The key of a row; empty: before the first row.
struct RowKey {
  struct Part {
    Value::Kind kind = Value::Kind::kInteger;
    std::int64_t integer = 0;
    std::string text;
  };
  std::vector<Part> parts;

  bool is_start() const { return parts.empty(); }
  /// "i42 t6162": kinds, and texts and bytes in hexadecimal.
  std::string Text() const;
  /// Errors: db.failed.
  static Result<RowKey> Parse(std::string_view text);
};

/// Where a walk through a table is.
struct TableWalk {
  RowKey key;                       // Of the last row seen.
  std::int64_t rows_at_once = 500;  // Follows from how long its rows are.
};

/// Statements for all tables. The texts are made from the names of tables, and a connection finds a
/// statement by the address of its text: so this must outlive the connections it was used with.
class TableCopy {
 public:
  explicit TableCopy(std::vector<TableShape> shapes) : shapes_(std::move(shapes)) {}

  const std::vector<TableShape>& shapes() const { return shapes_; }

  /// To be called in each transaction that is walked through, before.
  static Result<Done> PrepareWalk(Tx& of, Database::Engine engine);

  /// Empties all tables of `to` (migrations fill some) and takes their indexes away: making them
  /// at the end is faster than keeping them.
  Result<Done> Empty(Tx& to);
  Result<Done> MakeIndexes(const TableShape& shape, Tx& to);

  /// The next rows, as many as fit well into memory and one transaction; moves `walk` to the last
  /// of them. Returns how many: none at the end of the table.
  Result<std::int64_t> CopySome(const TableShape& shape, Tx& from, Tx& to, TableWalk& walk);

  /// All rows of all tables, and the indexes, within the transactions given.
  Result<Done> Fill(Tx& from, Tx& to);

  Result<std::int64_t> CountTable(const TableShape& shape, Tx& of);
  Result<std::vector<TableRows>> Count(Tx& of);

  /// Counts the rows and sums them up, whatever their order; one altered value gives another sum.
  Result<TableSum> Sum(const TableShape& shape, Tx& of);

 private:
  using OnRow = std::function<Result<Done>(std::span<const Value>)>;

  Result<std::int64_t> Step(const TableShape& shape, Tx& of, TableWalk& walk, const OnRow& on_row);
  std::string_view Keep(const std::string& text) { return *texts_.insert(text).first; }

  std::vector<TableShape> shapes_;
  std::set<std::string> texts_;
};

}  // namespace jaring
