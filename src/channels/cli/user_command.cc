#include "channels/cli/user_command.h"

#include <fmt/core.h>

#include <iostream>

#include "access/agency_setting.h"
#include "access/audit.h"
#include "access/password.h"
#include "access/second_factor.h"
#include "access/session.h"
#include "access/staff_user.h"
#include "access/totp.h"
#include "base/text.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/ask_password.h"
#include "channels/cli/cli_audit.h"
#include "channels/cli/column_table.h"
#include "channels/text/json_writer.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::string_view kIssuer = "Jaring";

Result<Role> ReadRole(const std::string& code) {
  const auto role = FindRole(code);
  return role && IsStaffRole(*role) ? Result<Role>(*role) : Invalid("role.unknown", code);
}

/// "branch:surakarta".
Result<Scope> ReadScope(Tx& tx, const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const std::string code = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (text == "nation") {
    return Scope{ScopeKind::kNation, 0};
  }
  if (kind == "branch") {
    JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, code));
    return branch ? Result<Scope>(Scope{ScopeKind::kBranch, branch->branch_id})
                  : Invalid("branch.unknown", code);
  }
  if (kind == "group") {
    JARING_ASSIGN_OR_RETURN(const auto group, FindGroup(tx, code));
    return group ? Result<Scope>(Scope{ScopeKind::kGroup, group->group_id})
                 : Invalid("group.unknown", code);
  }
  if (kind == "region") {
    const std::int64_t number = IsAllDigits(code) ? ParseInteger(code).value_or(0) : 0;
    JARING_ASSIGN_OR_RETURN(const bool known, HasRegion(tx, number));
    return known ? Result<Scope>(Scope{ScopeKind::kRegion, number})
                 : Invalid("region.unknown", code);
  }
  return Invalid("scope.malformed", text);
}

Result<Done> Note(Tx& tx, const CliContext& context, const OpenAgency& open, std::string action,
                  std::int64_t user_id, std::string change = "") {
  return NoteCommand(tx, context, open.agency(),
                     {.action = std::move(action),
                      .subject = "user " + std::to_string(user_id),
                      .change = std::move(change)});
}

Result<StaffUser> GetUser(Tx& tx, const std::string& email) {
  JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUserByEmail(tx, ToLower(Trim(email))));
  return user ? Result<StaffUser>(*user) : NotFound("user.unknown");
}

/// A checked password, hashed. Before any transaction: it takes its time.
Result<std::string> AskPasswordHash(const CliContext& context, const std::string& file,
                                    const PasswordOwner& owner) {
  JARING_ASSIGN_OR_RETURN(
      const PasswordList list,
      PasswordList::Load(context.root() / "data" / "passwords" / "breached.bin"));
  JARING_ASSIGN_OR_RETURN(const std::string password, AskNewPassword(file));
  JARING_RETURN_IF_ERROR(CheckPassword(list, password, owner));
  return PasswordHasher(PasswordCost{}).Hash(password);
}

void PrintInvite(const std::string& token) {
  // The token stands after '#': browsers do not send it, so no log of a proxy has it.
  fmt::print("link, good once and for 24 hours: https://HOST/invite#{}\n", token);
}

/// Sets a second factor up without its owner; the secret is handed to her.
Result<Done> SetUpSecondFactor(Tx& tx, const Sealer& sealer, const StaffUser& user, Instant now) {
  JARING_ASSIGN_OR_RETURN(const std::string secret,
                          BeginSecondFactor(tx, sealer, user.user_id, now));
  // The code of the step before, so that the owner can use the one of now.
  const std::string code = TotpCode(secret, TotpStep(now) - 1);
  JARING_ASSIGN_OR_RETURN(const auto codes,
                          ConfirmSecondFactor(tx, sealer, user.user_id, code, now));
  fmt::print("second factor: {}\n", OtpauthUri(kIssuer, user.email, secret));
  for (const std::string& recovery : codes) {
    fmt::print("recovery code: {}\n", recovery);
  }
  return Done{};
}

