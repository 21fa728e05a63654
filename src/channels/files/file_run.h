#pragma once

// What every file that is taken in has in common: options, the summary, and the transactions.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channels/files/progress_bar.h"
#include "channels/files/row_problem.h"
#include "channels/text/messages.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

enum class FileMode : std::uint8_t {
  kGoodRows,      // The good rows go through, in steps.
  kAllOrNothing,  // One bad row, and nothing is done.
  kDryRun,        // Everything is tried, nothing is kept.
};

struct FileOptions {
  FileMode mode = FileMode::kGoodRows;
  Instant now = Instant::FromMicros(0);
  ProgressBar* progress = nullptr;  // May be nullptr.
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

}  // namespace jaring
