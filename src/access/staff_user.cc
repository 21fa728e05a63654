#include "access/staff_user.h"

#include <algorithm>

#include "access/login_sql.h"
#include "access/session.h"
#include "base/text.h"
#include "ledger/sequence.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxName = 100;

/// Columns of kListStaffUsers and its sisters.
StaffUser ReadStaffUser(const Row& row) {
  StaffUser user;
  user.user_id = row.Int(0);
  user.email = row.Text(1);
  user.name = row.Text(2);
  user.password_hash = row.Text(3);
  user.created_at = Instant::FromMicros(row.Int(4));
  if (!row.IsNull(5)) {
    user.disabled_at = Instant::FromMicros(row.Int(5));
  }
  user.has_second_factor = !row.IsNull(6);
  return user;
}

Result<Done> ReadGrants(Tx& tx, StaffUser& user) {
  return tx.Query(sql::kListGrants, {user.user_id}, [&](const Row& row) {
    user.grants.push_back({row.Int(0),
                           static_cast<Role>(row.Int(1)),
                           {static_cast<ScopeKind>(row.Int(2)), row.Int(3)}});
  });
}

Result<std::optional<StaffUser>> FindOne(Tx& tx, std::string_view sql, Value key) {
  std::optional<StaffUser> user;
  JARING_RETURN_IF_ERROR(tx.Query(sql, {key}, [&](const Row& row) { user = ReadStaffUser(row); }));
  if (user) {
    JARING_RETURN_IF_ERROR(ReadGrants(tx, *user));
  }
  return user;
}

Result<Done> CheckName(std::string_view name) {
  if (Trim(name).empty()) {
    return Invalid("name.empty");
  }
  if (name.size() > kMaxName) {
    return Invalid("name.too_long");
  }
  const bool plain =
      std::none_of(name.begin(), name.end(), [](char c) { return c >= 0 && c < ' '; });
  return plain && IsUtf8(name) ? Result<Done>(Done{}) : Invalid("name.not_a_name");
}

/// The scope a role is granted with.
Result<Scope> ScopeFor(Role role, std::int64_t user_id, Scope scope) {
  if (!IsStaffRole(role)) {
    return Invalid("role.not_for_staff");
  }
  if (role == Role::kAgent) {
    return Scope{ScopeKind::kAgent, user_id};
  }
  const bool is_group = scope.kind == ScopeKind::kGroup;
  const bool is_place = scope.kind == ScopeKind::kNation || scope.kind == ScopeKind::kRegion ||
                        scope.kind == ScopeKind::kBranch;
  const bool fits = role == Role::kGroupAdmin ? is_group : is_place;
  return fits ? Result<Scope>(scope) : Invalid("role.scope_wrong");
}

}  // namespace

Result<std::string> ParseEmail(std::string_view text) {
  constexpr std::size_t kMaxEmail = 254;
  const std::string email = ToLower(Trim(text));
  const std::size_t at = email.find('@');
  const bool plain = std::all_of(email.begin(), email.end(), [](char c) {
    return c > ' ' && c < 0x7F && std::string_view("\"(),:;<>[]\\").find(c) == std::string::npos;
  });
  const bool fits = at != std::string::npos && at > 0 && at + 1 < email.size() &&
                    email.find('@', at + 1) == std::string::npos && email.size() <= kMaxEmail;
  return plain && fits ? Result<std::string>(email) : Invalid("email.malformed");
}

Result<std::int64_t> CreateStaffUser(Tx& tx, std::string_view email, std::string_view name,
                                     Instant now) {
  JARING_ASSIGN_OR_RETURN(const std::string address, ParseEmail(email));
  JARING_RETURN_IF_ERROR(CheckName(name));
  JARING_ASSIGN_OR_RETURN(const auto known, FindStaffUserByEmail(tx, address));
  if (known) {
    return Conflict("user.exists");
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t user_id, TakeNumbers(tx, "staff_user", 1));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertStaffUser, {user_id, address, Trim(name), now.micros()}));
  return user_id;
}

