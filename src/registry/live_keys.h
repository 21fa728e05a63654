#pragma once

// Which versions of the key a transaction has to do with.

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "db/database.h"
#include "registry/seal.h"

namespace jaring {

/// As one transaction sees them.
struct LiveKeys {
  int current = 1;         // What is written is sealed with this version.
  std::vector<int> older;  // May still seal rows, newest first; empty unless keys are rotated.
};

/// Asks the database which versions are live, and makes `sealer` use the current one. To be called
/// in each transaction that writes what it seals, before it seals: keys may have been rotated by
/// another process.
///
/// Errors: agency.missing, those of Sealer::Know and of Tx.
Result<LiveKeys> FindLiveKeys(Tx& tx, const Sealer& sealer);

/// The number sealed with each live version, the current one first: what to look a sealed column
/// up by.
std::vector<SealedBlock> SealWithEach(const Sealer& sealer, const LiveKeys& keys,
                                      std::string_view digits);

/// Calls `on_found` with the place of each NIK that a person has, and the person. `niks` are sealed
/// with the current version; fastest in the order of their views.
///
/// Errors: those of Tx and of Sealer::Unseal.
Result<Done> FindPeopleByNik(Tx& tx, const Sealer& sealer, const LiveKeys& keys,
                             std::span<const SealedBlock> niks,
                             const std::function<void(std::size_t, std::int64_t)>& on_found);

}  // namespace jaring
