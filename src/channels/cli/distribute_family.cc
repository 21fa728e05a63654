#include "channels/cli/command_families.h"
#include "channels/cli/distribute_command.h"

namespace jaring {

void AddDistributeCommands(CommandTree& tree) {
  const Command database = tree.AddFamily("db", "Whole databases");
  auto& request = tree.Keep<DistributeRequest>();
  const Command distribute =
      tree.Add(database, "distribute", "Spread the tables over the machines of a Citus database",
               [&request](const CliContext& c) { return DistributeDatabase(c, request); });
  distribute.Flag("--dry-run", request.dry_run,
                  "Only tell where each table lies, and why; on any database");
}

}  // namespace jaring
