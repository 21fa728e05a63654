#pragma once

// `jaring month`: all payment files of a month, from hundreds of partners, posted and the month
// closed. Each table is written in its own order (docs/decisions/022).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "channels/files/file_run.h"
#include "collection/month_progress.h"
#include "ledger/month_close.h"

namespace jaring {

/// One file, and the partner it is from.
struct MonthFile {
  std::string path;
  std::int64_t partner_id = 0;
  std::string partner;  // Code.
};

/// Files and the files of folders; whose each is says its name, "PARTNER.csv", "PARTNER-3.csv",
/// "PARTNER_2026-10.xlsx", or "PARTNER=FILE". Of folders are left out files with `.rejected.csv` in
/// their names, and those whose names begin with a dot.
///
/// Errors: partner.unknown (the detail is the file), file.not_found, month.no_files, those of Tx.
Result<std::vector<MonthFile>> FindMonthFiles(Tx& tx, const std::vector<std::string>& paths);

enum class MonthPhase : std::uint8_t { kRead, kReserve, kPost, kReverse };

struct MonthOptions {
  Month month = Month::FromYearMonth(1900, 1);
  Instant now = Instant::FromMicros(0);
  std::string work_folder;             // For what is put in order; some 90 bytes a row, twice.
  std::size_t rows_per_step = 50'000;  // In one transaction.
  std::size_t memory_bytes = std::size_t{64} * 1024 * 1024;  // For each of four sorters.
  /// Called within each transaction that posted something, and within the one that closes.
  std::function<Result<Done>(Tx&, std::int64_t rows)> note = {};
  std::function<Result<Done>(Tx&, const ClosedMonth&)> note_close = {};
  /// Told after each step, with rows done and rows there are; may be empty. An error stops the run.
  std::function<Result<Done>(MonthPhase, std::int64_t done, std::int64_t total)> on_step = {};
};

struct MonthFileSummary {
  MonthFile file;
  FileSummary rows;
};

struct MonthSummary {
  std::vector<MonthFileSummary> files;  // By partner and content.
  FileSummary total;
  std::optional<ClosedMonth> closed;       // What this run closed.
  std::optional<Instant> finished_before;  // Nothing was done: these files were posted then.
};

/// Posts the good rows of the files, writes the others to FILE.rejected.csv, closes the month. A
/// file that cannot be read, or whose control total differs, stops all before anything is posted.
/// Broken off anywhere, the same files again go on and end in the same books.
///
/// Limit:  memory: four times memory_bytes, and a few hundred bytes for each row of a step; files
///         open at once: two for each memory_bytes of rows, of some 120 bytes each.
/// Errors: month.not_over, month.closed, month.running (somebody is at it), those of StartMonthRun
///         and AdvanceMonthRun; those of ScanPayments and CheckControlTotal with the file's name;
///         those of RunFile, RejectionWriter and Tx.
Result<MonthSummary> RunMonth(Database& db, const Agency& agency,
                              const std::vector<MonthFile>& files, const MonthOptions& options,
                              const Messages& messages);

}  // namespace jaring
