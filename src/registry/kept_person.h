#pragma once

// Two persons found to be one: whoever is asked for by the merged one's numbers is the kept one.

#include <cstdint>
#include <optional>
#include <vector>

#include "db/database.h"
#include "rules/identity.h"

namespace jaring {

/// The person herself, or the one she was merged into (as known at an instant, or now).
Result<std::int64_t> KeptPersonOf(Tx& tx, std::int64_t person_id,
                                  std::optional<Instant> known_at = std::nullopt);

/// The same for a number: the first membership of the kept person when there is one.
Result<MemberNumber> KeptMemberOf(Tx& tx, const MemberNumber& member);

/// A kept person and those merged into her; she comes first.
Result<std::vector<std::int64_t>> PersonsOf(Tx& tx, std::int64_t kept_person_id,
                                            std::optional<Instant> known_at = std::nullopt);

}  // namespace jaring
