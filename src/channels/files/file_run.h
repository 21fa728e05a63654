#pragma once

// What every file that is taken in has in common: options, the summary, and the transactions.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "channels/files/column_map.h"
#include "channels/files/input_file.h"
#include "channels/files/rejection_writer.h"
#include "channels/text/messages.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

enum class FileMode : std::uint8_t {
  kGoodRows,      // The good rows go through, in steps.
  kAllOrNothing,  // One bad row, and nothing is done.
  kDryRun,        // Everything is tried, nothing is kept.
  /// The same in steps, so that others may write in between. A row is then not compared with those
  /// of earlier steps.
  kDryRunInSteps,
};

/// One bad row, as machines are told of it.
struct Rejection {
  std::int64_t row = 0;
  std::string column;
  std::string rule;
};

/// What became of a file.
struct FileSummary {
  /// Rejections listed; more are counted and stand in FILE.rejected.csv.
  static constexpr std::size_t kMaxListed = 100'000;

  std::int64_t rows = 0;
  std::int64_t accepted = 0;
  std::int64_t repeated = 0;
  std::int64_t rejected = 0;
  std::int64_t suspended = 0;
  std::int64_t late = 0;  // Of those posted: of a closed month, booked in the open one.
  std::vector<Rejection> rejections;
  std::vector<Rejection> warnings;  // Accepted, but somebody should look; listed up to the limit.
  std::int64_t warned = 0;
  ProblemList problems;  // For people.
  std::vector<std::string> unknown_columns;
  std::string rejection_path;              // Empty when no row was refused.
  std::optional<Instant> received_before;  // The same bytes came before.
  bool kept = true;  // False after a dry run, or when all or nothing was nothing.

  void Reject(const RowProblem& problem);
  void Warn(std::int64_t row, const char* column, const char* rule);
};

struct FileOptions {
  FileMode mode = FileMode::kGoodRows;
  Instant now = Instant::FromMicros(0);
  std::size_t rows_per_step = 20'000;  // In one transaction.
  bool may_reverse = true;  // Negative amounts of a payment file, the partner's own notices.
  /// Told after each step; an error stops the file there. May be empty.
  std::function<Result<Done>(const FileSummary& so_far, std::int64_t bytes,
                             std::int64_t total_bytes)>
      on_step;
  /// Called first in each transaction; an error undoes it and stops the file. May be empty.
  std::function<Result<Done>(Tx&)> guard = {};
  /// Called within the transaction of each step that changed something, with how many rows did:
  /// for the audit trail. May be empty.
  std::function<Result<Done>(Tx&, std::int64_t rows)> note = {};
};

/// Runs the steps of a file: each in a transaction of its own, or all in one that is rolled back
/// unless every row was good.
class FileTransactions {
 public:
  FileTransactions(Database& db, FileMode mode) : db_(db), mode_(mode) {}

  /// Runs `file` (the whole file), whose steps call Step. `summary.kept` tells what was decided.
  Result<Done> Run(FileSummary& summary, const std::function<Result<Done>()>& file);

  Result<Done> Step(const std::function<Result<Done>(Tx&)>& work);

 private:
  Database& db_;
  const FileMode mode_;
  Tx* outer_ = nullptr;  // The one transaction, when there is one.
};

/// What every kind of file goes through: it is told from earlier ones, its columns are found, its
/// rows are taken in, those refused are written out, and it is remembered.
class FileRun {
 public:
  FileRun(Database& db, const Agency& agency, const InputFile& file, const FileOptions& options)
      : agency_(agency), options_(options), db_(db), file_(file), transactions_(db, options.mode) {}
  FileRun(const FileRun&) = delete;
  FileRun& operator=(const FileRun&) = delete;
  virtual ~FileRun() = default;

  /// `kind`, `sha256`: how the file is remembered.
  ///
  /// Errors: those of InputFile::OpenTable, ColumnMap::Match, RejectionWriter and Tx.
  Result<FileSummary> Run(std::string_view kind, const std::string& sha256,
                          std::span<const ColumnSpec> columns, const Messages& messages);

 protected:
  /// Takes in every row, in steps.
  virtual Result<Done> ReadAll(TableReader& reader, const ColumnMap& columns,
                               RejectionWriter& rejections) = 0;
  /// Rows whose refusal can be written only at the end.
  virtual Result<Done> WriteLate(const InputFile& /*file*/, const ColumnMap& /*columns*/,
                                 RejectionWriter& /*rejections*/) {
    return Done{};
  }

  Result<Done> Step(const std::function<Result<Done>(Tx&)>& work) {
    return transactions_.Step([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(Guard(tx));
      return work(tx);
    });
  }
  Result<Done> Guard(Tx& tx) const {
    return options_.guard ? options_.guard(tx) : Result<Done>(Done{});
  }
  Result<Done> TellStep(std::int64_t bytes, std::int64_t total_bytes) const {
    return options_.on_step ? options_.on_step(summary_, bytes, total_bytes) : Result<Done>(Done{});
  }

  const Agency& agency_;
  const FileOptions& options_;
  FileSummary summary_;

 private:
  Database& db_;
  const InputFile& file_;
  FileTransactions transactions_;
};

}  // namespace jaring
