#include "channels/cli/command_line.h"

#include <cstdio>
#include <iostream>

#include "channels/cli/command_families.h"

namespace jaring {

int RunCommandLine(const Environment& environment, int argc, const char* const* argv) {
  CommandTree tree(environment);
  AddAgencyCommands(tree);
  AddApprovalCommands(tree);
  AddAuditCommands(tree);
  AddBackupCommands(tree);
  AddClaimCommands(tree);
  AddConfigCommands(tree);
  AddDeviceCommands(tree);
  AddDistributeCommands(tree);
  AddDoctorCommands(tree);
  AddEntitlementCommands(tree);
  AddFileCommands(tree);
  AddKeyCommands(tree);
  AddMemberCommands(tree);
  AddMonthCommands(tree);
  AddMoveCommands(tree);
  AddPartnerClientCommands(tree);
  AddPayoutCommands(tree);
  AddPersonCommands(tree);
  AddReportCommands(tree);
  AddRetentionCommands(tree);
  AddSchemeCommands(tree);
  AddServeCommands(tree);
  AddUserCommands(tree);

  const int exit_code = tree.Run(argc, argv);
  std::cout.flush();
  // An answer that could not be written must not look like one that was.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout) {
    std::cerr
        << "jaring: jawaban tidak dapat ditulis (disk penuh?); pekerjaannya sendiri tersimpan\n"
           "        the answer could not be written (disk full?); the work itself is kept\n";
    return exit_code == kExitFine ? kExitSomeRefused : exit_code;
  }
  return exit_code;
}

}  // namespace jaring
