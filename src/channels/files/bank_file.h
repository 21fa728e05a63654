#pragma once

// What a bank says of payouts, in the three forms it may come in: our own CSV (reference, outcome,
// on), ISO 20022 pain.002.001.03 (status of transfers) and camt.053.001.02 (statement of account).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "claims/payout.h"

namespace jaring {

/// The word on one payout, or (of a status report) on a run as a whole.
struct BankRow {
  std::int64_t line = 0;    // Where it ends in the file, from 1.
  std::string reference;    // Empty: of the run.
  std::int64_t run_id = 0;  // Of all its payouts that no other row names.
  BankWord word = BankWord::kUnknown;
  Date on = Date::FromYearMonthDay(1900, 1, 1);
  std::optional<Money> amount;  // Where the file tells it.
  std::string code;             // The bank's own reason, "AC04"; at most 35 signs.
};

struct BankRowProblem {
  std::int64_t line = 0;
  std::string rule;
};

struct BankFile {
  std::vector<BankRow> rows;
  std::vector<BankRowProblem> problems;  // Rows that say nothing that could be made out.
  std::int64_t others = 0;               // Entries of a statement that are no payouts of ours.
};

/// The largest file that is read.
inline constexpr std::size_t kMostBankFileBytes = 64U << 20U;

/// Tells the form by the first signs. A transfer is paid by ACSC or ACCC, failed by RJCT or CANC;
/// other statuses say nothing yet. Of a statement only booked entries count: a debit is paid, a
/// credit that gives money back is failed.
///
/// Errors: payout.file_too_large, payout.file_unknown (none of the three), payout.file_malformed
/// (no XML, or deeper or longer than such files are, or with a document type),
/// payout.statement_unbalanced (opening and entries do not make the closing balance). Source: ISO
/// 20022 pain.002.001.03, camt.053.001.02.
Result<BankFile> ReadBankFile(std::string_view text);

}  // namespace jaring
