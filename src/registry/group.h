#pragma once

// Branches, groups (wadah) and partners: the small tables that people and money belong to. Their
// codes may be typed in any case and are kept in small letters.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "rules/tariff.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class GroupKind : std::int64_t {
  kAssociation = 1,
  kCooperative = 2,
  kEmployer = 3,
  kSponsor = 4,
  kCommunity = 5,
};

/// "association", "cooperative", "employer", "sponsor", "community".
std::string_view GroupKindCode(GroupKind kind);
std::optional<GroupKind> FindGroupKind(std::string_view code);

struct Branch {
  std::int64_t branch_id = 0;
  std::string code;
  std::string name;
};

struct Group {
  std::int64_t group_id = 0;
  std::string code;
  std::string name;
  GroupKind kind = GroupKind::kAssociation;
  std::int64_t branch_id = 0;
  Payer payer = Payer::kSelf;  // Who pays for its members.
};

struct Partner {
  std::int64_t partner_id = 0;
  std::string code;
  std::string name;
};

Result<std::vector<Branch>> ListBranches(Tx& tx);
Result<std::optional<Branch>> FindBranch(Tx& tx, std::string_view code);
/// The branch that serves a regency.
Result<std::optional<std::int64_t>> FindBranchOfRegency(Tx& tx, std::int64_t regency_code);

/// True for a region of the list, from province to village.
Result<bool> HasRegion(Tx& tx, std::int64_t region_code);

Result<std::vector<Group>> ListGroups(Tx& tx);
Result<std::optional<Group>> FindGroup(Tx& tx, std::string_view code);

/// True when the branch serves some of this region.
Result<bool> ServesRegion(Tx& tx, std::int64_t branch_id, std::int64_t region_code);

/// Which groups; 0 is any.
struct GroupFilter {
  std::int64_t branch_id = 0;
  std::int64_t group_id = 0;
  std::int64_t region_code = 0;  // Those of the branches that serve some of it.
};

/// In the order they were made: those after `after`, at most `limit`.
Result<std::vector<Group>> ListGroupsOf(Tx& tx, const GroupFilter& filter, std::int64_t after,
                                        std::int64_t limit);

/// Errors: name.empty, name.too_long.
Result<Done> RenameGroup(Tx& tx, const Group& group, std::string_view name);

/// Errors: code.malformed, name.empty, group.exists_with_other_data. The same group again is fine.
Result<Group> CreateGroup(Tx& tx, const Group& group);

Result<std::vector<Partner>> ListPartners(Tx& tx);
Result<std::optional<Partner>> FindPartner(Tx& tx, std::string_view code);

/// Errors: code.malformed, name.empty, partner.exists_with_other_data. The same again is fine.
Result<Partner> CreatePartner(Tx& tx, std::string_view code, std::string_view name);

/// The doors of the agency itself, under whose names its counters, agents and kiosks post:
/// "counter", "agent", "kiosk". Those there already stay as they are.
Result<Done> CreateOwnDoors(Tx& tx);

}  // namespace jaring
