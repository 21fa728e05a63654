#pragma once

// The agency: what every service needs to know about whose books these are.

#include <filesystem>
#include <string>

#include "base/calendar.h"
#include "db/database.h"
#include "registry/seal.h"
#include "rules/scheme.h"

namespace jaring {

/// Handed to every service. Scheme and sealer outlive it.
struct Agency {
  const Scheme& scheme;
  const Sealer& sealer;
  bool is_demo = false;  // Fake identities (NIK serial 0000) are allowed.
};

/// Where the files of a new agency come from.
struct AgencyFiles {
  std::filesystem::path migrations;
  std::filesystem::path regions;   // Folder with provinces, regencies, districts, villages.
  std::filesystem::path branches;  // branches.csv
};

/// Makes the schema, the agency's row, regions and branches. Run again on the same database it
/// brings the schema up to date and changes nothing else.
///
/// Errors: agency.other_scheme, agency.other_kind (demo or real), agency.wrong_key,
/// key_file.version_missing; those of Migrate, of the region files and of Tx.
Result<Done> CreateAgency(Tx& tx, const Agency& agency, const AgencyFiles& files, Instant now);

/// Checks that the database holds an agency that this key and scheme belong to; true for a demo.
///
/// Errors: agency.missing, agency.other_scheme, agency.wrong_key, key_file.version_missing, and
/// those of Tx.
Result<bool> CheckAgency(Tx& tx, const Scheme& scheme, const Sealer& sealer);

/// Checks that the database has the schema of the folder of migrations.
///
/// Errors: agency.missing (no tables of ours), agency.schema_outdated, migration.*, and those of
/// Tx.
Result<Done> CheckAgencySchema(Tx& tx, const std::filesystem::path& migrations);

}  // namespace jaring