/// A role as it is read in a list: "branch-staff branch:1".
std::string GrantText(const RoleGrant& grant) {
  std::string text =
      std::string(RoleCode(grant.role)) + " " + std::string(ScopeKindCode(grant.scope.kind));
  return grant.scope.id == 0 ? text : text + ":" + std::to_string(grant.scope.id);
}

using UserWork = std::function<Result<Done>(Tx& tx, const OpenAgency& open, const StaffUser& user)>;

int ChangeUser(const CliContext& context, const std::string& email, const UserWork& work) {
  return WithAgency(context, [&](const OpenAgency& open) {
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const StaffUser user, GetUser(tx, email));
      return work(tx, open, user);
    });
  });
}

Result<Done> AddUser(const CliContext& context, const OpenAgency& open,
                     const UserAddRequest& request) {
  JARING_ASSIGN_OR_RETURN(const Role role, ReadRole(request.role));
  std::string hash;
  if (!request.invite) {
    JARING_ASSIGN_OR_RETURN(
        hash, AskPasswordHash(context, request.password_file, {request.email, request.name}));
  }
  const Instant now = context.now();
  std::string token;
  const auto written = open.db().Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const Scope scope, ReadScope(tx, request.scope));
    JARING_ASSIGN_OR_RETURN(const std::int64_t user_id,
                            CreateStaffUser(tx, request.email, request.name, now));
    JARING_RETURN_IF_ERROR(GrantRole(tx, user_id, role, scope, now));
    if (request.invite) {
      JARING_ASSIGN_OR_RETURN(token, InviteStaffUser(tx, user_id, now));
    } else {
      JARING_RETURN_IF_ERROR(SetPasswordHash(tx, user_id, hash, 0, now));
    }
    if (request.second_factor) {
      JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUser(tx, user_id));
      JARING_RETURN_IF_ERROR(SetUpSecondFactor(tx, open.agency().sealer, *user, now));
    }
    return Note(tx, context, open, "user:add", user_id,
                R"({"role":["",")" + std::string(RoleCode(role)) + R"("]})");
  });
  if (!written) {
    return written.error();
  }
  fmt::print("user ready\n");
  if (!token.empty()) {
    PrintInvite(token);
  }
  return Done{};
}

}  // namespace

int UserAdd(const CliContext& context, const UserAddRequest& request) {
  return WithAgency(context,
                    [&](const OpenAgency& open) { return AddUser(context, open, request); });
}

int UserList(const CliContext& context) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::vector<StaffUser> users;
    JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(users, ListStaffUsers(tx));
      return Done{};
    }));
    ColumnTable table({{"E-mail", "e-mail"},
                       {"Nama", "name"},
                       {"Peran", "roles"},
                       {"Kata sandi", "password"},
                       {"Kode kedua", "second factor"},
                       {"Keadaan", "state"}});
    JsonWriter json;
    json.BeginList();
    for (const StaffUser& user : users) {
      std::string roles;
      for (const RoleGrant& grant : user.grants) {
        roles += (roles.empty() ? "" : ", ") + GrantText(grant);
      }
      table.Add({user.email, user.name, roles, user.password_hash.empty() ? "-" : "ok",
                 user.has_second_factor ? "ok" : "-", user.disabled_at ? "disabled" : "active"});
      json.BeginObject().Key("user_id").Integer(user.user_id);
      json.Key("email").Text(user.email).Key("name").Text(user.name).Key("roles").BeginList();
      for (const RoleGrant& grant : user.grants) {
        json.Text(GrantText(grant));
      }
      json.EndList().Key("has_password").Bool(!user.password_hash.empty());
      json.Key("has_second_factor").Bool(user.has_second_factor);
      json.Key("disabled").Bool(user.disabled_at.has_value()).EndObject();
    }
    json.EndList();
    if (context.options().json) {
      fmt::print("{}\n", json.Take());
    } else {
      table.Print(std::cout);
    }
    return Done{};
  });
}

