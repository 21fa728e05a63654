#include "channels/cli/command_families.h"
#include "channels/cli/key_command.h"

namespace jaring {
namespace {

struct KeyRetireRequest {
  int version = 0;
};

}  // namespace

void AddKeyCommands(CommandTree& tree) {
  const Command keys = tree.AddFamily("key", "Versions of the key that seals identities");
  tree.Add(keys, "list", "Versions, dates, and how many rows each seals",
           [](const CliContext& c) { return KeyList(c); });
  tree.Add(keys, "add", "Add a version to the key file, to be copied to every server first",
           [](const CliContext& c) { return KeyAdd(c); });

  auto& request = tree.Keep<KeyRotateRequest>();
  const Command rotate =
      tree.Add(keys, "rotate", "Seal everything with a new version, beside a server",
               [&request](const CliContext& c) { return KeyRotate(c, request); });
  const Command reseal =
      tree.Add(keys, "reseal", "Seal again whatever an older version seals",
               [&request](const CliContext& c) { return KeyReseal(c, request); });
  for (const Command& command : {rotate, reseal}) {
    command.Option("--rows", request.rows_at_once, "Rows in one transaction").ShowDefault();
  }

  auto& retired = tree.Keep<KeyRetireRequest>();
  const Command retire =
      tree.Add(keys, "retire", "Note that a version seals nothing any more",
               [&retired](const CliContext& c) { return KeyRetire(c, retired.version); });
  retire.Option("version", retired.version, "Number of the version").Required();
}

}  // namespace jaring
