#include "channels/cli/command_families.h"
#include "channels/cli/move_command.h"

namespace jaring {

void AddMoveCommands(CommandTree& tree) {
  const Command databases = tree.AddFamily("db", "Whole databases");
  auto& to = tree.Keep<std::string>();
  const Command copy = tree.Add(databases, "copy",
                                "Move the agency to a new, empty database; broken off, it goes on",
                                [&to](const CliContext& c) { return CopyDatabase(c, to); });
  tree.AddSetting(copy, "--from", "", "db");
  copy.Option("--to", to, "The new database: sqlite:FILE or postgresql://…").Required();

  auto& request = tree.Keep<ReopenRequest>();
  const Command reopen =
      tree.Add(databases, "reopen", "Open a database for writing again, its move is given up",
               [&request](const CliContext& c) { return ReopenClosedDatabase(c, request); });
  reopen.Flag("--although-moved", request.although_moved,
              "Even when the new database was opened: nobody may be using that");
}

}  // namespace jaring
