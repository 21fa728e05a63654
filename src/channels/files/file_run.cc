#include "channels/files/file_run.h"

#include "registry/intake.h"

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
  if (mode_ == FileMode::kGoodRows || mode_ == FileMode::kDryRunInSteps) {
    summary.kept = mode_ == FileMode::kGoodRows;
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
  if (mode_ != FileMode::kDryRunInSteps) {
    return outer_ == nullptr ? db_.Write(work) : work(*outer_);
  }
  const Result<Done> outcome = db_.Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(work(tx));
    return Internal(kRollBack);
  });
  return !outcome && outcome.error().rule == kRollBack ? Result<Done>(Done{}) : outcome;
}

Result<FileSummary> FileRun::Run(std::string_view kind, const std::string& sha256,
                                 std::span<const ColumnSpec> columns, const Messages& messages) {
  JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(summary_.received_before,
                            FindFileIntake(tx, agency_.sealer, kind, sha256));
    return Done{};
  }));
  JARING_ASSIGN_OR_RETURN(const auto reader, file_.OpenTable());
  JARING_ASSIGN_OR_RETURN(const ColumnMap map, ColumnMap::Match(reader->header(), columns));
  summary_.unknown_columns = map.unknown();
  RejectionWriter rejections(file_.Rejections(), *reader, messages);
  JARING_RETURN_IF_ERROR(
      transactions_.Run(summary_, [&] { return ReadAll(*reader, map, rejections); }));
  JARING_RETURN_IF_ERROR(WriteLate(file_, map, rejections));
  JARING_RETURN_IF_ERROR(rejections.Finish());
  summary_.rejection_path = summary_.rejected > 0 ? file_.rejection_path() : "";
  if (summary_.kept && !summary_.received_before) {
    // Its rows are done: that it cannot be told from a new file next time does not undo them.
    (void)db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(Guard(tx));
      return RecordFileIntake(tx, agency_.sealer, kind, sha256, options_.now, summary_.rows);
    });
  }
  return std::move(summary_);
}

}  // namespace jaring
