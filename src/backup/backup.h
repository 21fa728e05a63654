#pragma once

// A backup is one SQLite file, whichever engine the data is on, and a manifest beside it. So it can
// be opened and verified where it lies, and restored to either engine.
//
// The key that seals identities is never in it: a backup without the key gives up no NIK or phone,
// and whoever keeps both in one place has thrown that away.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_manifest.h"
#include "insight/verify.h"

namespace jaring {

/// Everything is recomputed, or only pages, rows and sums are checked.
enum class BackupCheck : std::uint8_t { kVerify, kQuick };

struct BackupParts {
  std::string address;  // Of the database.
  std::filesystem::path migrations;
  const Scheme& scheme;
  const Sealer& sealer;
  std::string program;  // Our version.
};

/// Writes the database, as it is at one moment, to the new file `target`, beside writers; then
/// opens what was written and checks it. A copy of books that do not balance is kept too, and says
/// so in `violations`: it may be all there is. Books of an older schema are copied, not
/// recomputed.
///
/// Errors: backup.target_exists, backup.not_writable, agency.*, and those of CopyToFile and Tx.
Result<BackupManifest> MakeBackup(const BackupParts& parts, const std::filesystem::path& target,
                                  Instant now, BackupCheck check);

/// Fills the new database at the address from a backup and brings it to today's schema. Nothing is
/// ever written over: an SQLite file must not exist, a database on a server must be empty. When
/// this fails, nothing is left behind. The report is of the restored database.
///
/// Errors: backup.unreadable, backup.manifest_*, backup.damaged, restore.target_exists,
/// restore.target_not_empty, agency.*, migration.*, and those of Tx.
Result<VerifyReport> RestoreBackup(const BackupParts& parts, const std::filesystem::path& backup);

/// Reads a backup from end to end and compares it with its manifest.
///
/// Errors: backup.unreadable, backup.manifest_*, backup.damaged.
Result<BackupManifest> CheckBackup(const std::filesystem::path& backup);

/// "jaring-20261121T141500Z.backup".
std::string BackupName(Instant now);

/// The backups of a folder that have a manifest, oldest first.
std::vector<std::filesystem::path> FindBackups(const std::filesystem::path& folder);

/// Removes the oldest until `keep` are left, and what backups that were broken off left behind.
/// Only files with names we give are touched.
void RotateBackups(const std::filesystem::path& folder, std::size_t keep);

}  // namespace jaring
