#include "access/role.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "access/permissions.h"
#include "base/source_dir.h"

namespace jaring {
namespace {

TEST(Reaches, OnlyWhatTheScopeNames) {
  const Place place{.person_id = 7,
                    .village_code = 3372011001,
                    .branch_id = 2,
                    .group_id = 3,
                    .agent_id = 4,
                    .partner_id = 5};
  const struct {
    ScopeKind kind;
    std::int64_t id;
  } inside[] = {{ScopeKind::kNation, 0}, {ScopeKind::kRegion, 3372}, {ScopeKind::kBranch, 2},
                {ScopeKind::kGroup, 3},  {ScopeKind::kAgent, 4},     {ScopeKind::kSelf, 7},
                {ScopeKind::kPartner, 5}};
  for (const auto& scope : inside) {
    EXPECT_TRUE(Reaches({scope.kind, scope.id}, place)) << ScopeKindCode(scope.kind);
    if (scope.kind != ScopeKind::kNation) {
      EXPECT_FALSE(Reaches({scope.kind, scope.id + 1}, place)) << ScopeKindCode(scope.kind);
      // What belongs to nobody is reached by nobody, not by a scope without a number either.
      EXPECT_FALSE(Reaches({scope.kind, 0}, Place{})) << ScopeKindCode(scope.kind);
    }
  }
  EXPECT_FALSE(Reaches({}, place));
}

TEST(Permissions, NobodyMayDoNothing) {
  for (int action = 0; action < kActionCount; ++action) {
    EXPECT_FALSE(IsAllowed(static_cast<Action>(action), Role::kNobody));
  }
}

TEST(Permissions, EveryActionIsNamedOnceAndAllowedToSomebody) {
  std::set<std::string_view> names;
  for (int n = 0; n < kActionCount; ++n) {
    const auto action = static_cast<Action>(n);
    EXPECT_TRUE(names.insert(ActionName(action)).second) << ActionName(action);
    int allowed = 0;
    for (int role = 1; role < kRoleCount; ++role) {
      allowed += IsAllowed(action, static_cast<Role>(role)) ? 1 : 0;
    }
    EXPECT_GT(allowed, 0) << ActionName(action);
  }
}

TEST(Permissions, SomeRolesAreKeptApart) {
  for (int n = 0; n < kActionCount; ++n) {
    const auto action = static_cast<Action>(n);
    // An auditor changes nothing but her own account; an analyst sees no person.
    if (IsChange(action) && action != Action::kUseOwnAccount) {
      EXPECT_FALSE(IsAllowed(action, Role::kAuditor)) << ActionName(action);
      EXPECT_FALSE(IsAllowed(action, Role::kAnalyst)) << ActionName(action);
    }
  }
  for (const Action action : {Action::kReadPerson, Action::kSearchPeople, Action::kReadCover,
                              Action::kReadPayment, Action::kExportPerson, Action::kReadAudit}) {
    EXPECT_FALSE(IsAllowed(action, Role::kAnalyst)) << ActionName(action);
    EXPECT_FALSE(IsAllowed(action, Role::kOperator)) << ActionName(action);
  }
  // Who asks is not who decides.
  for (const Action ask : {Action::kAskReversal, Action::kAskMerge, Action::kAskCorrection}) {
    EXPECT_FALSE(IsAllowed(ask, Role::kApprover)) << ActionName(ask);
  }
}

TEST(Permissions, TheDocumentIsTheTable) {
  std::ifstream file(SourceDir() + "/docs/PERMISSIONS.md");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), PermissionsMarkdown())
      << "write it anew: build/release/jaring permissions > docs/PERMISSIONS.md";
}

TEST(Codes, AreReadBack) {
  for (int role = 1; role < kRoleCount; ++role) {
    EXPECT_EQ(FindRole(RoleCode(static_cast<Role>(role))), static_cast<Role>(role));
  }
  for (int kind = 1; kind < 8; ++kind) {
    EXPECT_EQ(FindScopeKind(ScopeKindCode(static_cast<ScopeKind>(kind))),
              static_cast<ScopeKind>(kind));
  }
  EXPECT_EQ(FindRole("nobody"), std::nullopt);
  EXPECT_EQ(FindScopeKind("everywhere"), std::nullopt);
}

}  // namespace
}  // namespace jaring
