#pragma once

// The rows that were refused, as a file to correct and send again.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/files/row_problem.h"
#include "channels/files/table_reader.h"
#include "channels/text/messages.h"

namespace jaring {

/// Writes FILE.rejected.csv: the columns of the input in their order and with its separator, then
/// row, column, rule, keterangan, explanation. The file is there only when a row was refused, and
/// only whole: it is written under another name until Finish.
///
/// The values of the input go out as they came in. In the added columns a value that a spreadsheet
/// would take for a formula gets an apostrophe before it.
///
/// Thread: one caller at a time. `messages` must outlive it.
class RejectionWriter {
 public:
  RejectionWriter(const std::string& input_path, const TableReader& input,
                  const Messages& messages);
  RejectionWriter(const RejectionWriter&) = delete;
  RejectionWriter& operator=(const RejectionWriter&) = delete;
  /// Without Finish the half-written file is removed.
  ~RejectionWriter();

  /// Errors: rejections.unwritable. Nothing more is written after one.
  Result<Done> Add(const TableRow& row, const RowProblem& problem);

  /// Puts the file in its place; nothing when no row was refused.
  ///
  /// Errors: rejections.unwritable.
  Result<Done> Finish();

  std::int64_t rows() const { return rows_; }
  const std::string& path() const { return path_; }

 private:
  struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  Result<Done> Begin();
  Result<Done> WriteLine();
  void AppendInput(std::string_view value);
  void AppendAdded(std::string_view value);
  Error Unwritable() const;

  const Messages& messages_;
  std::string path_;
  std::string partial_path_;
  std::vector<std::string> header_;
  std::vector<bool>
      kept_;  // Columns of the input that are not left over from an earlier rejection.
  char separator_;
  std::unique_ptr<std::FILE, FileCloser> file_;
  std::string line_;
  std::int64_t rows_ = 0;
};

/// "list.csv.rejected.csv" for "list.csv".
std::string RejectionPath(const std::string& input_path);

}  // namespace jaring
