#include "channels/cli/command_families.h"
#include "channels/cli/doctor_command.h"

namespace jaring {

void AddDoctorCommands(CommandTree& tree) {
  tree.Add(tree.top(), "doctor", "Look for what may be wrong, and say what to do",
           [](const CliContext& c) { return Doctor(c); });
}

}  // namespace jaring
