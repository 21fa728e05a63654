#include "channels/cli/approval_command.h"
#include "channels/cli/command_families.h"

namespace jaring {
namespace {

void AddProof(const Command& command, StaffProof& proof) {
  command.Option("--as", proof.email, "E-mail of the staff user").Required();
  command.Option("--password-file", proof.password_file, "Her password; - is stdin");
  command.Option("--code", proof.code, "The code of her app");
  command.Option("--recovery-code", proof.recovery_code, "A recovery code instead");
}

void AddDecision(CommandTree& tree, const Command& under, const char* name, const char* what,
                 Decision decision) {
  auto& request = tree.Keep<DecisionRequest>();
  request.decision = decision;
  const Command sub = tree.Add(
      under, name, what, [&request](const CliContext& c) { return ApprovalDecide(c, request); });
  sub.Option("id", request.approval_id, "Number of the request").Required();
  AddProof(sub, request.as);
  sub.Option("--reason", request.reason, "Why; needed to refuse");
}

}  // namespace

void AddApprovalCommands(CommandTree& tree) {
  auto& reversal = tree.Keep<ReverseRequest>();
  const Command reverse =
      tree.Add(tree.top(), "reverse", "Ask to take a payment back",
               [&reversal](const CliContext& c) { return Reverse(c, reversal); });
  reverse.Option("reference", reversal.reference, "The partner's reference").Required();
  reverse.Option("--partner", reversal.partner, "Code of the partner").Required();
  reverse.Option("--reason", reversal.reason, "Why").Required();
  AddProof(reverse, reversal.as);

  const Command approvals = tree.AddFamily("approval", "What waits for a second person");
  auto& state = tree.Keep<std::string>();
  state = "waiting";
  const Command list = tree.Add(approvals, "list", "What waits",
                                [&state](const CliContext& c) { return ApprovalList(c, state); });
  list.Option("--state", state, "waiting, approved or refused").ShowDefault();
  AddDecision(tree, approvals, "approve", "Agree: what was asked for is done", Decision::kApprove);
  AddDecision(tree, approvals, "refuse", "Refuse", Decision::kRefuse);
}

}  // namespace jaring
