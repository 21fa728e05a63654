#pragma once

// Changes made at the command line are in the audit trail as those of the operating system's user;
// what needs two persons asks staff users to prove who they are.

#include "access/audit.h"
#include "access/permissions.h"
#include "channels/cli/cli_context.h"

namespace jaring {

/// Whoever runs the program on this machine.
Principal OsUser(const CliContext& context);

/// Adds what a command changes to the audit trail; within the transaction of the change.
Result<Done> NoteCommand(Tx& tx, const CliContext& context, const Agency& agency, AuditNote note);

/// The same for somebody who proved who she is.
Result<Done> NoteCommandOf(Tx& tx, const CliContext& context, const Agency& agency,
                           const Principal& who, AuditNote note);

/// How a staff user shows at the command line who she is.
struct StaffProof {
  std::string email;
  std::string password_file;  // Its first line; "-" is stdin; empty: typed.
  std::string code;           // Of her app.
  std::string recovery_code;  // Instead of it.
};

/// The staff user, acting under a grant that allows `action`, once she has proved who she is by
/// password and second factor. Not within a transaction: it takes its time.
///
/// Errors: login.staff_unknown (also: without such a role), those of AskPassword and of
/// StaffLogin::LogIn, access.second_factor_needed.
Result<Principal> ProveStaffUser(const CliContext& context, const OpenAgency& open,
                                 const StaffProof& proof, Action action);

}  // namespace jaring
