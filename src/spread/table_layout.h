#pragma once

// Where each table lies when the database is spread over many machines: data/distribution.toml.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jaring {

enum class TableKind : std::uint8_t {
  kDistributed,  // Rows lie by the value of one column.
  kReference,    // Every machine has a whole copy.
  kLocal,        // On the coordinating machine alone.
};

std::string_view WordOf(TableKind kind);

struct TableLayout {
  std::string name;
  TableKind kind = TableKind::kLocal;
  std::string by;     // Of a distributed table: the column.
  std::string group;  // Of a distributed table: those it lies together with.
  std::string why;
};

/// In the order of the file.
///
/// Limit: 1 MiB.
/// Errors: spread.file_unreadable, spread.file_malformed (`by` and `group` are for distributed
/// tables, and for each of them; no table twice).
Result<std::vector<TableLayout>> LoadTableLayouts(const std::string& path);
Result<std::vector<TableLayout>> ParseTableLayouts(std::string_view toml);

/// nullptr for a table that is not in it.
const TableLayout* FindLayout(const std::vector<TableLayout>& layouts, std::string_view table);

}  // namespace jaring
