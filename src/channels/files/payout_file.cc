#include "channels/files/payout_file.h"

#include <set>

namespace jaring {
namespace {

/// Payouts that a run pays by a file, whatever the bank said of them since: those that were stopped
/// before they left are left out, and those that left as transfers.
Result<std::vector<TransferLine>> LinesOf(Tx& tx, const Agency& agency, std::int64_t run_id) {
  JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, run_id));
  if (run.state != PayoutRunState::kReleased) {
    return Conflict("payout.not_released");
  }
  std::vector<TransferLine> lines;
  JARING_RETURN_IF_ERROR(ListPayoutsOfRun(
      tx, agency, run_id, [&](const Payout& payout, const ClaimPayee& payee) -> Result<Done> {
        const bool is_stopped = !payout.sent_at && payout.state == PayoutState::kFailed;
        if (!is_stopped && payout.sent_by != SentBy::kTransfer) {
          lines.push_back({payout, payee});
        }
        return Done{};
      }));
  return lines;
}

class Taking {
 public:
  Taking(Tx& tx, const Agency& agency, std::string_view source, const ClaimAct& act)
      : tx_(tx), agency_(agency), source_(source), act_(act) {}

  Result<Done> TakeRow(const BankRow& row) {
    if (row.reference.empty()) {
      return TakeRun(row);
    }
    named_.insert(row.reference);
    return Note(row.line, row.reference, TakeWord(row));
  }

  BankFileTaken& taken() { return taken_; }

 private:
  Result<WordTaken> TakeWord(const BankRow& row) {
    JARING_ASSIGN_OR_RETURN(const auto reference, ParsePayoutReference(row.reference));
    const auto& [claim, payout_no] = reference;
    ClaimAct act = act_;
    act.note = row.word == BankWord::kFailed ? row.code : "";
    return TakeBankWord(tx_, agency_, claim, payout_no,
                        {row.word, row.on, row.amount, std::string(source_), row.line}, act);
  }

  /// The same word for all payouts of a run that were sent and that no row names.
  Result<Done> TakeRun(const BankRow& row) {
    std::vector<std::string> references;
    JARING_RETURN_IF_ERROR(ListPayoutsOfRun(
        tx_, agency_, row.run_id, [&](const Payout& payout, const ClaimPayee&) -> Result<Done> {
          if (payout.state == PayoutState::kSent && !named_.contains(payout.reference())) {
            references.push_back(payout.reference());
          }
          return Done{};
        }));
    if (references.empty()) {
      ++taken_.known;
    }
    for (const std::string& reference : references) {
      BankRow one = row;
      one.reference = reference;
      JARING_RETURN_IF_ERROR(Note(row.line, reference, TakeWord(one)));
    }
    return Done{};
  }

  Result<Done> Note(std::int64_t line, const std::string& reference,
                    const Result<WordTaken>& word) {
    if (!word) {
      const bool is_ours =
          word.error().code == ErrorCode::kUnavailable || word.error().code == ErrorCode::kInternal;
      if (is_ours) {
        return word.error();
      }
      taken_.problems.push_back({line, word.error().rule});
      return Done{};
    }
    taken_.taken += *word == WordTaken::kTaken ? 1 : 0;
    taken_.known += *word == WordTaken::kKnown ? 1 : 0;
    if (*word == WordTaken::kPaidTwice) {
      taken_.paid_twice.push_back(reference);
    }
    return Done{};
  }

  Tx& tx_;
  const Agency& agency_;
  const std::string_view source_;
  const ClaimAct& act_;
  std::set<std::string> named_;
  BankFileTaken taken_;
};

}  // namespace

Result<std::int64_t> NoteRunSent(Tx& tx, const Agency& agency, std::int64_t run_id, Instant now) {
  JARING_ASSIGN_OR_RETURN(const auto lines, LinesOf(tx, agency, run_id));
  std::int64_t sent = 0;
  for (const TransferLine& line : lines) {
    JARING_ASSIGN_OR_RETURN(
        const bool is_new,
        NotePayoutSent(tx, line.payout.claim, line.payout.payout_no, SentBy::kFile, now));
    sent += is_new ? 1 : 0;
  }
  return sent;
}

Result<std::string> FileOfRun(Tx& tx, const Agency& agency, std::int64_t run_id,
                              const PayingAccount& from, Instant now) {
  if (from.name.empty() || from.account.empty() || from.bank.empty()) {
    return Invalid("payout.account_missing");
  }
  JARING_ASSIGN_OR_RETURN(const PayoutRun run, FindPayoutRun(tx, run_id));
  JARING_ASSIGN_OR_RETURN(const auto lines, LinesOf(tx, agency, run_id));
  if (lines.empty()) {
    return Conflict("payout.file_empty");
  }
  for (const TransferLine& line : lines) {
    if (!line.payout.sent_at) {
      return Conflict("payout.not_sent");
    }
  }
  return Pain001(run, lines, from, now);
}

Result<BankFileTaken> TakeBankFile(Tx& tx, const Agency& agency, const BankFile& file,
                                   std::string_view source, const ClaimAct& act) {
  Taking taking(tx, agency, source, act);
  for (const BankRow& row : file.rows) {
    JARING_RETURN_IF_ERROR(taking.TakeRow(row));
  }
  BankFileTaken taken = std::move(taking.taken());
  taken.others = file.others;
  taken.problems.insert(taken.problems.end(), file.problems.begin(), file.problems.end());
  return taken;
}

}  // namespace jaring
