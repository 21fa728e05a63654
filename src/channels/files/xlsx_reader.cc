// The first visible sheet of a workbook, pulled cell by cell: memory holds one row and the shared
// strings.

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "channels/files/table_reader.h"
#include "channels/files/xlsx_book.h"
#include "channels/files/xlsx_value.h"

namespace jaring {
namespace {

class XlsxReader : public TableReader {
 public:
  // `bytes` holds the archive when it is read from memory.
  XlsxReader(std::unique_ptr<std::string> bytes, ZipArchive zip)
      : bytes_(std::move(bytes)), zip_(std::move(zip)) {
    row_text_.reserve(TableLimits::kMaxRecordBytes);
  }

  Result<Done> ReadHeader();

  std::span<const std::string> header() const override { return header_; }
  Result<bool> Next(TableRow& row) override;
  bool ended_without_newline() const override { return false; }
  std::int64_t bytes_read() const override { return sheet_->unpacked_bytes(); }
  std::int64_t bytes_total() const override { return sheet_->unpacked_total(); }
  std::string_view kind() const override { return "xlsx"; }
  char separator() const override { return ','; }

 private:
  struct Cell {
    std::size_t column = 0;
    std::string type;
    bool is_date = false;
    std::string text;
  };

  Result<bool> NextSheetRow(TableRow& row);
  Result<Done> ReadCells(TableRow& row);
  Result<Cell> ReadCell(std::size_t next_column);
  Result<Done> ReadCellText(Cell& cell);
  Result<std::string> ValueOf(const Cell& cell, TableRow& row) const;
  void Keep(std::size_t column, std::string_view value, TableRow& row);
  bool IsBlank() const;

  std::unique_ptr<std::string> bytes_;
  ZipArchive zip_;
  XlsxBook book_;
  std::unique_ptr<XmlPart> sheet_;
  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::string row_text_;  // Never past what is reserved, so views into it stay valid.
  std::int64_t row_number_ = 0;
  bool done_ = false;
};

Result<Done> XlsxReader::ReadHeader() {
  JARING_ASSIGN_OR_RETURN(book_, ReadXlsxBook(zip_.get()));
  JARING_ASSIGN_OR_RETURN(sheet_, XmlPart::Open(zip_.get(), book_.sheet_part));
  TableRow row;
  do {
    JARING_ASSIGN_OR_RETURN(const bool found, NextSheetRow(row));
    if (!found) {
      return Invalid("file.empty");
    }
  } while (row.problem.empty() && IsBlank());
  if (!row.problem.empty()) {
    return Invalid(std::string(row.problem), "in the header");
  }
  while (!fields_.empty() && Trim(fields_.back()).empty()) {
    fields_.pop_back();
  }
  for (const std::string_view name : fields_) {
    header_.emplace_back(Trim(name));
  }
  return Done{};
}

Result<bool> XlsxReader::Next(TableRow& row) {
  do {
    JARING_ASSIGN_OR_RETURN(const bool found, NextSheetRow(row));
    if (!found) {
      return false;
    }
  } while (row.problem.empty() && IsBlank());
  while (fields_.size() > header_.size() && Trim(fields_.back()).empty()) {
    fields_.pop_back();
  }
  row.fields = fields_;
  if (row.problem.empty() && fields_.size() > header_.size()) {
    row.problem = "xlsx.too_many_columns";
  }
  return true;
}

/// The next <row>, blank or not.
Result<bool> XlsxReader::NextSheetRow(TableRow& row) {
  while (!done_) {
    JARING_ASSIGN_OR_RETURN(const bool more, sheet_->Next());
    if (!more || (sheet_->is_end() && sheet_->name() == "sheetData")) {
      done_ = true;
      break;
    }
    if (!sheet_->is_start() || sheet_->name() != "row") {
      continue;
    }
    const auto number = ParseInteger(sheet_->Attribute("r"));
    // Excel has 2^20 rows; a number that does not grow would show people the wrong row.
    if (number && (*number <= row_number_ || *number > (std::int64_t{1} << 40U))) {
      return Invalid("xlsx.broken", "row numbers out of order");
    }
    row_number_ = number.value_or(row_number_ + 1);
    row = TableRow();
    row.number = row_number_;
    fields_.clear();
    row_text_.clear();
    if (!sheet_->is_empty()) {
      JARING_RETURN_IF_ERROR(ReadCells(row));
    }
    row.fields = fields_;
    return true;
  }
  return false;
}

Result<Done> XlsxReader::ReadCells(TableRow& row) {
  std::size_t next_column = 0;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, sheet_->Next());
    if (!more) {
      return Invalid("xlsx.broken", "the sheet ends inside a row");
    }
    if (sheet_->is_end() && sheet_->name() == "row") {
      return Done{};
    }
    if (!sheet_->is_start() || sheet_->name() != "c") {
      continue;
    }
    JARING_ASSIGN_OR_RETURN(const Cell cell, ReadCell(next_column));
    next_column = cell.column + 1;
    JARING_ASSIGN_OR_RETURN(const std::string value, ValueOf(cell, row));
    Keep(cell.column, value, row);
  }
}

