#pragma once

// Who somebody is to the agency: roles, and how far each reaches.

#include <cstdint>
#include <optional>
#include <string_view>

namespace jaring {

/// Stored, so the numbers never change.
enum class Role : std::int64_t {
  kNobody = 0,  // Not logged in.
  kWorker = 1,
  kAgent = 2,
  kKiosk = 3,
  kBranchStaff = 4,
  kClaimsOfficer = 5,
  kApprover = 6,
  kGroupAdmin = 7,  // Of a group, also of a sponsor.
  kPartner = 8,
  kAnalyst = 9,  // Figures only, no persons.
  kAuditor = 10,
  kOperator = 11,
};
inline constexpr int kRoleCount = 12;

/// "worker", "agent", "kiosk", "branch-staff", "claims-officer", "approver", "group-admin",
/// "partner", "analyst", "auditor", "operator"; "nobody".
std::string_view RoleCode(Role role);
std::optional<Role> FindRole(std::string_view code);

/// Roles a staff user may be granted; the others come with what somebody is.
bool IsStaffRole(Role role);

/// How far a role reaches. Stored, so the numbers never change.
enum class ScopeKind : std::int64_t {
  kNowhere = 0,
  kNation = 1,
  kRegion = 2,   // id: region code, from province to village.
  kBranch = 3,   // id: branch_id.
  kGroup = 4,    // id: group_id.
  kAgent = 5,    // id: user_id of the agent; the people who came through that agent.
  kSelf = 6,     // id: person_id.
  kPartner = 7,  // id: partner_id; its own payments.
};

/// "nation", "region", "branch", "group", "agent", "self", "partner"; "nowhere".
std::string_view ScopeKindCode(ScopeKind kind);
std::optional<ScopeKind> FindScopeKind(std::string_view code);

struct Scope {
  ScopeKind kind = ScopeKind::kNowhere;
  std::int64_t id = 0;
  friend bool operator==(const Scope&, const Scope&) = default;
};

/// Where a person, a group, a branch or a payment belongs; 0 for what it has not.
struct Place {
  std::int64_t person_id = 0;
  std::int64_t village_code = 0;  // Or a shorter region code.
  std::int64_t branch_id = 0;
  std::int64_t group_id = 0;
  std::int64_t agent_id = 0;
  std::int64_t partner_id = 0;
};

/// True when what is at `place` lies in `scope`.
bool Reaches(const Scope& scope, const Place& place);

}  // namespace jaring
