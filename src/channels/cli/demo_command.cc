#include "channels/cli/demo_command.h"

#include <fmt/core.h>

#include <cmath>

#include "channels/cli/agency_run.h"
#include "channels/files/progress_bar.h"
#include "demo/demo.h"

namespace jaring {
namespace {

Result<DemoOptions> ReadOptions(const CliContext& context, const DemoRequest& request) {
  if (request.scenario != "surakarta") {
    return Invalid("demo.scenario_unknown", request.scenario);
  }
  DemoOptions options;
  if (!(request.scale > 0) || request.scale > 15) {
    return Invalid("demo.people_out_of_range");
  }
  options.people = std::llround(static_cast<double>(options.people) * request.scale);
  options.seed = request.seed;
  options.today = context.now().JakartaDate();
  options.data_root = context.root();
  return options;
}

Result<DemoSummary> Make(const CliContext& context, const DemoRequest& request) {
  JARING_ASSIGN_OR_RETURN(const DemoOptions options, ReadOptions(context, request));
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Create(context, /*is_demo=*/true));
  ProgressBar bar(stderr, context.environment().stderr_is_terminal, "demo",
                  context.environment().clock);
  return MakeDemo(open->db(), open->agency(), options, [&bar](const DemoProgress& progress) {
    bar.Update(progress.days_done, progress.days, progress.payments);
  });
}

}  // namespace

int MakeDemoAgency(const CliContext& context, const DemoRequest& request) {
  const auto summary = Make(context, request);
  if (!summary) {
    return RefuseCommand(context, summary.error());
  }
  fmt::print("demo {}: {} to {}, {} people in {} groups, {} payments, {} months bought\n",
             request.scenario, summary->first_day.ToString(), summary->last_day.ToString(),
             summary->people, summary->groups, summary->payments, summary->months);
  fmt::print("invented people only; {} payments taken back, {} in suspense ({} placed), {} ended\n",
             summary->reversed, summary->suspended, summary->placed, summary->ended);
  return kExitFine;
}

}  // namespace jaring
