#include "channels/cli/payout_command.h"

#include <fmt/core.h>

#include <fstream>

#include "base/text.h"
#include "channels/cli/agency_run.h"
#include "channels/files/pain001.h"
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

/// Marks a run's payouts as sent and gives the file. A file made a second time is the same.
Result<std::string> SendRun(Tx& tx, const Agency& agency, std::int64_t run_id,
                            const PayingAccount& from, Instant now) {
  JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, run_id));
  if (run.state != PayoutRunState::kReleased) {
    return Conflict("payout.not_released");
  }
  std::vector<TransferLine> lines;
  JARING_RETURN_IF_ERROR(ListPayoutsOfRun(
      tx, agency, run_id, [&](const Payout& payout, const ClaimPayee& payee) -> Result<Done> {
        const bool is_stopped = payout.state == PayoutState::kFailed;
        if (!is_stopped) {
          lines.push_back({payout, payee});
        }
        return Done{};
      }));
  for (const TransferLine& line : lines) {
    JARING_RETURN_IF_ERROR(NotePayoutSent(tx, line.payout.claim, line.payout.payout_no, now));
  }
  return Pain001(run, lines, from, now);
}

struct BankRow {
  ClaimNumber claim;
  int payout_no = 0;
  BankWord word = BankWord::kUnknown;
  Date on = Date::FromYearMonthDay(1900, 1, 1);
};

/// "K100000000015P01,paid,2026-04-08".
Result<BankRow> ReadBankRow(std::string_view line) {
  const auto fields = Split(Trim(line), ',');
  if (fields.size() != 3) {
    return Invalid("payout.outcome_malformed");
  }
  JARING_ASSIGN_OR_RETURN(const auto reference, ParsePayoutReference(Trim(fields[0])));
  const std::string_view word = Trim(fields[1]);
  const auto on = Date::Parse(Trim(fields[2]));
  if ((word != "paid" && word != "failed") || !on) {
    return Invalid("payout.outcome_malformed");
  }
  return BankRow{reference.first, reference.second,
                 word == "paid" ? BankWord::kPaid : BankWord::kFailed, *on};
}

struct OutcomeCounts {
  std::int64_t taken = 0;
  std::int64_t known = 0;
  std::int64_t paid_twice = 0;
  std::int64_t refused = 0;
};

/// Rows that are wrong are told and spoil nothing else.
Result<Done> TakeRows(Tx& tx, const CliContext& context, const Agency& agency, std::istream& file,
                      const ClaimAct& act, OutcomeCounts& counts) {
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (Trim(line).empty() || (number == 1 && line.starts_with("reference"))) {
      continue;
    }
    const auto row = ReadBankRow(line);
    const auto taken =
        row ? TakeBankWord(tx, agency, row->claim, row->payout_no, row->word, row->on, act)
            : Result<WordTaken>(row.error());
    if (!taken) {
      if (taken.error().code == ErrorCode::kUnavailable ||
          taken.error().code == ErrorCode::kInternal) {
        return taken.error();
      }
      ++counts.refused;
      fmt::print(stderr, "{}: {} ({})\n", number,
                 context.messages().Text(taken.error().rule, Language::kIndonesian),
                 taken.error().rule);
      continue;
    }
    counts.taken += *taken == WordTaken::kTaken ? 1 : 0;
    counts.known += *taken == WordTaken::kKnown ? 1 : 0;
    counts.paid_twice += *taken == WordTaken::kPaidTwice ? 1 : 0;
  }
  return Done{};
}

void PrintCounts(const CliContext& context, const OutcomeCounts& counts) {
  if (context.options().json) {
    JsonWriter json;
    json.BeginObject().Key("taken").Integer(counts.taken).Key("known").Integer(counts.known);
    json.Key("paid_twice").Integer(counts.paid_twice).Key("refused").Integer(counts.refused);
    json.EndObject();
    fmt::print("{}\n", json.Take());
    return;
  }
  fmt::print(
      "dicatat {}, sudah diketahui {}, dibayar dua kali {}, ditolak {}\n"
      "taken {}, known {}, paid twice {}, refused {}\n",
      counts.taken, counts.known, counts.paid_twice, counts.refused, counts.taken, counts.known,
      counts.paid_twice, counts.refused);
}

}  // namespace

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
    const Settings& settings = context.settings();
    const PayingAccount from{settings.claims_account_name, settings.claims_account,
                             settings.claims_bank};
    if (from.name.empty() || from.account.empty() || from.bank.empty()) {
      return Invalid("payout.account_missing");
    }
    JARING_ASSIGN_OR_RETURN(const Principal who,
                            ProveForNation(context, open, request.as, Action::kMakePayouts));
    std::string text;
    auto sent = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(text,
                              SendRun(tx, open.agency(), request.run_id, from, context.now()));
      return NoteCommandOf(tx, context, open.agency(), who,
                           {.action = std::string(ActionName(Action::kMakePayouts)),
                            .subject = "payout run " + std::to_string(request.run_id) + " sent"});
    });
    return sent ? WriteText(request.out, text) : sent;
  });
}

int PayoutOutcome(const CliContext& context, const PayoutOutcomeRequest& request) {
  OutcomeCounts counts;
  const int code = WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const Principal who,
                            ProveForNation(context, open, request.as, Action::kMakePayouts));
    std::ifstream file(request.file, std::ios::binary);
    if (!file) {
      return Invalid("file.unreadable", request.file);
    }
    auto taken = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(
          TakeRows(tx, context, open.agency(), file, {.who = who, .now = context.now()}, counts));
      return NoteCommandOf(tx, context, open.agency(), who,
                           {.action = std::string(ActionName(Action::kMakePayouts)),
                            .subject = "word of the bank: " + std::to_string(counts.taken)});
    });
    if (taken) {
      PrintCounts(context, counts);
    }
    return taken;
  });
  return code == kExitFine && counts.refused > 0 ? int{kExitSomeRefused} : code;
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
