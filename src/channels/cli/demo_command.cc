#include "channels/cli/demo_command.h"

#include <fmt/core.h>

#include <cmath>

#include "access/staff_user.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/cli/demo_users.h"
#include "channels/files/progress_bar.h"
#include "demo/demo.h"
#include "demo/nation.h"

namespace jaring {
namespace {

Result<DemoOptions> ReadOptions(const CliContext& context, const DemoRequest& request) {
  DemoOptions options;
  const double scale = request.scale.value_or(1);
  if (!(scale > 0) || scale > 15) {
    return Invalid("demo.people_out_of_range");
  }
  options.people = std::llround(static_cast<double>(options.people) * scale);
  options.seed = request.seed;
  options.today = context.now().JakartaDate();
  options.data_root = context.root();
  return options;
}

/// What every scenario needs besides its people.
Result<Done> Finish(const CliContext& context, const OpenAgency& open) {
  JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) {
    return NoteCommand(tx, context, open.agency(),
                       {.action = std::string(ActionName(Action::kEnrolPeople)),
                        .subject = "demo: invented people"});
  }));
  return MakeDemoUsers(context, open);
}

/// All people are there but nobody who could log in: it was interrupted at its very end.
Result<bool> LacksUsersOnly(const OpenAgency& open) {
  DemoState state = DemoState::kNone;
  bool has_users = false;
  JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(state, FindDemo(tx));
    JARING_ASSIGN_OR_RETURN(const auto users, ListStaffUsers(tx));
    has_users = !users.empty();
    return Done{};
  }));
  return state == DemoState::kFinished && !has_users;
}

Result<Done> MakeBranch(const CliContext& context, const DemoRequest& request, ProgressBar& bar) {
  JARING_ASSIGN_OR_RETURN(const DemoOptions options, ReadOptions(context, request));
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Create(context, /*is_demo=*/true));
  JARING_ASSIGN_OR_RETURN(const bool lacks_users_only, LacksUsersOnly(*open));
  if (lacks_users_only) {
    return Finish(context, *open);
  }
  JARING_ASSIGN_OR_RETURN(
      const DemoSummary summary,
      MakeDemo(open->db(), open->agency(), options, [&bar](const DemoProgress& progress) {
        bar.Update(progress.days_done, progress.days, progress.payments);
      }));
  JARING_RETURN_IF_ERROR(Finish(context, *open));
  fmt::print("demo {}: {} to {}, {} people in {} groups, {} payments, {} months bought\n",
             request.scenario, summary.first_day.ToString(), summary.last_day.ToString(),
             summary.people, summary.groups, summary.payments, summary.months);
  fmt::print("invented people only; {} payments taken back, {} in suspense ({} placed), {} ended\n",
             summary.reversed, summary.suspended, summary.placed, summary.ended);
  return Done{};
}

Result<Done> MakeCountry(const CliContext& context, const DemoRequest& request, ProgressBar& bar) {
  constexpr double kSmall = 0.01;
  constexpr double kLargest = 1.5;
  const double scale = request.scale.value_or(kSmall);
  if (!(scale > 0) || scale > kLargest) {
    return Invalid("demo.people_out_of_range");
  }
  JARING_ASSIGN_OR_RETURN(const auto open, OpenAgency::Create(context, /*is_demo=*/true));
  JARING_ASSIGN_OR_RETURN(const bool lacks_users_only, LacksUsersOnly(*open));
  if (lacks_users_only) {
    return Finish(context, *open);
  }
  NationOptions options{
      .seed = request.seed, .today = context.now().JakartaDate(), .data_root = context.root()};
  JARING_ASSIGN_OR_RETURN(options.people, NationPeopleAt(std::llround(scale * 1e6),
                                                         open->agency().scheme, options.data_root));
  JARING_ASSIGN_OR_RETURN(
      const NationSummary summary,
      MakeNation(open->db(), open->agency(), options, [&bar](const NationProgress& progress) {
        // All steps are as long for the bar as they have rows.
        const auto before = static_cast<std::int64_t>(progress.step) * progress.all;
        const auto all = static_cast<std::int64_t>(NationStep::kDone) * progress.all;
        bar.Update(before + progress.done, all, progress.done);
      }));
  JARING_RETURN_IF_ERROR(Finish(context, *open));
  if (summary.resumed_at > 0) {
    fmt::print("went on after {} people\n", summary.resumed_at);
  }
  fmt::print(
      "demo {}: {} people, {} payments; {} paid to {} or beyond, {} of them informal;"
      " {} claimed\n",
      request.scenario, summary.people, summary.payments, summary.active,
      summary.last_month.ToString(), summary.active_informal, summary.claimed);
  fmt::print("invented people only, in the proportions of the published statistics\n");
  return Done{};
}

Result<Done> Make(const CliContext& context, const DemoRequest& request) {
  ProgressBar bar(stderr, context.environment().stderr_is_terminal, "demo",
                  context.environment().clock);
  if (request.scenario == "surakarta") {
    return MakeBranch(context, request, bar);
  }
  return request.scenario == "nation" ? MakeCountry(context, request, bar)
                                      : Invalid("demo.scenario_unknown", request.scenario);
}

}  // namespace

int MakeDemoAgency(const CliContext& context, const DemoRequest& request) {
  if (const auto made = Make(context, request); !made) {
    return RefuseCommand(context, made.error());
  }
  fmt::print("staff users: {}\n", DemoUsersFile(context).string());
  return kExitFine;
}

}  // namespace jaring
