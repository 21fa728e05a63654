#pragma once

// `jaring backup` and `jaring restore`.

#include <optional>
#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct BackupRequest {
  std::string to;           // File, or a folder that is there; empty: the folder of the settings.
  std::optional<int> keep;  // Backups that stay in the folder.
  bool quick = false;       // Check pages, rows and sums, but do not recompute the books.
};

/// Exit 1 when the books in the backup do not balance: it is kept all the same.
int MakeBackupFile(const CliContext& context, const BackupRequest& request);

/// `jaring restore FILE --db NEW`: exit 1 when the restored books do not balance.
int RestoreBackupFile(const CliContext& context, const std::string& file);

/// `jaring check-backup FILE` reads a backup from end to end.
int CheckBackupFile(const CliContext& context, const std::string& file);

}  // namespace jaring
