#include "channels/cli/claim_command.h"
#include "channels/cli/command_families.h"

namespace jaring {

void AddClaimCommands(CommandTree& tree) {
  const Command family = tree.AddFamily("claim", "Claims: what waits, and what a rule decides");
  auto& list_request = tree.Keep<ClaimListRequest>();
  const Command list =
      tree.Add(family, "list", "Claims of a state, the nearest deadline first",
               [&list_request](const CliContext& c) { return ClaimList(c, list_request); });
  list.Option("--state", list_request.state,
              "draft, reported, complete, proposed, approved, refused, paying, paid, returned or "
              "withdrawn")
      .ShowDefault();
  list.Option("--branch", list_request.branch, "Code of the branch; else all");
  list.Option("--limit", list_request.limit, "How many").Between(1, 10'000).ShowDefault();

  auto& number = tree.Keep<std::string>();
  const Command show = tree.Add(family, "show", "One claim, with its checks and workings, as JSON",
                                [&number](const CliContext& c) { return ClaimShow(c, number); });
  show.Option("number", number, "The claim number").Required();

  auto& span = tree.Keep<ClaimFiguresRequest>();
  const Command figures =
      tree.Add(family, "figures", "How claims were handled: decided, refused, paid how soon",
               [&span](const CliContext& c) { return ClaimFiguresOf(c, span); });
  figures.Option("--from", span.from, "First day, YYYY-MM-DD; else the first of the month");
  figures.Option("--to", span.to, "Last day; else today");

  auto& invented = tree.Keep<ClaimInventRequest>();
  const Command invent =
      tree.Add(family, "invent", "Claims of the invented people of a demo",
               [&invented](const CliContext& c) { return ClaimInvent(c, invented); });
  invent.Option("--count", invented.count, "How many").Between(1, 10'000'000).ShowDefault();
  invent.Flag("--savings-only", invented.savings_only, "Savings alone, with all their papers");
  invent.Flag("--no-files", invented.no_files, "Papers are noted and not kept: to measure");
  invent.Option("--seed", invented.seed, "Same seed, same claims").ShowDefault();

  auto& due_request = tree.Keep<ClaimDueRequest>();
  const Command due =
      tree.Add(family, "due", "Open the school years and months of treatment whose day has come",
               [&due_request](const CliContext& c) { return ClaimDue(c, due_request); });
  due.Option("--on", due_request.on, "The day, YYYY-MM-DD, today at most; else today");
  due.Option("--per-step", due_request.per_step, "Schedules in one transaction")
      .Between(1, 10'000)
      .ShowDefault();

  auto& batch = tree.Keep<ClaimBatchRequest>();
  const Command decide =
      tree.Add(family, "decide", "Approve every complete claim that a rule may decide",
               [&batch](const CliContext& c) { return ClaimDecide(c, batch); });
  decide.Option("--per-step", batch.per_step, "Claims in one transaction")
      .Between(1, 100'000)
      .ShowDefault();
}

}  // namespace jaring
