#include "channels/cli/audit_command.h"
#include "channels/cli/command_families.h"

namespace jaring {

void AddAuditCommands(CommandTree& tree) {
  const Command audit = tree.AddFamily("audit", "Who saw and changed what");
  auto& head = tree.Keep<std::string>();
  const Command verify = tree.Add(audit, "verify", "Check the chain of the audit trail",
                                  [&head](const CliContext& c) { return AuditVerify(c, head); });
  verify.Option("--head", head, "A head noted earlier, N:HEX");

  auto& request = tree.Keep<AuditListRequest>();
  const Command list = tree.Add(audit, "list", "The newest entries",
                                [&request](const CliContext& c) { return AuditList(c, request); });
  list.Option("--person", request.who, "NIK, member number or bill code");
  list.Option("--limit", request.limit, "How many").ShowDefault();
}

}  // namespace jaring
