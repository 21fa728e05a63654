#include "channels/cli/cli_audit.h"

#include "access/looks.h"
#include "access/password.h"
#include "access/staff_login.h"
#include "channels/cli/ask_password.h"

namespace jaring {
Principal OsUser(const CliContext& context) {
  return {.kind = ActorKind::kOsUser,
          .id = context.environment().os_user,
          .role = Role::kOperator,
          .scope = {ScopeKind::kNation, 0}};
}

Result<Done> NoteCommandOf(Tx& tx, const CliContext& context, const Agency& agency,
                           const Principal& who, AuditNote note) {
  const AuditEntry entry{
      .at = context.now(), .who = who, .note = std::move(note), .request_id = "cli"};
  return RecordAudit(tx, agency.sealer.audit_key(), std::span(&entry, 1));
}

Result<Done> NoteCommand(Tx& tx, const CliContext& context, const Agency& agency, AuditNote note) {
  return NoteCommandOf(tx, context, agency, OsUser(context), std::move(note));
}

Result<Principal> ProveStaffUser(const CliContext& context, const OpenAgency& open,
                                 const StaffProof& proof, Action action) {
  std::optional<Principal> who;
  JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(who, FindStaffFor(tx, proof.email, action));
    return Done{};
  }));
  if (!who) {
    return Invalid("login.staff_unknown");
  }
  JARING_ASSIGN_OR_RETURN(const std::string password, AskPassword(proof.password_file));
  PasswordHasher hasher(PasswordCost{});
  StaffLogin login(open.db(), open.agency().sealer, hasher, SessionTerms{});
  LoginRequest request{.email = proof.email,
                       .password = password,
                       .code = proof.code,
                       .recovery_code = proof.recovery_code,
                       .role = who->role,
                       .scope = who->scope,
                       .place = {.browser = "", .caller = "command line", .label = "command line"}};
  JARING_ASSIGN_OR_RETURN(const LoginOutcome outcome, login.LogIn(request, context.now()));
  if (!outcome.rule.empty()) {
    return Invalid(outcome.rule);
  }
  const Session& session = outcome.opened.session;
  // One act, no session that stays open.
  JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) {
    return EndSession(tx, session.principal.kind, session.principal.id, session.session_id,
                      context.now());
  }));
  return session.principal.second_factor ? Result<Principal>(session.principal)
                                         : Invalid("access.second_factor_needed");
}

}  // namespace jaring
