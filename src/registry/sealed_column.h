#pragma once

// The columns that hold what a Sealer sealed: `jaring key rotate` goes through them. A room that
// adds such a column adds it to a list like kRegistrySealedColumns, and that list to
// AllSealedColumns (channels/cli/key_command.cc); a test there finds columns that were forgotten.

#include <cstdint>
#include <string_view>

namespace jaring {

enum class SealedKind : std::uint8_t {
  kBlock,  // Sealer::Seal.
  kText,   // Sealer::SealText.
};

/// Type of the column that rows are gone through by.
enum class SealedRowKey : std::uint8_t { kInteger, kText, kBytes };

/// One column, with the statements that the work on it needs; they are constants of the room.
struct SealedColumn {
  std::string_view place;  // "table/column"
  SealedKind kind = SealedKind::kText;
  SealedRowKey row_key = SealedRowKey::kInteger;
  /// SELECT key, sealed … WHERE key > $1 … ORDER BY key LIMIT $2. The key is unique, above 0 (or
  /// not empty) and never changes. NULLs are left out or not.
  std::string_view list_sql;
  /// UPDATE … SET sealed = $3 WHERE key = $1 AND sealed = $2.
  std::string_view update_sql;
  /// SELECT mark, COUNT(*) … GROUP BY mark. The mark is the first byte of the sealed value, or NULL
  /// for a block of version 1, which has no version byte.
  std::string_view count_sql;
  /// For a block that another table is keyed by: UPDATE … SET sealed = $2 WHERE sealed = $1, run
  /// in the same transaction. Else empty.
  std::string_view keyed_by_sql = {};
  /// Rows of one transaction: fewer where texts are long, since all of them are held at once.
  std::int64_t most_rows = 100'000;
};

}  // namespace jaring
