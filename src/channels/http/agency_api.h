#pragma once

#include "channels/http/gate.h"
#include "registry/group.h"

namespace jaring {

/// GET /v1/branches, GET and POST /v1/groups, GET and PATCH /v1/groups/{code}, GET and POST
/// /v1/partners, GET /v1/duplicates. A region, a branch or a group sees its own groups, a partner
/// none but itself.
void AddAgencyRoutes(Router& router, Gate& gate, const SiteParts& parts);

/// The groups a scope reaches.
GroupFilter GroupFilterOf(const Scope& scope);

/// The group of a code, within the scope.
///
/// Errors: group.unknown.
Result<Group> FindGroupWithin(Tx& tx, const Scope& scope, std::string_view code);

/// The branch of a code that the scope may bring people to: a region those that serve some of it, a
/// group none but its own, which need not be named.
///
/// Errors: branch.unknown.
Result<Branch> FindBranchWithin(Tx& tx, const Scope& scope, std::string_view code);

}  // namespace jaring
