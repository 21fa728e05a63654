#pragma once

// Tables people send us, row by row: CSV and the first sheet of an XLSX. Memory does not grow with
// the file. A bad row is a value, not the end of the file.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// What every reader refuses to go past.
struct TableLimits {
  static constexpr std::size_t kMaxRecordBytes = std::size_t{64} * 1024;
  static constexpr std::size_t kMaxColumns = 64;
};

/// One row; everything in it is valid until the next call of Next.
struct TableRow {
  /// As a spreadsheet shows it: the first line is 1, and blank lines count.
  std::int64_t number = 0;
  /// May be fewer than the header's; ColumnMap reads the missing ones as empty.
  std::span<const std::string_view> fields;
  /// Rule id when the row as such cannot be read; `fields` is then only what to show to a person.
  std::string_view problem;
  /// The file ends inside or right after this row without a line end: it may have been cut off.
  bool unterminated = false;
};

/// A table being read from the start to the end, once.
///
/// Limit:  64 KiB a row, 64 columns; any number of rows.
/// Thread: one caller at a time.
class TableReader {
 public:
  /// Tells CSV from XLSX by what is in the file, not by its name.
  ///
  /// Errors: file.not_found, file.unreadable, file.empty, file.not_a_table, file.old_excel,
  /// file.utf16, file.not_utf8, csv.unclosed_quote (in the header), file.too_large (XLSX only).
  static Result<std::unique_ptr<TableReader>> Open(const std::string& path);

  virtual ~TableReader() = default;

  /// Column names as written, without spaces around them.
  virtual std::span<const std::string> header() const = 0;

  /// Reads the next row that is not blank; false at the end.
  ///
  /// In a row: csv.unclosed_quote, csv.text_after_quote, csv.too_many_columns, csv.not_utf8,
  /// csv.nul_byte, csv.row_too_long; xlsx.number_lost_digits, xlsx.date_out_of_range.
  /// Errors: file.unreadable, xlsx.broken, file.too_large. Nothing can be read after one of these.
  virtual Result<bool> Next(TableRow& row) = 0;

  /// Known once Next said false: the last line has no line end. Always false for XLSX.
  virtual bool ended_without_newline() const = 0;

  /// How far we are, of bytes_total(), for a progress bar.
  virtual std::int64_t bytes_read() const = 0;
  virtual std::int64_t bytes_total() const = 0;

  /// "csv" or "xlsx".
  virtual std::string_view kind() const = 0;

  /// What stands between fields, for a file to send back; ',' for XLSX.
  virtual char separator() const = 0;
};

/// Where a reader's bytes come from: a file, or memory in tests.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Fills `out` from the front; fewer bytes than asked only at the end.
  ///
  /// Errors: file.unreadable.
  virtual Result<std::size_t> Read(std::span<char> out) = 0;
  virtual std::int64_t size() const = 0;
};

/// Errors: file.not_found, file.unreadable (also for a folder or a device).
Result<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path);

/// Owns `bytes`.
std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes);

/// A CSV table from any source. See TableReader::Open for the errors.
Result<std::unique_ptr<TableReader>> OpenCsv(std::unique_ptr<ByteSource> source);

/// The first visible sheet of an XLSX workbook.
Result<std::unique_ptr<TableReader>> OpenXlsx(const std::string& path);

/// The same from memory, for tests; owns `bytes`.
Result<std::unique_ptr<TableReader>> OpenXlsxBytes(std::string bytes);

}  // namespace jaring
