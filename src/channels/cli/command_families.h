#pragma once

// The families of commands, each in a file of its own (NOUN_family.cc). A new one: a line here and
// a line in command_line.cc, both in the order of the alphabet.

#include "channels/cli/command_tree.h"

namespace jaring {

void AddAgencyCommands(CommandTree& tree);

void AddApprovalCommands(CommandTree& tree);

void AddAuditCommands(CommandTree& tree);

void AddBackupCommands(CommandTree& tree);

void AddClaimCommands(CommandTree& tree);

void AddConfigCommands(CommandTree& tree);

void AddDeviceCommands(CommandTree& tree);

void AddDistributeCommands(CommandTree& tree);

void AddDoctorCommands(CommandTree& tree);

void AddEntitlementCommands(CommandTree& tree);

void AddFileCommands(CommandTree& tree);

void AddKeyCommands(CommandTree& tree);

void AddMemberCommands(CommandTree& tree);

void AddMonthCommands(CommandTree& tree);

void AddMoveCommands(CommandTree& tree);

void AddPartnerClientCommands(CommandTree& tree);

void AddPayoutCommands(CommandTree& tree);

void AddPersonCommands(CommandTree& tree);

void AddReportCommands(CommandTree& tree);

void AddRetentionCommands(CommandTree& tree);

void AddSchemeCommands(CommandTree& tree);

void AddServeCommands(CommandTree& tree);

void AddUserCommands(CommandTree& tree);

}  // namespace jaring
