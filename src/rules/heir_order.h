#pragma once

// Who is paid when the member has died.

#include <optional>
#include <span>
#include <vector>

#include "rules/scheme.h"

namespace jaring {

/// The rank that inherits. Nothing in it: nobody lives, so the funeral is paid to whoever buried,
/// and the death grant goes to the social security fund.
struct HeirOrder {
  std::optional<std::size_t> rank;    // Place in Scheme::heir_ranks.
  std::vector<std::size_t> entitled;  // Places in the list asked about, all together.
};

/// `alive`: the heirs who live, as papers prove them. How those of one rank share is not in the
/// rules found; the heir certificate says.
///
/// Source: [pp44-2015:37(5)].
HeirOrder OrderHeirs(const Scheme& scheme, std::span<const Relation> alive, Date death);

}  // namespace jaring
