#include "registry/key_rotation.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "registry/seal_sql.h"

namespace jaring {
namespace {

/// A row whose sealed value has to be replaced.
struct StaleRow {
  std::string key;  // As `after_key` of the progress.
  std::int64_t number = 0;
  std::string before;
  std::string after;
};

/// Some rows of a column, from `after_key` on.
struct Chunk {
  std::string began_after;  // What the database said when it was read.
  std::string after_key;    // The last row looked at.
  std::vector<StaleRow> stale;
  bool is_done = false;  // Nothing comes after it.
};

Value KeyValue(const SealedColumn& column, const std::string& key) {
  switch (column.row_key) {
    case SealedRowKey::kInteger:
      return key.empty() ? std::int64_t{0} : ParseInteger(key).value_or(0);
    case SealedRowKey::kText:
      return std::string_view(key);
    case SealedRowKey::kBytes:
      break;
  }
  return Bytes{key};
}

std::string KeyOf(const SealedColumn& column, const Row& row) {
  switch (column.row_key) {
    case SealedRowKey::kInteger:
      return std::to_string(row.Int(0));
    case SealedRowKey::kText:
      return std::string(row.Text(0));
    case SealedRowKey::kBytes:
      break;
  }
  return std::string(row.Blob(0));
}

int VersionOf(const SealedColumn& column, std::string_view sealed) {
  return column.kind == SealedKind::kBlock ? VersionOfBlock(sealed) : VersionOfText(sealed);
}

Result<Chunk> FindProgress(Tx& tx, const SealedColumn& column, int version) {
  Chunk chunk;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindSealProgress, {version, column.place}, [&](const Row& row) {
        chunk.began_after = std::string(row.Blob(0));
        chunk.is_done = row.Int(1) == 1;
      }));
  chunk.after_key = chunk.began_after;
  return chunk;
}

/// Rows are read and resealed outside of a write transaction: others write meanwhile.
class ColumnResealing {
 public:
  ColumnResealing(Database& db, const Sealer& sealer, const SealedColumn& column, int version,
                  std::int64_t rows_at_once)
      : db_(db),
        sealer_(sealer),
        column_(column),
        version_(version),
        rows_at_once_(std::min(rows_at_once, column.most_rows)) {}

