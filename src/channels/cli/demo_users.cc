#include "channels/cli/demo_users.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "access/audit.h"
#include "access/password.h"
#include "access/second_factor.h"
#include "access/staff_user.h"
#include "access/totp.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::size_t kPasswordBytes = 15;  // 120 bits: 24 letters.

constexpr std::array<Role, 8> kRoles = {Role::kAgent,    Role::kBranchStaff, Role::kClaimsOfficer,
                                        Role::kApprover, Role::kGroupAdmin,  Role::kAnalyst,
                                        Role::kAuditor,  Role::kOperator};

/// Where somebody of this role works in the demo.
Result<Scope> ScopeOf(Tx& tx, Role role) {
  if (role == Role::kGroupAdmin) {
    JARING_ASSIGN_OR_RETURN(const auto groups, ListGroups(tx));
    return groups.empty() ? Result<Scope>(Invalid("group.unknown"))
                          : Scope{ScopeKind::kGroup, groups.front().group_id};
  }
  const bool at_branch =
      role == Role::kBranchStaff || role == Role::kClaimsOfficer || role == Role::kApprover;
  if (!at_branch) {
    return Scope{ScopeKind::kNation, 0};
  }
  JARING_ASSIGN_OR_RETURN(const auto branch, FindBranch(tx, "surakarta"));
  return branch ? Result<Scope>(Scope{ScopeKind::kBranch, branch->branch_id})
                : Invalid("demo.branch_missing");
}

struct NewUser {
  Role role = Role::kNobody;
  std::string email;
  std::string password;
  std::string hash;
};

/// Adds one; the lines that tell how she logs in.
Result<std::string> Add(Tx& tx, const Agency& agency, const NewUser& user, Instant now) {
  JARING_ASSIGN_OR_RETURN(const Scope scope, ScopeOf(tx, user.role));
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t user_id,
      CreateStaffUser(tx, user.email, "Demo " + std::string(RoleCode(user.role)), now));
  JARING_RETURN_IF_ERROR(GrantRole(tx, user_id, user.role, scope, now));
  JARING_RETURN_IF_ERROR(SetPasswordHash(tx, user_id, user.hash, 0, now));
  JARING_ASSIGN_OR_RETURN(const std::string secret,
                          BeginSecondFactor(tx, agency.sealer, user_id, now));
  const std::string code = TotpCode(secret, TotpStep(now) - 1);
  JARING_ASSIGN_OR_RETURN(const auto codes,
                          ConfirmSecondFactor(tx, agency.sealer, user_id, code, now));
  const AuditEntry entry{.at = now,
                         .who = {.kind = ActorKind::kSystem},
                         .note = {.action = "user:add", .subject = "user demo"}};
  JARING_RETURN_IF_ERROR(RecordAudit(tx, agency.sealer.audit_key(), {&entry, 1}));
  return user.email + "\n  password       " + user.password + "\n  second factor  " +
         OtpauthUri("Jaring", user.email, secret) + "\n  recovery code  " + codes.front() + "\n\n";
}

/// A new file for its owner only. One that is there is taken away first: it is of an older demo.
Result<Done> WritePrivately(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    return Error{ErrorCode::kUnavailable, "demo.users_not_writable", path.string()};
  }
  const bool whole = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool closed = close(file) == 0;
  return whole && closed ? Result<Done>(Done{})
                         : Error{ErrorCode::kUnavailable, "demo.users_not_writable", path.string()};
}

}  // namespace

std::filesystem::path DemoUsersFile(const CliContext& context) {
  std::string name = context.key_file().string();
  constexpr std::string_view kEnding = ".key";
  if (name.ends_with(kEnding)) {
    name.resize(name.size() - kEnding.size());
  }
  return name + ".users.txt";
}

Result<Done> MakeDemoUsers(const CliContext& context, const OpenAgency& open) {
  PasswordHasher hasher(PasswordCost{});
  std::vector<NewUser> users;
  for (const Role role : kRoles) {
    NewUser user{.role = role,
                 .email = std::string(RoleCode(role)) + "@demo.jaring.test",
                 .password = Base32(RandomBytes(kPasswordBytes))};
    JARING_ASSIGN_OR_RETURN(user.hash, hasher.Hash(user.password));
    users.push_back(std::move(user));
  }
  std::string text =
      "Staff users of this demo, one a role. The passwords are random and stand nowhere else.\n"
      "Log in at /login; the code of the second factor comes from an authenticator app\n"
      "(oathtool --totp --base32 SECRET gives it too).\n\n";
  const Instant now = context.now();
  const auto written = open.db().Write([&](Tx& tx) -> Result<Done> {
    for (const NewUser& user : users) {
      JARING_ASSIGN_OR_RETURN(const std::string lines, Add(tx, open.agency(), user, now));
      text += lines;
    }
    return WritePrivately(DemoUsersFile(context), text);
  });
  return written;
}

}  // namespace jaring
