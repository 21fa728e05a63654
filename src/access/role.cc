#include "access/role.h"

#include <array>
#include <utility>

#include "registry/region_code.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, kRoleCount> kRoleCodes = {
    "nobody",   "worker",      "agent",   "kiosk",   "branch-staff", "claims-officer",
    "approver", "group-admin", "partner", "analyst", "auditor",      "operator"};

constexpr std::array<std::string_view, 8> kScopeCodes = {"nowhere", "nation", "region", "branch",
                                                         "group",   "agent",  "self",   "partner"};

}  // namespace

std::string_view RoleCode(Role role) {
  return kRoleCodes.at(static_cast<std::size_t>(role));
}

std::optional<Role> FindRole(std::string_view code) {
  for (std::size_t i = 1; i < kRoleCodes.size(); ++i) {
    if (kRoleCodes[i] == code) {
      return static_cast<Role>(i);
    }
  }
  return std::nullopt;
}

bool IsStaffRole(Role role) {
  switch (role) {
    case Role::kAgent:
    case Role::kBranchStaff:
    case Role::kClaimsOfficer:
    case Role::kApprover:
    case Role::kGroupAdmin:
    case Role::kAnalyst:
    case Role::kAuditor:
    case Role::kOperator:
      return true;
    case Role::kNobody:
    case Role::kWorker:
    case Role::kKiosk:
    case Role::kPartner:
      return false;
  }
  return false;
}

std::string_view ScopeKindCode(ScopeKind kind) {
  return kScopeCodes.at(static_cast<std::size_t>(kind));
}

std::optional<ScopeKind> FindScopeKind(std::string_view code) {
  for (std::size_t i = 1; i < kScopeCodes.size(); ++i) {
    if (kScopeCodes[i] == code) {
      return static_cast<ScopeKind>(i);
    }
  }
  return std::nullopt;
}

bool Reaches(const Scope& scope, const Place& place) {
  const auto same = [&](std::int64_t id) { return id != 0 && id == scope.id; };
  switch (scope.kind) {
    case ScopeKind::kNowhere:
      return false;
    case ScopeKind::kNation:
      return true;
    case ScopeKind::kRegion:
      return RegionHolds(scope.id, place.village_code);
    case ScopeKind::kBranch:
      return same(place.branch_id);
    case ScopeKind::kGroup:
      return same(place.group_id);
    case ScopeKind::kAgent:
      return same(place.agent_id);
    case ScopeKind::kSelf:
      return same(place.person_id);
    case ScopeKind::kPartner:
      return same(place.partner_id);
  }
  return false;
}

}  // namespace jaring