Result<XlsxReader::Cell> XlsxReader::ReadCell(std::size_t next_column) {
  Cell cell;
  cell.column = ColumnOfCell(sheet_->Attribute("r")).value_or(next_column);
  if (cell.column < next_column) {
    return Invalid("xlsx.broken", "cells out of order");
  }
  cell.type = sheet_->Attribute("t");
  const auto style = ParseInteger(sheet_->Attribute("s"));
  cell.is_date = style && *style >= 0 &&
                 *style < static_cast<std::int64_t>(book_.style_is_date.size()) &&
                 book_.style_is_date[static_cast<std::size_t>(*style)];
  if (!sheet_->is_empty()) {
    JARING_RETURN_IF_ERROR(ReadCellText(cell));
  }
  return cell;
}

/// The text of <v>, or of <is><t> and its runs; formulas are not looked at.
Result<Done> XlsxReader::ReadCellText(Cell& cell) {
  bool in_value = false;
  bool in_reading_aid = false;
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool more, sheet_->Next());
    if (!more) {
      return Invalid("xlsx.broken", "the sheet ends inside a cell");
    }
    if (sheet_->is_text()) {
      // One byte past the limit is kept so that the row is refused, not cut.
      if (in_value && !in_reading_aid && cell.text.size() <= TableLimits::kMaxRecordBytes) {
        cell.text += sheet_->text().substr(0, TableLimits::kMaxRecordBytes + 1);
      }
      continue;
    }
    const bool opens = sheet_->is_start() && !sheet_->is_empty();
    if (sheet_->name() == "v" || sheet_->name() == "t") {
      in_value = opens;
    } else if (sheet_->name() == "rPh") {
      in_reading_aid = opens;
    } else if (sheet_->name() == "c" && sheet_->is_end()) {
      return Done{};
    }
  }
}

Result<std::string> XlsxReader::ValueOf(const Cell& cell, TableRow& row) const {
  if (cell.text.empty()) {
    return std::string();
  }
  if (cell.type == "s") {
    const auto index = ParseInteger(cell.text);
    if (!index || *index < 0 || *index >= static_cast<std::int64_t>(book_.strings.size())) {
      return Invalid("xlsx.broken", "a cell names a text that is not there");
    }
    return std::string(book_.strings.At(static_cast<std::size_t>(*index)));
  }
  if (cell.type == "b") {
    return std::string(cell.text == "1" ? "TRUE" : "FALSE");
  }
  if (!cell.type.empty() && cell.type != "n") {
    return cell.text;
  }
  auto value =
      cell.is_date ? DateOfSerial(cell.text, book_.dates_from_1904) : NumberText(cell.text);
  if (value) {
    return value;
  }
  if (row.problem.empty()) {
    row.problem = cell.is_date ? "xlsx.date_out_of_range" : "xlsx.number_lost_digits";
  }
  return cell.text;
}

void XlsxReader::Keep(std::size_t column, std::string_view value, TableRow& row) {
  if (value.empty()) {
    return;
  }
  if (column >= TableLimits::kMaxColumns) {
    row.problem = "xlsx.too_many_columns";
    return;
  }
  if (row_text_.size() + value.size() > TableLimits::kMaxRecordBytes) {
    row.problem = "xlsx.row_too_long";
    return;
  }
  fields_.resize(std::max(fields_.size(), column + 1));
  const std::size_t from = row_text_.size();
  row_text_ += value;
  fields_[column] = std::string_view(row_text_).substr(from);
}

bool XlsxReader::IsBlank() const {
  return std::all_of(fields_.begin(), fields_.end(),
                     [](std::string_view field) { return Trim(field).empty(); });
}

Result<std::unique_ptr<TableReader>> Start(std::unique_ptr<std::string> bytes, ZipArchive zip) {
  auto reader = std::make_unique<XlsxReader>(std::move(bytes), std::move(zip));
  JARING_RETURN_IF_ERROR(reader->ReadHeader());
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace

Result<std::unique_ptr<TableReader>> OpenXlsx(const std::string& path) {
  JARING_ASSIGN_OR_RETURN(ZipArchive zip, OpenZip(path));
  return Start(nullptr, std::move(zip));
}

Result<std::unique_ptr<TableReader>> OpenXlsxBytes(std::string bytes) {
  auto owned = std::make_unique<std::string>(std::move(bytes));
  JARING_ASSIGN_OR_RETURN(ZipArchive zip, OpenZipBytes(*owned));
  return Start(std::move(owned), std::move(zip));
}

}  // namespace jaring
