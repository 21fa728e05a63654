#pragma once

// Invented claims of invented people: told, with their papers, through the same services as real
// ones.

#include <cstdint>
#include <functional>

#include "claims/paper_store.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

struct DemoClaimOptions {
  std::int64_t count = 100;   // Limit: 1 to 10'000'000.
  bool savings_only = false;  // Else deaths and accidents too, and some that lack a paper.
  std::uint64_t seed = 1;
  Instant now = Instant::FromMicros(0);
  std::int64_t per_step = 1'000;  // In one transaction.
};

struct DemoClaimSummary {
  std::int64_t reported = 0;
  std::int64_t complete = 0;  // Of them.
  Money gross;                // What the complete ones come to by the rules.
};

/// People in the order of their numbers, each with at most one claim, and only where nothing stands
/// in its way; fewer than `count` when there are no more. `on_step` (may be empty) is told after
/// each step how many there are.
///
/// Errors: demo.agency_is_real, those of the services and of Database.
Result<DemoClaimSummary> InventClaims(Database& database, const Agency& agency, PaperStore& store,
                                      const DemoClaimOptions& options,
                                      const std::function<void(std::int64_t done)>& on_step);

}  // namespace jaring
