#include "spread/distribute.h"

#include <algorithm>
#include <map>

#include "spread/spread_sql.h"
#include "spread/table_keys.h"

namespace jaring {
namespace {

struct SpreadTable {
  std::string kind;
  std::string by;
  std::int64_t group = 0;  // Colocation of the extension.
};
using SpreadTables = std::map<std::string, SpreadTable, std::less<>>;

Result<SpreadTables> ListSpreadTables(Tx& tx) {
  SpreadTables tables;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSpreadTables, {}, [&](const Row& row) {
    tables[std::string(row.Text(0))] = {std::string(row.Text(1)), std::string(row.Text(2)),
                                        row.Int(3)};
  }));
  return tables;
}

/// Reference tables so that each comes after those it refers to. There are no circles: migrations
/// make a table after what it refers to, and this takes the first of the file that can come next.
void OrderByReference(std::vector<SpreadStep>& steps, const TableKeys& keys) {
  const auto must_wait = [&](const SpreadStep& step) {
    return std::any_of(
        keys.references.begin(), keys.references.end(), [&](const TableReference& reference) {
          return reference.table == step.layout.name && reference.target != step.layout.name &&
                 std::any_of(steps.begin(), steps.end(), [&](const SpreadStep& s) {
                   return s.layout.name == reference.target;
                 });
        });
  };
  std::vector<SpreadStep> ordered;
  while (!steps.empty()) {
    auto next = std::find_if_not(steps.begin(), steps.end(), must_wait);
    if (next == steps.end()) {
      next = steps.begin();
    }
    ordered.push_back(std::move(*next));
    steps.erase(next);
  }
  steps = std::move(ordered);
}

std::vector<SpreadStep> StepsOf(const std::vector<TableLayout>& layouts, TableKind kind) {
  std::vector<SpreadStep> steps;
  for (const TableLayout& layout : layouts) {
    if (layout.kind == kind) {
      const bool local = kind == TableKind::kLocal;
      steps.push_back({.layout = layout,
                       .with = {},
                       .state = local ? SpreadState::kStays : SpreadState::kWaiting});
    }
  }
  return steps;
}

std::vector<SpreadStep> OrderSteps(const std::vector<TableLayout>& layouts, const TableKeys& keys) {
  std::vector<SpreadStep> steps = StepsOf(layouts, TableKind::kReference);
  OrderByReference(steps, keys);
  std::vector<SpreadStep> distributed = StepsOf(layouts, TableKind::kDistributed);
  std::stable_sort(
      distributed.begin(), distributed.end(),
      [](const SpreadStep& a, const SpreadStep& b) { return a.layout.group < b.layout.group; });
  for (std::size_t i = 0; i < distributed.size(); ++i) {
    const bool first = i == 0 || distributed[i - 1].layout.group != distributed[i].layout.group;
    distributed[i].with = first ? "none" : distributed[i - 1].with;
    if (!first && distributed[i].with == "none") {
      distributed[i].with = distributed[i - 1].layout.name;
    }
  }
  const std::vector<SpreadStep> local = StepsOf(layouts, TableKind::kLocal);
  steps.insert(steps.end(), distributed.begin(), distributed.end());
  steps.insert(steps.end(), local.begin(), local.end());
  return steps;
}

/// Those turned already, by an earlier run or by somebody else.
void NoteStates(const SpreadTables& tables, std::vector<SpreadStep>& steps) {
  for (SpreadStep& step : steps) {
    const auto found = tables.find(step.layout.name);
    if (found == tables.end()) {
      continue;
    }
    const SpreadTable& now = found->second;
    bool as_planned = now.kind == WordOf(step.layout.kind) && now.by == step.layout.by;
    const auto with = tables.find(step.with);
    if (!step.with.empty() && step.with != "none") {
      as_planned = as_planned && with != tables.end() && with->second.group == now.group;
    }
    step.state = !as_planned                             ? SpreadState::kOther
                 : step.layout.kind == TableKind::kLocal ? SpreadState::kStays
                                                         : SpreadState::kDone;
  }
}

