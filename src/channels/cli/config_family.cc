#include "channels/cli/command_families.h"
#include "channels/cli/config_command.h"

namespace jaring {

void AddConfigCommands(CommandTree& tree) {
  const Command config = tree.AddFamily("config", "Settings");
  tree.Add(config, "show", "What holds, and where it comes from",
           [](const CliContext& c) { return ConfigShow(c); });
  tree.Add(config, "example", "A documented file to begin with",
           [](const CliContext& c) { return ConfigExample(c); });
}

}  // namespace jaring