  /// The rows resealed by one transaction; nothing when the column is done.
  Result<std::optional<std::int64_t>> Step() {
    Chunk chunk;
    JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(chunk, FindProgress(tx, column_, version_));
      return Done{};
    }));
    if (chunk.is_done) {
      return std::optional<std::int64_t>();
    }
    // What needs no writing is passed over without any.
    while (chunk.stale.empty() && !chunk.is_done) {
      JARING_RETURN_IF_ERROR(ReadOn(chunk));
    }
    for (StaleRow& row : chunk.stale) {
      JARING_RETURN_IF_ERROR(Reseal(row));
    }
    std::int64_t changed = 0;
    JARING_RETURN_IF_ERROR(db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(changed, Write(tx, chunk));
      return Done{};
    }));
    return std::optional(changed);
  }

 private:
  Result<Done> ReadOn(Chunk& chunk) {
    std::int64_t rows = 0;
    const std::string after = chunk.after_key;
    JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
      return tx.Query(
          column_.list_sql, {KeyValue(column_, after), rows_at_once_}, [&](const Row& row) {
            ++rows;
            chunk.after_key = KeyOf(column_, row);
            if (!row.IsNull(1) && VersionOf(column_, row.Blob(1)) != version_) {
              chunk.stale.push_back(
                  {.key = chunk.after_key, .before = std::string(row.Blob(1)), .after = {}});
            }
          });
    }));
    chunk.is_done = rows < rows_at_once_;
    return Done{};
  }

  Result<Done> Reseal(StaleRow& row) {
    if (column_.kind == SealedKind::kBlock) {
      JARING_ASSIGN_OR_RETURN(const SealedBlock before, SealedBlock::Parse(row.before));
      JARING_ASSIGN_OR_RETURN(const SealedBlock after, sealer_.Reseal(before, version_));
      row.after = View(after);
    } else {
      JARING_ASSIGN_OR_RETURN(row.after, sealer_.ResealText(row.before, version_));
    }
    return Done{};
  }

  /// A row that was changed since it was read is left alone: it was sealed with the new version.
  Result<std::int64_t> Write(Tx& tx, const Chunk& chunk) {
    JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, sealer_));
    if (keys.current != version_) {
      return Conflict("key.rotated_meanwhile", std::to_string(keys.current));
    }
    JARING_ASSIGN_OR_RETURN(const Chunk now, FindProgress(tx, column_, version_));
    if (now.is_done || now.began_after != chunk.began_after) {
      return 0;  // Another process was here.
    }
    ValueRows updates(3);
    ValueRows keyed_by(2);
    for (const StaleRow& row : chunk.stale) {
      updates.Add({KeyValue(column_, row.key), Bytes{row.before}, Bytes{row.after}});
      keyed_by.Add({Bytes{row.before}, Bytes{row.after}});
    }
    JARING_ASSIGN_OR_RETURN(const std::int64_t changed, tx.RunEach(column_.update_sql, updates));
    if (!column_.keyed_by_sql.empty()) {
      JARING_RETURN_IF_ERROR(tx.RunEach(column_.keyed_by_sql, keyed_by));
    }
    JARING_RETURN_IF_ERROR(
        tx.Run(sql::kSaveSealProgress,
               {version_, column_.place, Bytes{chunk.after_key}, chunk.is_done ? 1 : 0}));
    return changed;
  }

  Database& db_;
  const Sealer& sealer_;
  const SealedColumn& column_;
  const int version_;
  const std::int64_t rows_at_once_;
};

std::optional<Instant> InstantOrNone(const Row& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional(Instant::FromMicros(row.Int(column)));
}

/// Every column is done: nothing is sealed with an older version, and nothing will be, because who
/// writes asks for the current version in the same transaction.
Result<Done> NoteEmptied(Tx& tx, const Sealer& sealer, std::size_t columns, int version,
                         Instant now) {
  JARING_ASSIGN_OR_RETURN(const LiveKeys keys, FindLiveKeys(tx, sealer));
  if (keys.current != version) {
    return Conflict("key.rotated_meanwhile", std::to_string(keys.current));
  }
  std::int64_t done = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kCountSealProgressDone, {version}, [&](const Row& row) { done = row.Int(0); }));
  if (done < static_cast<std::int64_t>(columns)) {
    return Done{};  // Another process has noted it and cleared the progress.
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kEmptySealKeys, {version, now.micros()}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kClearSealProgress));
  return Done{};
}

}  // namespace

Result<std::vector<SealKey>> ListSealKeys(Tx& tx) {
  std::vector<SealKey> keys;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSealKeys, {}, [&](const Row& row) {
    keys.push_back({.version = static_cast<int>(row.Int(0)),
                    .key_check = std::string(row.Blob(1)),
                    .added_at = Instant::FromMicros(row.Int(2)),
                    .emptied_at = InstantOrNone(row, 3),
                    .retired_at = InstantOrNone(row, 4)});
  }));
  return keys;
}

Result<Done> InsertSealKey(Tx& tx, const Sealer& sealer, int version, Instant now) {
  JARING_RETURN_IF_ERROR(sealer.Know(version));
  const SealedBlock key_check = sealer.Seal(kKeyCheckText, version);
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertSealKey, {version, Bytes{View(key_check)}, now.micros()}));
  return Done{};
}

