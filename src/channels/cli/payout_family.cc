#include "channels/cli/command_families.h"
#include "channels/cli/payout_command.h"

namespace jaring {
namespace {

void AddProof(const Command& command, StaffProof& proof) {
  command.Option("--as", proof.email, "E-mail of the staff user").Required();
  command.Option("--password-file", proof.password_file, "Her password; - is stdin");
  command.Option("--code", proof.code, "The code of her app");
  command.Option("--recovery-code", proof.recovery_code, "A recovery code instead");
}

PayoutRunRequest& AddRunCommand(CommandTree& tree, const Command& family, const char* name,
                                const char* what,
                                int (*work)(const CliContext&, const PayoutRunRequest&)) {
  auto& request = tree.Keep<PayoutRunRequest>();
  const Command command = tree.Add(
      family, name, what, [&request, work](const CliContext& c) { return work(c, request); });
  command.Option("run", request.run_id, "Number of the run").Required();
  AddProof(command, request.as);
  return request;
}

}  // namespace

void AddPayoutCommands(CommandTree& tree) {
  const Command family = tree.AddFamily("payout", "Pay approved claims");
  auto& make_request = tree.Keep<PayoutMakeRequest>();
  const Command make =
      tree.Add(family, "make", "Gather what waits into a run",
               [&make_request](const CliContext& c) { return PayoutMake(c, make_request); });
  AddProof(make, make_request.as);
  make.Option("--on", make_request.on, "Day to pay on, YYYY-MM-DD; else today");
  make.Option("--limit", make_request.limit, "At most so many payouts")
      .Between(1, 100'000)
      .ShowDefault();
  AddRunCommand(tree, family, "release", "Let a run be sent, as the second person", PayoutRelease);
  AddRunCommand(tree, family, "cancel", "Undo a run that was not released", PayoutCancel);
  auto& file_request = tree.Keep<PayoutRunRequest>();
  const Command file =
      tree.Add(family, "file", "The run for the bank, as pain.001; its payouts count as sent",
               [&file_request](const CliContext& c) { return PayoutFile(c, file_request); });
  file.Option("run", file_request.run_id, "Number of the run").Required();
  AddProof(file, file_request.as);
  file.Option("--out", file_request.out, "File to write; - is stdout").Required();

  auto& outcome_request = tree.Keep<PayoutOutcomeRequest>();
  const Command outcome = tree.Add(
      family, "outcome", "What the bank says became of payouts",
      [&outcome_request](const CliContext& c) { return PayoutOutcome(c, outcome_request); });
  outcome.Option("file", outcome_request.file, "CSV: reference,outcome,on (paid or failed)")
      .Required();
  AddProof(outcome, outcome_request.as);
  tree.Add(family, "transfer", "Hand released payouts to the bank, and ask what became of them",
           [](const CliContext& c) { return PayoutTransfer(c); });
  tree.Add(family, "list", "The newest runs", [](const CliContext& c) { return PayoutList(c); });
}

}  // namespace jaring
