#pragma once

// A new version of the key: everything sealed is resealed with it, a little at a time, beside
// whoever works with the database. All that is known of the work is in the database, so that it
// goes on after a crash.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "db/database.h"
#include "registry/live_keys.h"
#include "registry/seal.h"
#include "registry/sealed_column.h"

namespace jaring {

/// Sealed with a new key; sealing it again with the right key gives the same block.
inline constexpr std::string_view kKeyCheckText = "jaring key check";

/// A version as the database knows it.
struct SealKey {
  int version = 1;
  std::string key_check;
  Instant added_at = Instant::FromMicros(0);
  std::optional<Instant> emptied_at;
  std::optional<Instant> retired_at;
};

/// Every version the database was ever sealed with, rising.
Result<std::vector<SealKey>> ListSealKeys(Tx& tx);

/// From now on everything is sealed with this version.
///
/// Errors: those of Sealer::Know and of Tx.
Result<Done> InsertSealKey(Tx& tx, const Sealer& sealer, int version, Instant now);

/// Compares the keys with what the database was sealed with, except retired ones.
///
/// Errors: agency.wrong_key, and those of FindLiveKeys.
Result<Done> CheckSealKeys(Tx& tx, const Sealer& sealer);

/// Goes on with a rotation that is under way; else begins one, with a version of the key file that
/// the database does not know yet, or with a new one. Returns the version to reseal with.
///
/// Errors: those of AddKey, of FindLiveKeys and of Tx.
Result<int> BeginRotation(Tx& tx, const Sealer& sealer, const std::filesystem::path& key_file,
                          Instant now);

/// Makes the next reseal go through every row again, and look-ups try every version until it is
/// done. Returns the version to reseal with.
Result<int> BeginResealing(Tx& tx, const Sealer& sealer);

/// What is told while rows are resealed.
struct ResealProgress {
  std::string_view place;
  std::int64_t rows = 0;  // Resealed so far by this call, of all columns.
};

/// Reseals with `version` all that `columns` hold, each time at most `rows_at_once` rows in a
/// transaction of its own, and then notes that older versions seal nothing. Goes on where an
/// earlier call ended; two calls at the same time share the work. Returns the rows it resealed.
///
/// Errors: key.rotated_meanwhile (there is a newer version), those of Sealer and of Database.
Result<std::int64_t> ResealAll(Database& db, const Sealer& sealer,
                               std::span<const SealedColumn> columns, int version, Instant now,
                               const std::function<void(const ResealProgress&)>& on_progress,
                               std::int64_t rows_at_once = 500);

/// How many rows of a column each version seals. Reads the whole column.
Result<std::map<int, std::int64_t>> CountSealed(Tx& tx, const SealedColumn& column);

/// Notes that a version seals nothing any more; the caller has counted.
///
/// Errors: key.unknown_version, key.is_current, key.still_seals (a rotation is under way).
Result<Done> RetireSealKey(Tx& tx, int version, Instant now);

}  // namespace jaring
