#include "channels/cli/command_families.h"

#include "channels/cli/file_command.h"

namespace jaring {

void AddFileCommands(CommandTree& tree) {
  auto& enrol_request = tree.Keep<EnrolRequest>();
  const Command enrol =
      tree.Add(tree.top(), "enrol", "Make members of a list (CSV or XLSX)",
               [&enrol_request](const CliContext& c) { return EnrolFromFile(c, enrol_request); });
  enrol.Option("file", enrol_request.file, "The list").Required();
  enrol.Option("--group", enrol_request.group, "Code of the group that brings it").Required();
  enrol.Option("--branch", enrol_request.branch, "Code of the branch; else the group's");
  enrol.Flag("--dry-run", enrol_request.dry_run, "Try everything, keep nothing");
  enrol.Flag("--all-or-nothing", enrol_request.all_or_nothing, "One bad row, and nothing is done");
  enrol.Flag("--list", enrol_request.list, "Name every member number and bill code");

  auto& collect_request = tree.Keep<CollectRequest>();
  const Command collect = tree.Add(
      tree.top(), "collect", "Post a partner's payment file",
      [&collect_request](const CliContext& c) { return CollectFromFile(c, collect_request); });
  collect.Option("file", collect_request.file, "The payment file").Required();
  collect.Option("--partner", collect_request.partner, "Code of the partner").Required();
  collect.Flag("--dry-run", collect_request.dry_run, "Try everything, keep nothing");
}

}  // namespace jaring
