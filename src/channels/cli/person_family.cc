#include "channels/cli/command_families.h"
#include "channels/cli/person_command.h"

namespace jaring {

void AddPersonCommands(CommandTree& tree) {
  const Command person = tree.AddFamily("person", "Care of one person's data");
  auto& request = tree.Keep<PersonExportRequest>();
  const Command out =
      tree.Add(person, "export", "All that is stored about a person, JSON or PDF",
               [&request](const CliContext& c) { return PersonExport(c, request); });
  out.Option("who", request.who, "NIK, member number or bill code").Required();
  out.Option("--out", request.out, "New file; .pdf to read, else JSON").Required();
}

}  // namespace jaring
