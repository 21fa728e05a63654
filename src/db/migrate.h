#pragma once

// Brings a database to the newest schema: migrations/NNNN_verb_noun.sql, forward only.

#include <filesystem>

#include "db/database.h"

namespace jaring {

/// Applies every migration that is not applied yet, all in one transaction.
///
/// Errors: migration.folder_unreadable, migration.gap (numbers must run 1, 2, 3…), migration.newer
/// (the database was made by a newer program), and those of Tx.
Result<Done> Migrate(Tx& tx, const std::filesystem::path& folder);

/// The same, up to and with migration `last`: the schema of a program of long ago.
///
/// Errors: as Migrate; migration.newer when this program does not know `last`.
Result<Done> MigrateTo(Tx& tx, const std::filesystem::path& folder, std::int64_t last);

/// Holds the database the schema of `folder`?
///
/// Errors: db.unfinished (a copy that is not complete), agency.schema_outdated (run `jaring init`),
/// migration.newer,
/// migration.folder_unreadable, migration.gap, and those of Tx.
Result<Done> CheckSchema(Tx& tx, const std::filesystem::path& folder);

/// The number of the newest migration applied; 0 for an empty database.
Result<std::int64_t> SchemaVersion(Tx& tx);

}  // namespace jaring
