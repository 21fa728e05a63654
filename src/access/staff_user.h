#pragma once

// Staff users: who works for the agency, and as what.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// What a staff user may act as.
struct RoleGrant {
  std::int64_t grant_id = 0;
  Role role = Role::kNobody;
  Scope scope;
};

struct StaffUser {
  std::int64_t user_id = 0;
  std::string email;
  std::string name;
  std::string password_hash;  // Empty: none is set yet.
  Instant created_at = Instant::FromMicros(0);
  std::optional<Instant> disabled_at;
  bool has_second_factor = false;
  std::vector<RoleGrant> grants;  // In the order given.
};

/// An address in small letters; we send nothing to it, it is a name to log in with.
///
/// Errors: email.malformed.
Result<std::string> ParseEmail(std::string_view text);

/// Adds a user without password and roles; her number.
///
/// Errors: email.malformed, name.empty, name.too_long, name.not_a_name, user.exists.
Result<std::int64_t> CreateStaffUser(Tx& tx, std::string_view email, std::string_view name,
                                     Instant now);

/// With what she may act as.
Result<std::optional<StaffUser>> FindStaffUser(Tx& tx, std::int64_t user_id);
Result<std::optional<StaffUser>> FindStaffUserByEmail(Tx& tx, std::string_view email);

/// By e-mail.
Result<std::vector<StaffUser>> ListStaffUsers(Tx& tx);

/// An agent's scope is always the people who came through her; `scope` is not looked at then. The
/// same grant again is fine.
///
/// Errors: role.not_for_staff, role.scope_wrong (a group admin without group, any other with one).
Result<Done> GrantRole(Tx& tx, std::int64_t user_id, Role role, Scope scope, Instant now);

/// Ends the sessions that act under it.
///
/// Errors: role.not_granted.
Result<Done> RevokeRole(Tx& tx, std::int64_t user_id, Role role, Scope scope, Instant now);

/// Her sessions end.
Result<Done> DisableStaffUser(Tx& tx, std::int64_t user_id, Instant now);
Result<Done> EnableStaffUser(Tx& tx, std::int64_t user_id);

/// Other sessions than `keep` end, and open invitations too.
Result<Done> SetPasswordHash(Tx& tx, std::int64_t user_id, const std::string& hash,
                             std::int64_t keep_session_id, Instant now);

/// The same password, hashed at a higher cost.
Result<Done> RenewPasswordHash(Tx& tx, std::int64_t user_id, const std::string& hash);

inline constexpr std::int64_t kInviteMicros = 24LL * 3'600'000'000;

/// The token of a link with which a password can be set once; earlier ones are void.
Result<std::string> InviteStaffUser(Tx& tx, std::int64_t user_id, Instant now);

/// Whose invitation it is; it stays open.
///
/// Errors: invite.unknown (also used or expired).
Result<std::int64_t> FindInvite(Tx& tx, std::string_view token, Instant now);

}  // namespace jaring
