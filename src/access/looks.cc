#include "access/looks.h"

#include <map>

#include "access/care_sql.h"
#include "base/text.h"

namespace jaring {
namespace {

/// Names looked up once for a page.
class NameBook {
 public:
  explicit NameBook(Tx& tx) : tx_(tx) {}

  Result<std::string> Find(std::string_view sql, std::int64_t id) {
    const auto key = std::pair(sql.data(), id);
    if (const auto known = names_.find(key); known != names_.end()) {
      return known->second;
    }
    std::string name;
    JARING_RETURN_IF_ERROR(tx_.Query(sql, {id}, [&](const Row& row) { name = row.Text(0); }));
    return names_[key] = name;
  }

 private:
  Tx& tx_;
  std::map<std::pair<const char*, std::int64_t>, std::string> names_;
};

std::string_view OfficeSql(ScopeKind kind) {
  switch (kind) {
    case ScopeKind::kRegion:
      return sql::kFindRegionName;
    case ScopeKind::kBranch:
      return sql::kFindBranchName;
    case ScopeKind::kGroup:
      return sql::kFindGroupName;
    case ScopeKind::kPartner:
      return sql::kFindPartnerName;
    case ScopeKind::kNowhere:
    case ScopeKind::kNation:
    case ScopeKind::kAgent:
    case ScopeKind::kSelf:
      return {};
  }
  return {};
}

}  // namespace

Result<std::vector<Look>> ListLooks(Tx& tx, std::int64_t person_id, std::int64_t before,
                                    std::int64_t limit) {
  JARING_ASSIGN_OR_RETURN(const auto entries, ListAuditOfPerson(tx, person_id, before, limit));
  NameBook names(tx);
  std::vector<Look> looks;
  for (const AuditEntry& entry : entries) {
    Look look{.entry_id = entry.entry_id,
              .at = entry.at,
              .actor_kind = entry.who.kind,
              .role = entry.who.role,
              .name = {},
              .office = {},
              .what = entry.note.action,
              .why = entry.note.reason};
    if (entry.who.kind == ActorKind::kStaffUser) {
      JARING_ASSIGN_OR_RETURN(look.name, names.Find(sql::kFindStaffName, entry.who.id));
    }
    if (const std::string_view office = OfficeSql(entry.who.scope.kind); !office.empty()) {
      JARING_ASSIGN_OR_RETURN(look.office, names.Find(office, entry.who.scope.id));
    }
    looks.push_back(std::move(look));
  }
  return looks;
}

Result<std::optional<Principal>> FindStaffFor(Tx& tx, std::string_view email, Action action) {
  std::optional<Principal> found;
  const std::string small = ToLower(Trim(email));
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindGrantByEmail, {small}, [&](const Row& row) {
    const auto role = static_cast<Role>(row.Int(1));
    if (!found && IsAllowed(action, role)) {
      found = Principal{.kind = ActorKind::kStaffUser,
                        .id = row.Int(0),
                        .role = role,
                        .scope = {static_cast<ScopeKind>(row.Int(2)), row.Int(3)}};
    }
  }));
  return found;
}

}  // namespace jaring
