#pragma once

// The spells of one human, who may be several persons of the register found to be one.

#include <span>
#include <vector>

#include "ledger/coverage_tally.h"
#include "registry/agency.h"
#include "registry/membership.h"

namespace jaring {

/// Counts (`sign` +1) or uncounts (-1) all spells of one human, given person by person. Where a
/// spell of another of her persons follows, the earlier one leaves every state: she is counted
/// once.
void TallyLife(CoverageTally& tally, std::span<const Membership> spells, int sign);

/// Counts one registration: that of the first membership there was.
void TallyRegistered(CoverageTally& tally, std::span<const Membership> spells, int sign);

/// The memberships of one person of the register, in order.
Result<std::vector<Membership>> LoadMemberships(Tx& tx, const Scheme& scheme,
                                                std::int64_t person_id);

/// The memberships of everybody in `persons`.
Result<std::vector<Membership>> LoadLife(Tx& tx, const Scheme& scheme,
                                         std::span<const std::int64_t> persons);

}  // namespace jaring