int UserGrant(const CliContext& context, const UserGrantRequest& request) {
  return ChangeUser(
      context, request.email,
      [&](Tx& tx, const OpenAgency& open, const StaffUser& user) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(const Role role, ReadRole(request.role));
        JARING_ASSIGN_OR_RETURN(const Scope scope, ReadScope(tx, request.scope));
        JARING_RETURN_IF_ERROR(GrantRole(tx, user.user_id, role, scope, context.now()));
        return Note(tx, context, open, "user:grant", user.user_id,
                    R"({"role":["",")" + request.role + " " + request.scope + R"("]})");
      });
}

int UserUngrant(const CliContext& context, const UserGrantRequest& request) {
  return ChangeUser(
      context, request.email,
      [&](Tx& tx, const OpenAgency& open, const StaffUser& user) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(const Role role, ReadRole(request.role));
        JARING_ASSIGN_OR_RETURN(const Scope scope, ReadScope(tx, request.scope));
        JARING_RETURN_IF_ERROR(RevokeRole(tx, user.user_id, role, scope, context.now()));
        return Note(tx, context, open, "user:ungrant", user.user_id,
                    R"({"role":[")" + request.role + " " + request.scope + R"(",""]})");
      });
}

int UserDisable(const CliContext& context, const std::string& email) {
  return ChangeUser(context, email,
                    [&](Tx& tx, const OpenAgency& open, const StaffUser& user) -> Result<Done> {
                      JARING_RETURN_IF_ERROR(DisableStaffUser(tx, user.user_id, context.now()));
                      return Note(tx, context, open, "user:disable", user.user_id);
                    });
}

int UserEnable(const CliContext& context, const std::string& email) {
  return ChangeUser(context, email,
                    [&](Tx& tx, const OpenAgency& open, const StaffUser& user) -> Result<Done> {
                      JARING_RETURN_IF_ERROR(EnableStaffUser(tx, user.user_id));
                      return Note(tx, context, open, "user:enable", user.user_id);
                    });
}

int UserResetPassword(const CliContext& context, const UserResetRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    StaffUser user;
    JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(user, GetUser(tx, request.email));
      return Done{};
    }));
    std::string hash;  // Empty: she sets one with the link.
    if (!request.invite) {
      JARING_ASSIGN_OR_RETURN(
          hash, AskPasswordHash(context, request.password_file, {user.email, user.name}));
    }
    std::string token;
    const auto written = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(SetPasswordHash(tx, user.user_id, hash, 0, context.now()));
      if (request.invite) {
        JARING_ASSIGN_OR_RETURN(token, InviteStaffUser(tx, user.user_id, context.now()));
      }
      return Note(tx, context, open, "user:reset-password", user.user_id);
    });
    if (!written) {
      return written.error();
    }
    fmt::print("password reset; every session of {} has ended\n", user.email);
    if (!token.empty()) {
      PrintInvite(token);
    }
    return Done{};
  });
}

int UserResetSecondFactor(const CliContext& context, const std::string& email) {
  return ChangeUser(context, email,
                    [&](Tx& tx, const OpenAgency& open, const StaffUser& user) -> Result<Done> {
                      JARING_RETURN_IF_ERROR(RemoveSecondFactor(tx, user.user_id));
                      JARING_RETURN_IF_ERROR(
                          EndSessions(tx, ActorKind::kStaffUser, user.user_id, 0, context.now()));
                      return Note(tx, context, open, "user:reset-second-factor", user.user_id);
                    });
}

int AgencyContact(const CliContext& context, const std::string& text) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    std::string contact;
    const auto written = open.db().Write([&](Tx& tx) -> Result<Done> {
      if (!text.empty()) {
        JARING_RETURN_IF_ERROR(SetContact(tx, text));
        JARING_RETURN_IF_ERROR(Note(tx, context, open, "agency:contact", 0));
      }
      JARING_ASSIGN_OR_RETURN(contact, FindContact(tx));
      return Done{};
    });
    if (!written) {
      return written.error();
    }
    fmt::print("{}\n", contact.empty() ? "no contact set" : contact);
    return Done{};
  });
}

}  // namespace jaring