Result<Done> CheckSealKeys(Tx& tx, const Sealer& sealer) {
  JARING_ASSIGN_OR_RETURN(const auto keys, ListSealKeys(tx));
  for (const SealKey& key : keys) {
    if (key.retired_at) {
      continue;
    }
    JARING_RETURN_IF_ERROR(sealer.Know(key.version));
    if (key.key_check != View(sealer.Seal(kKeyCheckText, key.version))) {
      return Conflict("agency.wrong_key");
    }
  }
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, sealer));
  return Done{};
}

Result<int> BeginRotation(Tx& tx, const Sealer& sealer, const std::filesystem::path& key_file,
                          Instant now) {
  JARING_ASSIGN_OR_RETURN(const LiveKeys live, FindLiveKeys(tx, sealer));
  if (!live.older.empty()) {
    return live.current;
  }
  JARING_ASSIGN_OR_RETURN(const auto known, ListSealKeys(tx));
  JARING_ASSIGN_OR_RETURN(const KeyRing ring, ReadKeyFile(key_file));
  int version = 0;
  // One that was added in advance, or by a rotation that was cut off before it was noted here.
  for (const VersionedKey& key : ring) {
    if (version == 0 && key.version > known.back().version && key.state == KeyState::kLive) {
      version = key.version;
    }
  }
  if (version == 0) {
    if (ring.back().version < known.back().version) {
      // An old copy of the file: a number given away again would stand for two keys.
      return Error{ErrorCode::kUnavailable, "key_file.version_missing",
                   std::to_string(known.back().version)};
    }
    JARING_ASSIGN_OR_RETURN(version, AddKey(key_file, now.JakartaDate()));
  }
  JARING_RETURN_IF_ERROR(InsertSealKey(tx, sealer, version, now));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kClearSealProgress));
  return version;
}

Result<int> BeginResealing(Tx& tx, const Sealer& sealer) {
  JARING_ASSIGN_OR_RETURN(const LiveKeys live, FindLiveKeys(tx, sealer));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kReviveSealKeys, {live.current}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kClearSealProgress));
  return live.current;
}

Result<std::int64_t> ResealAll(Database& db, const Sealer& sealer,
                               std::span<const SealedColumn> columns, int version, Instant now,
                               const std::function<void(const ResealProgress&)>& on_progress,
                               std::int64_t rows_at_once) {
  JARING_RETURN_IF_ERROR(sealer.Know(version));
  std::int64_t rows = 0;
  for (const SealedColumn& column : columns) {
    ColumnResealing resealing(db, sealer, column, version, rows_at_once);
    for (;;) {
      JARING_ASSIGN_OR_RETURN(const auto changed, resealing.Step());
      if (!changed) {
        break;
      }
      rows += *changed;
      on_progress({.place = column.place, .rows = rows});
    }
  }
  JARING_RETURN_IF_ERROR(
      db.Write([&](Tx& tx) { return NoteEmptied(tx, sealer, columns.size(), version, now); }));
  return rows;
}

Result<std::map<int, std::int64_t>> CountSealed(Tx& tx, const SealedColumn& column) {
  std::map<int, std::int64_t> rows_of;
  JARING_RETURN_IF_ERROR(tx.Query(column.count_sql, {}, [&](const Row& row) {
    const bool has_mark = !row.IsNull(0) && row.Blob(0).size() == 1;
    const int version = has_mark ? static_cast<unsigned char>(row.Blob(0).front()) : 1;
    rows_of[version] += row.Int(1);
  }));
  return rows_of;
}

Result<Done> RetireSealKey(Tx& tx, int version, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto keys, ListSealKeys(tx));
  const auto key = std::find_if(keys.begin(), keys.end(),
                                [&](const SealKey& k) { return k.version == version; });
  if (key == keys.end()) {
    return NotFound("key.unknown_version", std::to_string(version));
  }
  if (key == keys.end() - 1) {
    return Conflict("key.is_current", std::to_string(version));
  }
  if (!key->emptied_at) {
    return Conflict("key.still_seals", std::to_string(version));
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRetireSealKey, {version, now.micros()}));
  return Done{};
}

}  // namespace jaring
