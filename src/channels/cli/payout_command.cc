#include "channels/cli/payout_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

#include "channels/cli/agency_run.h"
#include "channels/files/payout_file.h"
#include "channels/json/claim_json.h"

namespace jaring {
namespace {

constexpr std::int64_t kListed = 50;

/// Runs pay claims of all branches: whoever handles them works for all of them.
Result<Principal> ProveForNation(const CliContext& context, const OpenAgency& open,
                                 const StaffProof& proof, Action action) {
  JARING_ASSIGN_OR_RETURN(const Principal who, ProveStaffUser(context, open, proof, action));
  return who.scope.kind == ScopeKind::kNation ? Result<Principal>(who)
                                              : Invalid("access.not_allowed");
}

void PrintRun(const CliContext& context, const PayoutRun& run) {
  if (context.options().json) {
    JsonWriter json;
    json.BeginObject();
    AddPayoutRun(json, run);
    json.EndObject();
    fmt::print("{}\n", json.Take());
    return;
  }
  fmt::print("{:>6}  {:<9}  {}  {:>7}  Rp{}\n", run.run_id, PayoutRunStateCode(run.state),
             run.pay_on.ToString(), run.payout_count, FormatRupiah(run.amount));
}

using RunWork = std::function<Result<PayoutRun>(Tx&, const Agency&, const ClaimAct&)>;

/// One step of a run, by somebody who proves who she is, in the audit trail.
int TakeRunStep(const CliContext& context, const StaffProof& proof, Action action,
                const RunWork& work) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const Principal who, ProveForNation(context, open, proof, action));
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const PayoutRun run,
                              work(tx, open.agency(), {.who = who, .now = context.now()}));
      JARING_RETURN_IF_ERROR(
          NoteCommandOf(tx, context, open.agency(), who,
                        {.action = std::string(ActionName(action)),
                         .subject = "payout run " + std::to_string(run.run_id) + " " +
                                    std::string(PayoutRunStateCode(run.state))}));
      PrintRun(context, run);
      return Done{};
    });
  });
}

Result<Done> WriteText(const std::string& path, const std::string& text) {
  if (path == "-") {
    fmt::print("{}", text);
    return Done{};
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? Result<Done>(Done{}) : Error{ErrorCode::kUnavailable, "file.unwritable", path};
}

Result<std::string> ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  text.resize(kMostBankFileBytes + 1);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return file.eof() ? Result<std::string>(std::move(text)) : Invalid("file.unreadable", path);
}

void PrintTaken(const CliContext& context, const BankFileTaken& taken) {
  for (const BankRowProblem& problem : taken.problems) {
    fmt::print(stderr, "{}: {} ({})\n", problem.line,
               context.messages().Text(problem.rule, Language::kIndonesian), problem.rule);
  }
  if (context.options().json) {
    JsonWriter json;
    json.BeginObject().Key("taken").Integer(taken.taken).Key("known").Integer(taken.known);
    json.Key("paid_twice").Integer(static_cast<std::int64_t>(taken.paid_twice.size()));
    json.Key("others").Integer(taken.others);
    json.Key("refused").Integer(static_cast<std::int64_t>(taken.problems.size())).EndObject();
    fmt::print("{}\n", json.Take());
    return;
  }
  for (const std::string& reference : taken.paid_twice) {
    fmt::print("DIBAYAR DUA KALI / PAID TWICE: {}\n", reference);
  }
  fmt::print(
      "dicatat {}, sudah diketahui {}, dibayar dua kali {}, bukan pembayaran klaim {}, ditolak {}\n"
      "taken {}, known {}, paid twice {}, no payouts {}, refused {}\n",
      taken.taken, taken.known, taken.paid_twice.size(), taken.others, taken.problems.size(),
      taken.taken, taken.known, taken.paid_twice.size(), taken.others, taken.problems.size());
}

}  // namespace

PayingAccount PayingAccountOf(const Settings& settings) {
  return {settings.claims_account_name, settings.claims_account, settings.claims_bank};
}

int PayoutMake(const CliContext& context, const PayoutMakeRequest& request) {
  return TakeRunStep(context, request.as, Action::kMakePayouts,
                     [&](Tx& tx, const Agency& agency, const ClaimAct& act) -> Result<PayoutRun> {
                       Date on = act.today();
                       if (!request.on.empty()) {
                         JARING_ASSIGN_OR_RETURN(on, Date::Parse(request.on));
                       }
                       return MakePayoutRun(tx, agency, on, request.limit, act);
                     });
}

int PayoutRelease(const CliContext& context, const PayoutRunRequest& request) {
  return TakeRunStep(context, request.as, Action::kReleasePayouts,
                     [&](Tx& tx, const Agency& /*agency*/, const ClaimAct& act) {
                       return ReleasePayoutRun(tx, request.run_id, act);
                     });
}

int PayoutCancel(const CliContext& context, const PayoutRunRequest& request) {
  return TakeRunStep(context, request.as, Action::kMakePayouts,
                     [&](Tx& tx, const Agency& agency, const ClaimAct& act) {
                       return CancelPayoutRun(tx, agency, request.run_id, act);
                     });
}

int PayoutFile(const CliContext& context, const PayoutRunRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const PayingAccount from = PayingAccountOf(context.settings());
    JARING_ASSIGN_OR_RETURN(const Principal who,
                            ProveForNation(context, open, request.as, Action::kMakePayouts));
    std::string text;
    auto sent = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(NoteRunSent(tx, open.agency(), request.run_id, context.now()));
      JARING_ASSIGN_OR_RETURN(text,
                              FileOfRun(tx, open.agency(), request.run_id, from, context.now()));
      return NoteCommandOf(tx, context, open.agency(), who,
                           {.action = std::string(ActionName(Action::kMakePayouts)),
                            .subject = "payout run " + std::to_string(request.run_id) + " sent"});
    });
    return sent ? WriteText(request.out, text) : sent;
  });
}

int PayoutOutcome(const CliContext& context, const PayoutOutcomeRequest& request) {
  BankFileTaken taken;
  const int code = WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const Principal who,
                            ProveForNation(context, open, request.as, Action::kMakePayouts));
    JARING_ASSIGN_OR_RETURN(const std::string text, ReadAll(request.file));
    JARING_ASSIGN_OR_RETURN(const BankFile file, ReadBankFile(text));
    JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(taken,
                              TakeBankFile(tx, open.agency(), file,
                                           open.agency().sealer.Fingerprint("bank file " + text),
                                           {.who = who, .now = context.now()}));
      return NoteCommandOf(tx, context, open.agency(), who,
                           {.action = std::string(ActionName(Action::kMakePayouts)),
                            .subject = "word of the bank: " + std::to_string(taken.taken)});
    }));
    PrintTaken(context, taken);
    return Done{};
  });
  return code == kExitFine && !taken.problems.empty() ? int{kExitSomeRefused} : code;
}

int PayoutList(const CliContext& context) {
  return WithAgency(context, [&](const OpenAgency& open) {
    return open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const auto runs, ListPayoutRuns(tx, 0, kListed));
      for (const PayoutRun& run : runs) {
        PrintRun(context, run);
      }
      return Done{};
    });
  });
}

}  // namespace jaring
