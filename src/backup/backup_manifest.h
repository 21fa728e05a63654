#pragma once

// What stands beside each backup: what is in it, and the sum that shows any change to it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "db/copy_database.h"

namespace jaring {

struct BackupManifest {
  std::string program;           // The version that made it.
  std::string engine;            // "sqlite" or "postgresql": where the data was.
  std::int64_t schema = 0;       // Number of the newest migration.
  std::int64_t made_at = 0;      // Microseconds UTC.
  std::int64_t bytes = 0;        // Of the backup.
  std::string sha256;            // Of the backup, in hexadecimal.
  std::int64_t violations = -1;  // Broken invariants found in the copy; -1: not looked for.
  std::vector<TableRows> tables;

  friend bool operator==(const BackupManifest&, const BackupManifest&) = default;
};

/// Lines of "word value"; the last has the SHA-256 of those above.
std::string ManifestText(const BackupManifest& manifest);

/// Limit:  1 MiB, 10,000 lines.
/// Errors: backup.manifest_damaged.
Result<BackupManifest> ParseManifest(std::string_view text);

/// FILE.manifest.
std::filesystem::path ManifestPath(const std::filesystem::path& backup);

/// Errors: backup.manifest_missing, backup.manifest_damaged.
Result<BackupManifest> ReadManifest(const std::filesystem::path& backup);

/// SHA-256 in hexadecimal.
std::string SumOfText(std::string_view text);

}  // namespace jaring
