#include "channels/cli/command_families.h"
#include "channels/cli/retention_command.h"

namespace jaring {

void AddRetentionCommands(CommandTree& tree) {
  const Command retention = tree.AddFamily("retention", "What is deleted when its time is over");
  auto& request = tree.Keep<RetentionRequest>();
  const Command run =
      tree.Add(retention, "run", "Delete what is over",
               [&request](const CliContext& c) { return RetentionRun(c, request); });
  run.Flag("--dry-run", request.dry_run, "Only tell");
}

}  // namespace jaring
