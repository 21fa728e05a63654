#include "registry/group.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "ledger/sequence.h"
#include "registry/region_code.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 5> kGroupKindCodes = {"association", "cooperative",
                                                             "employer", "sponsor", "community"};
constexpr std::size_t kMaxNameBytes = 200;

Branch ReadBranch(const Row& row) {
  return {row.Int(0), std::string(row.Text(1)), std::string(row.Text(2))};
}

Group ReadGroup(const Row& row) {
  return {.group_id = row.Int(0),
          .code = std::string(row.Text(1)),
          .name = std::string(row.Text(2)),
          .kind = static_cast<GroupKind>(row.Int(3)),
          .branch_id = row.Int(4),
          .payer = static_cast<Payer>(row.Int(5))};
}

Partner ReadPartner(const Row& row) {
  return {row.Int(0), std::string(row.Text(1)), std::string(row.Text(2))};
}

template <typename T>
Result<std::vector<T>> List(Tx& tx, std::string_view sql, T (*read)(const Row&)) {
  std::vector<T> all;
  JARING_RETURN_IF_ERROR(tx.Query(sql, {}, [&](const Row& row) { all.push_back(read(row)); }));
  return all;
}

template <typename T>
Result<std::optional<T>> FindByCode(Tx& tx, std::string_view sql, std::string_view code,
                                    T (*read)(const Row&)) {
  std::optional<T> found;
  const std::string stored_code = ToLower(code);
  JARING_RETURN_IF_ERROR(tx.Query(sql, {stored_code}, [&](const Row& row) { found = read(row); }));
  return found;
}

Result<Done> CheckCodeAndName(std::string_view code, std::string_view name) {
  if (!IsSlug(code)) {
    return Invalid("code.malformed", std::string(code));
  }
  if (Trim(name).empty()) {
    return Invalid("name.empty");
  }
  if (name.size() > kMaxNameBytes || !IsUtf8(name)) {
    return Invalid("name.too_long");
  }
  return Done{};
}

}  // namespace

std::string_view GroupKindCode(GroupKind kind) {
  return kGroupKindCodes[static_cast<std::size_t>(kind) - 1];
}

std::optional<GroupKind> FindGroupKind(std::string_view code) {
  for (std::size_t i = 0; i < kGroupKindCodes.size(); ++i) {
    if (kGroupKindCodes[i] == code) {
      return static_cast<GroupKind>(i + 1);
    }
  }
  return std::nullopt;
}

Result<std::vector<Branch>> ListBranches(Tx& tx) {
  return List(tx, sql::kListBranches, ReadBranch);
}

Result<std::optional<Branch>> FindBranch(Tx& tx, std::string_view code) {
  return FindByCode(tx, sql::kFindBranch, code, ReadBranch);
}

Result<std::optional<std::int64_t>> FindBranchOfRegency(Tx& tx, std::int64_t regency_code) {
  std::optional<std::int64_t> branch_id;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindBranchOfRegency, {regency_code},
                                  [&](const Row& row) { branch_id = row.Int(0); }));
  return branch_id;
}

Result<bool> HasRegion(Tx& tx, std::int64_t region_code) {
  bool known = false;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindRegion, {region_code}, [&](const Row&) { known = true; }));
  return known;
}

Result<bool> ServesRegion(Tx& tx, std::int64_t branch_id, std::int64_t region_code) {
  const auto [first, last] = RegenciesOf(region_code);
  bool serves = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindServedRegency, {branch_id, first, last},
                                  [&](const Row&) { serves = true; }));
  return serves;
}

Result<std::vector<Group>> ListGroups(Tx& tx) {
  return List(tx, sql::kListGroups, ReadGroup);
}

Result<std::optional<Group>> FindGroup(Tx& tx, std::string_view code) {
  return FindByCode(tx, sql::kFindGroup, code, ReadGroup);
}

Result<std::vector<Group>> ListGroupsOf(Tx& tx, const GroupFilter& filter, std::int64_t after,
                                        std::int64_t limit) {
  const auto [first, last] = RegenciesOf(filter.region_code);
  std::vector<Group> groups;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kPageGroups,
                                  {after, filter.branch_id, filter.group_id, first, last, limit},
                                  [&](const Row& row) { groups.push_back(ReadGroup(row)); }));
  return groups;
}

Result<Done> RenameGroup(Tx& tx, const Group& group, std::string_view name) {
  JARING_RETURN_IF_ERROR(CheckCodeAndName(group.code, name));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kRenameGroup, {group.group_id, name}));
  return Done{};
}

Result<Group> CreateGroup(Tx& tx, const Group& group) {
  Group created = group;
  created.code = ToLower(group.code);
  JARING_RETURN_IF_ERROR(CheckCodeAndName(created.code, group.name));
  JARING_ASSIGN_OR_RETURN(const auto existing, FindGroup(tx, group.code));
  if (existing) {
    const bool same = existing->name == group.name && existing->kind == group.kind &&
                      existing->branch_id == group.branch_id && existing->payer == group.payer;
    return same ? Result<Group>(*existing) : Conflict("group.exists_with_other_data", group.code);
  }
  JARING_ASSIGN_OR_RETURN(created.group_id, TakeNumbers(tx, "member_group", 1));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertGroup,
             {created.group_id, created.code, created.name, static_cast<std::int64_t>(created.kind),
              created.branch_id, static_cast<std::int64_t>(created.payer)}));
  return created;
}

Result<std::vector<Partner>> ListPartners(Tx& tx) {
  return List(tx, sql::kListPartners, ReadPartner);
}

Result<std::optional<Partner>> FindPartner(Tx& tx, std::string_view code) {
  return FindByCode(tx, sql::kFindPartner, code, ReadPartner);
}

Result<Partner> CreatePartner(Tx& tx, std::string_view code_as_typed, std::string_view name) {
  const std::string code = ToLower(code_as_typed);
  JARING_RETURN_IF_ERROR(CheckCodeAndName(code, name));
  JARING_ASSIGN_OR_RETURN(const auto existing, FindPartner(tx, code));
  if (existing) {
    return existing->name == name ? Result<Partner>(*existing)
                                  : Conflict("partner.exists_with_other_data", code);
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t partner_id, TakeNumbers(tx, "partner", 1));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertPartner, {partner_id, code, name}));
  return Partner{partner_id, code, std::string(name)};
}

Result<Done> CreateOwnDoors(Tx& tx) {
  constexpr std::array<std::array<std::string_view, 2>, 3> kDoors = {
      {{"counter", "Loket"}, {"agent", "Agen"}, {"kiosk", "Kios"}}};
  for (const auto& [code, name] : kDoors) {
    JARING_ASSIGN_OR_RETURN(const auto existing, FindPartner(tx, code));
    if (!existing) {
      JARING_RETURN_IF_ERROR(CreatePartner(tx, code, name));
    }
  }
  return Done{};
}

}  // namespace jaring
