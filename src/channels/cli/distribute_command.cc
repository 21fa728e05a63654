#include "channels/cli/distribute_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <iostream>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/cli/column_table.h"
#include "channels/text/json_writer.h"
#include "spread/distribute.h"

namespace jaring {
namespace {

std::string_view WordOfState(SpreadState state) {
  switch (state) {
    case SpreadState::kStays:
      return "stays";
    case SpreadState::kWaiting:
      return "to do";
    case SpreadState::kDone:
      return "done";
    case SpreadState::kOther:
      break;
  }
  return "other";
}

void PrintPlanAsTable(const SpreadPlan& plan) {
  constexpr std::size_t kWidest = 36;
  ColumnTable table({{"Tabel", "Table"},
                     {"Jenis", "Kind"},
                     {"Menurut", "By"},
                     {"Keadaan", "State"},
                     {"Sebab", "Why", Align::kLeft, kWidest}});
  for (const SpreadStep& step : plan.steps) {
    table.Add({step.layout.name, std::string(WordOf(step.layout.kind)), step.layout.by,
               std::string(WordOfState(step.state)), step.layout.why});
  }
  table.Print(std::cout);
  for (const std::string& misfit : plan.misfits) {
    fmt::print("! {}\n", misfit);
  }
}

void PrintPlanAsJson(const SpreadPlan& plan) {
  JsonWriter json;
  json.BeginObject();
  json.Key("missing").Text(plan.missing ? std::string_view(plan.missing->rule) : "");
  json.Key("tables").BeginList();
  for (const SpreadStep& step : plan.steps) {
    json.BeginObject().Key("table").Text(step.layout.name);
    json.Key("kind").Text(WordOf(step.layout.kind)).Key("by").Text(step.layout.by);
    json.Key("group").Text(step.layout.group).Key("with").Text(step.with);
    json.Key("state").Text(WordOfState(step.state)).Key("why").Text(step.layout.why).EndObject();
  }
  json.EndList();
  json.Key("misfits").BeginList();
  for (const std::string& misfit : plan.misfits) {
    json.Text(misfit);
  }
  json.EndList().EndObject();
  fmt::print("{}\n", json.Take());
}

void PrintPlan(const CliContext& context, const SpreadPlan& plan) {
  context.options().json ? PrintPlanAsJson(plan) : PrintPlanAsTable(plan);
}

/// The note comes first: a run that is cut off has begun all the same.
Result<Done> CarryOut(const CliContext& context, const OpenAgency& open, const SpreadPlan& plan) {
  const auto waiting =
      std::count_if(plan.steps.begin(), plan.steps.end(),
                    [](const SpreadStep& step) { return step.state == SpreadState::kWaiting; });
  JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) {
    return NoteCommand(tx, context, open.agency(),
                       {.action = "database:distribute",
                        .subject = std::to_string(waiting) + " tables to distribute"});
  }));
  const bool quiet = context.options().json;
  JARING_RETURN_IF_ERROR(CarryOutSpread(open.db(), plan, [&](const SpreadStep& step) {
    if (!quiet) {
      fmt::print("{:<20} {}{}{}\n", step.layout.name, WordOf(step.layout.kind),
                 step.layout.by.empty() ? "" : " by ", step.layout.by);
      std::fflush(stdout);
    }
  }));
  if (!quiet) {
    fmt::print(
        "{} tabel disebar; periksa dengan: jaring db distribute --dry-run\n"
        "{} tables distributed; look with: jaring db distribute --dry-run\n",
        waiting, waiting);
  }
  return Done{};
}

}  // namespace

int DistributeDatabase(const CliContext& context, const DistributeRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(
        const auto layouts,
        LoadTableLayouts((context.root() / "data" / "distribution.toml").string()));
    JARING_ASSIGN_OR_RETURN(SpreadPlan plan, PlanSpread(open.db(), layouts));
    if (request.dry_run) {
      PrintPlan(context, plan);
      return plan.missing ? Result<Done>(*plan.missing) : Result<Done>(Done{});
    }
    if (plan.missing) {
      return *plan.missing;
    }
    JARING_RETURN_IF_ERROR(CarryOut(context, open, plan));
    if (context.options().json) {
      JARING_ASSIGN_OR_RETURN(plan, PlanSpread(open.db(), layouts));
      PrintPlanAsJson(plan);
    }
    return Done{};
  });
}

}  // namespace jaring
