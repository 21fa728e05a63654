#pragma once

// `jaring db distribute`: turns a PostgreSQL with the Citus extension into the layout of
// data/distribution.toml, table by table. Cut off anywhere, it goes on where it was.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/database.h"
#include "spread/table_layout.h"

namespace jaring {

enum class SpreadState : std::uint8_t {
  kStays,    // A local table.
  kWaiting,  // To be turned.
  kDone,     // Lies as it should.
  kOther,    // Lies otherwise: somebody else turned it.
};

struct SpreadStep {
  TableLayout layout;
  std::string with;  // The table it will lie with; "none" for the first of its group, else "".
  SpreadState state = SpreadState::kWaiting;
};

/// Every table in the order it is turned: reference tables, those others refer to first; then the
/// distributed ones, group by group; local ones last.
struct SpreadPlan {
  std::vector<SpreadStep> steps;
  std::vector<std::string> misfits;  // As FindMisfits has them.
  std::optional<Error> missing;      // What keeps it from being carried out.
};

/// What would be done, on any database of the newest schema; nothing is changed.
///
/// Errors: those of Tx. In `missing`, the first that applies: spread.layout_broken,
/// spread.needs_postgresql, spread.extension_not_installed, spread.extension_not_created,
/// spread.coordinator_unknown, spread.no_machines, spread.not_owner, spread.lies_otherwise.
Result<SpreadPlan> PlanSpread(Database& db, const std::vector<TableLayout>& layouts);

/// Turns every table that waits, each in a transaction of its own, then frees the room of the rows
/// that were copied. A table that another run has turned meanwhile is passed over. `on_step` is
/// told of each table once it is turned for good.
///
/// Errors: `plan.missing`, and those of Tx.
Result<Done> CarryOutSpread(Database& db, const SpreadPlan& plan,
                            const std::function<void(const SpreadStep&)>& on_step);

}  // namespace jaring