Result<std::optional<StaffUser>> FindStaffUser(Tx& tx, std::int64_t user_id) {
  return FindOne(tx, sql::kFindStaffUser, user_id);
}

Result<std::optional<StaffUser>> FindStaffUserByEmail(Tx& tx, std::string_view email) {
  return FindOne(tx, sql::kFindStaffUserByEmail, email);
}

Result<std::vector<StaffUser>> ListStaffUsers(Tx& tx) {
  std::vector<StaffUser> users;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListStaffUsers, {},
                                  [&](const Row& row) { users.push_back(ReadStaffUser(row)); }));
  for (StaffUser& user : users) {
    JARING_RETURN_IF_ERROR(ReadGrants(tx, user));
  }
  return users;
}

Result<Done> GrantRole(Tx& tx, std::int64_t user_id, Role role, Scope scope, Instant now) {
  JARING_ASSIGN_OR_RETURN(const Scope granted, ScopeFor(role, user_id, scope));
  JARING_ASSIGN_OR_RETURN(const auto user, FindStaffUser(tx, user_id));
  if (!user) {
    return NotFound("user.unknown");
  }
  for (const RoleGrant& grant : user->grants) {
    if (grant.role == role && grant.scope == granted) {
      return Done{};
    }
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t grant_id, TakeNumbers(tx, "role_grant", 1));
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertGrant, {grant_id, user_id, static_cast<std::int64_t>(role),
                          static_cast<std::int64_t>(granted.kind), granted.id, now.micros()}));
  return Done{};
}

Result<Done> RevokeRole(Tx& tx, std::int64_t user_id, Role role, Scope scope, Instant now) {
  if (role == Role::kAgent) {
    scope = {ScopeKind::kAgent, user_id};
  }
  // Sessions that act under it are refused from now on: see kFindSession.
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t revoked,
      tx.Run(sql::kRevokeGrant, {user_id, static_cast<std::int64_t>(role),
                                 static_cast<std::int64_t>(scope.kind), scope.id, now.micros()}));
  return revoked > 0 ? Result<Done>(Done{}) : NotFound("role.not_granted");
}

Result<Done> DisableStaffUser(Tx& tx, std::int64_t user_id, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDisableStaffUser, {user_id, now.micros()}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kVoidInvites, {user_id, now.micros()}));
  return EndSessions(tx, ActorKind::kStaffUser, user_id, 0, now);
}

Result<Done> EnableStaffUser(Tx& tx, std::int64_t user_id) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kEnableStaffUser, {user_id}));
  return Done{};
}

Result<Done> SetPasswordHash(Tx& tx, std::int64_t user_id, const std::string& hash,
                             std::int64_t keep_session_id, Instant now) {
  JARING_RETURN_IF_ERROR(RenewPasswordHash(tx, user_id, hash));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kVoidInvites, {user_id, now.micros()}));
  return EndSessions(tx, ActorKind::kStaffUser, user_id, keep_session_id, now);
}

Result<Done> RenewPasswordHash(Tx& tx, std::int64_t user_id, const std::string& hash) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kSetPasswordHash, {user_id, hash}));
  return Done{};
}

Result<std::string> InviteStaffUser(Tx& tx, std::int64_t user_id, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kVoidInvites, {user_id, now.micros()}));
  std::string token = NewToken();
  const std::string hash = TokenHash(token);
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertInvite, {Bytes{hash}, user_id, now.micros(), now.micros() + kInviteMicros}));
  return token;
}

Result<std::int64_t> FindInvite(Tx& tx, std::string_view token, Instant now) {
  const std::string hash = TokenHash(token);
  std::int64_t user_id = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindInvite, {Bytes{hash}, now.micros()},
                                  [&](const Row& row) { user_id = row.Int(0); }));
  return user_id != 0 ? Result<std::int64_t>(user_id) : NotFound("invite.unknown");
}

}  // namespace jaring
