#include "channels/cli/backup_command.h"
#include "channels/cli/command_families.h"

namespace jaring {

void AddBackupCommands(CommandTree& tree) {
  constexpr int kMostKept = 10'000;
  auto& request = tree.Keep<BackupRequest>();
  const Command backup =
      tree.Add(tree.top(), "backup", "Copy the database while it is used, and verify the copy",
               [&request](const CliContext& c) { return MakeBackupFile(c, request); });
  backup.Option("--to", request.to, "File or folder; else the folder of the settings");
  backup.Option("--keep", request.keep, "So many backups stay in the folder").Between(1, kMostKept);
  backup.Flag("--quick", request.quick, "Check pages and sums, but do not recompute the books");

  auto& file = tree.Keep<std::string>();
  const Command restore =
      tree.Add(tree.top(), "restore", "Restore a backup to a new database (--db)",
               [&file](const CliContext& c) { return RestoreBackupFile(c, file); });
  restore.Option("file", file, "The backup").Required();

  auto& checked = tree.Keep<std::string>();
  const Command check =
      tree.Add(tree.top(), "check-backup", "Read a backup and compare it with its manifest",
               [&checked](const CliContext& c) { return CheckBackupFile(c, checked); });
  check.Option("file", checked, "The backup").Required();
}

}  // namespace jaring
