#include "channels/files/file_run.h"

namespace jaring {
namespace {

/// Rolls the one transaction back; never seen outside this file.
constexpr const char* kRollBack = "rolled back on purpose";

}  // namespace

void FileSummary::Reject(const RowProblem& problem) {
  ++rejected;
  if (rejections.size() < kMaxListed) {
    rejections.push_back({problem.row, problem.column, problem.rule});
  }
  problems.Add(problem);
}

void FileSummary::Warn(std::int64_t row, const char* column, const char* rule) {
  ++warned;
  if (warnings.size() < kMaxListed) {
    warnings.push_back({row, column, rule});
  }
}

Result<Done> FileTransactions::Run(FileSummary& summary,
                                   const std::function<Result<Done>()>& file) {
  if (mode_ == FileMode::kGoodRows) {
    return file();
  }
  const Result<Done> outcome = db_.Write([&](Tx& tx) -> Result<Done> {
    outer_ = &tx;
    JARING_RETURN_IF_ERROR(file());
    summary.kept = mode_ == FileMode::kAllOrNothing && summary.rejected == 0;
    return summary.kept ? Result<Done>(Done{}) : Internal(kRollBack);
  });
  outer_ = nullptr;
  const bool on_purpose = !outcome && outcome.error().rule == kRollBack;
  return on_purpose ? Result<Done>(Done{}) : outcome;
}

Result<Done> FileTransactions::Step(const std::function<Result<Done>(Tx&)>& work) {
  return outer_ == nullptr ? db_.Write(work) : work(*outer_);
}

}  // namespace jaring
