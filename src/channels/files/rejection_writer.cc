#include "channels/files/rejection_writer.h"

#include "base/text.h"
#include "channels/files/column_map.h"
#include "channels/files/csv_writer.h"

namespace jaring {
namespace {

constexpr std::string_view kAddedColumns[] = {"row", "column", "rule", "keterangan", "explanation"};

/// A row that was refused for its bytes must still make a file that every program opens.
std::string Utf8Only(std::string_view value) {
  std::string kept(value);
  if (!IsUtf8(kept)) {
    for (char& c : kept) {
      c = static_cast<unsigned char>(c) >= 0x80 ? '?' : c;
    }
  }
  for (char& c : kept) {
    c = c == '\0' ? '?' : c;
  }
  return kept;
}

}  // namespace

RejectionWriter::RejectionWriter(std::unique_ptr<ByteSink> sink, const TableReader& input,
                                 const Messages& messages)
    : messages_(messages),
      sink_(std::move(sink)),
      header_(input.header().begin(), input.header().end()),
      separator_(input.separator()) {
  for (const std::string& name : header_) {
    kept_.push_back(!IsRejectionColumn(name));
  }
}

void RejectionWriter::Append(std::string_view value) {
  if (is_begun_) {
    line_ += separator_;
  }
  is_begun_ = true;
  AppendCsvField(line_, (IsFormula(value) ? "'" : "") + Utf8Only(value), separator_);
}

Result<Done> RejectionWriter::WriteLine() {
  line_ += '\n';
  JARING_RETURN_IF_ERROR(sink_->Write(line_));
  line_.clear();
  is_begun_ = false;
  return Done{};
}

Result<Done> RejectionWriter::Begin() {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (kept_[i]) {
      Append(header_[i]);
    }
  }
  for (const std::string_view name : kAddedColumns) {
    Append(name);
  }
  return WriteLine();
}

Result<Done> RejectionWriter::Add(const TableRow& row, const RowProblem& problem) {
  if (rows_ == 0) {
    JARING_RETURN_IF_ERROR(Begin());
  }
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (!kept_[i]) {
      continue;
    }
    std::string value(i < row.fields.size() ? row.fields[i] : std::string_view());
    if (i + 1 == header_.size()) {
      // More fields than columns: they stay with the last one, so that nothing is lost.
      for (std::size_t extra = header_.size(); extra < row.fields.size(); ++extra) {
        value += separator_;
        value += row.fields[extra];
      }
    }
    Append(value);
  }
  Append(std::to_string(problem.row));
  Append(problem.column);
  Append(problem.rule);
  Append(messages_.Text(problem.rule, Language::kIndonesian));
  Append(messages_.Text(problem.rule, Language::kEnglish));
  JARING_RETURN_IF_ERROR(WriteLine());
  ++rows_;
  return Done{};
}

Result<Done> RejectionWriter::Finish() {
  return sink_->Finish();
}

}  // namespace jaring
