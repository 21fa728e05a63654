#pragma once

// A payment run on its way to the bank as a file, and the bank's word on its way back.

#include <string>

#include "channels/files/bank_file.h"
#include "channels/files/pain001.h"

namespace jaring {

/// Notes that the payouts of a released run are being handed to the bank; those that were stopped
/// are not. How many were not noted before.
///
/// Errors: payout.run_unknown, payout.not_released.
Result<std::int64_t> NoteRunSent(Tx& tx, const Agency& agency, std::int64_t run_id, Instant now);

/// The file of a run that was noted as sent; made a second time it is the same but for its time.
///
/// Errors: payout.run_unknown, payout.not_released, payout.not_sent, payout.account_missing (of who
/// pays).
Result<std::string> FileOfRun(Tx& tx, const Agency& agency, std::int64_t run_id,
                              const PayingAccount& from, Instant now);

/// What became of a file of the bank.
struct BankFileTaken {
  std::int64_t taken = 0;
  std::int64_t known = 0;                // Said before, or says nothing yet.
  std::int64_t others = 0;               // Entries that are no payouts.
  std::vector<std::string> paid_twice;   // References: somebody must ask the money back.
  std::vector<BankRowProblem> problems;  // Rows that were refused; they spoil nothing else.
};

/// Takes the word on each payout; see TakeBankWord. `source`: keyed digest of the file's bytes.
///
/// Errors: those of Tx.
Result<BankFileTaken> TakeBankFile(Tx& tx, const Agency& agency, const BankFile& file,
                                   std::string_view source, const ClaimAct& act);

}  // namespace jaring