/// Two groups that the layout keeps apart may lie together all the same: that breaks nothing.
Result<std::optional<Error>> FindMissing(Tx& tx, std::vector<SpreadStep>& steps) {
  using Missing = std::optional<Error>;
  std::int64_t installed = 0;
  std::int64_t created = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindExtension, {}, [&](const Row& row) {
    installed = row.Int(0);
    created = row.Int(1);
  }));
  if (created == 0) {
    return Missing(installed == 0 ? NotFound("spread.extension_not_installed")
                                  : NotFound("spread.extension_not_created"));
  }
  JARING_ASSIGN_OR_RETURN(const SpreadTables tables, ListSpreadTables(tx));
  NoteStates(tables, steps);
  std::int64_t coordinators = 0;
  std::int64_t holders = 0;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kCountMachines, {}, [&](const Row& row) {
    coordinators = row.Int(0);
    holders = row.Int(1);
  }));
  if (coordinators == 0) {
    return Missing(Conflict("spread.coordinator_unknown"));
  }
  if (holders == 0) {
    return Missing(Conflict("spread.no_machines"));
  }
  std::int64_t of_others = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kCountTablesOfOthers, {}, [&](const Row& row) { of_others = row.Int(0); }));
  if (of_others > 0) {
    return Missing(Conflict("spread.not_owner", std::to_string(of_others)));
  }
  const auto other = std::find_if(steps.begin(), steps.end(), [](const SpreadStep& step) {
    return step.state == SpreadState::kOther;
  });
  return other == steps.end() ? Missing()
                              : Missing(Conflict("spread.lies_otherwise", other->layout.name));
}

/// Whoever writes waits for the others: what is waiting now nobody else is turning.
Result<bool> TurnTable(Tx& tx, const SpreadStep& step) {
  JARING_ASSIGN_OR_RETURN(const SpreadTables tables, ListSpreadTables(tx));
  if (tables.find(step.layout.name) != tables.end()) {
    return false;
  }
  const auto ignore = [](const Row&) {};
  const std::string_view name = step.layout.name;
  if (step.layout.kind == TableKind::kReference) {
    JARING_RETURN_IF_ERROR(tx.Query(sql::kMakeReferenceTable, {name}, ignore));
    return true;
  }
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kMakeDistributedTable,
               {name, std::string_view(step.layout.by), std::string_view(step.with)}, ignore));
  return true;
}

}  // namespace

Result<SpreadPlan> PlanSpread(Database& db, const std::vector<TableLayout>& layouts) {
  SpreadPlan plan;
  JARING_RETURN_IF_ERROR(db.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const TableKeys keys, ReadTableKeys(tx, db.engine()));
    plan.steps = OrderSteps(layouts, keys);
    plan.misfits = FindMisfits(layouts, keys);
    if (db.engine() == Database::Engine::kPostgres) {
      JARING_ASSIGN_OR_RETURN(plan.missing, FindMissing(tx, plan.steps));
    } else {
      plan.missing = Conflict("spread.needs_postgresql");
    }
    if (!plan.misfits.empty()) {
      plan.missing = Conflict("spread.layout_broken", plan.misfits.front());
    }
    return Done{};
  }));
  return plan;
}

Result<Done> CarryOutSpread(Database& db, const SpreadPlan& plan,
                            const std::function<void(const SpreadStep&)>& on_step) {
  if (plan.missing) {
    return *plan.missing;
  }
  for (const SpreadStep& step : plan.steps) {
    if (step.state == SpreadState::kWaiting) {
      bool turned = false;
      JARING_RETURN_IF_ERROR(db.Write([&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(turned, TurnTable(tx, step));
        return Done{};
      }));
      if (turned) {
        on_step(step);
      }
    }
  }
  // Also of tables turned by a run that was cut off before it came here.
  for (const SpreadStep& step : plan.steps) {
    if (step.layout.kind == TableKind::kDistributed) {
      JARING_RETURN_IF_ERROR(db.Write([&](Tx& tx) {
        return tx.Query(sql::kDropHiddenRows, {std::string_view(step.layout.name)},
                        [](const Row&) {});
      }));
    }
  }
  return Done{};
}

}  // namespace jaring
