// CSV as RFC 4180 has it and as people save it: ',' ';' or tab, BOM, any line end.
//
// The fast path is a line without quotes: memchr finds its end and its separators, and nothing is
// copied. Quotes, NUL and bytes above 127 are looked for ahead of the rows, so that a line without
// them pays nothing for the question.

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "channels/files/table_reader.h"

namespace jaring {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20U;
// One more than the longest record and its line end, so that a record never needs a second look.
constexpr std::size_t kLookAhead = TableLimits::kMaxRecordBytes + 4;

std::size_t FindByte(const char* data, std::size_t from, std::size_t to, char byte) {
  const void* found = from < to ? std::memchr(data + from, byte, to - from) : nullptr;
  return found == nullptr ? to : static_cast<std::size_t>(static_cast<const char*>(found) - data);
}

std::size_t FindHighByte(const char* data, std::size_t from, std::size_t to) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  for (; from + 8 <= to; from += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, data + from, 8);
    if ((eight & kHighBits) != 0) {
      break;
    }
  }
  while (from < to && (static_cast<unsigned char>(data[from]) & 0x80U) == 0) {
    ++from;
  }
  return from;
}

/// What is certainly no table, by its first bytes.
std::optional<Error> RefuseByStart(std::string_view start) {
  using namespace std::string_view_literals;
  if (start.empty()) {
    return Invalid("file.empty");
  }
  if (start.starts_with("\xFF\xFE"sv) || start.starts_with("\xFE\xFF"sv)) {
    return Invalid("file.utf16");
  }
  if (start.starts_with("\xD0\xCF\x11\xE0"sv)) {
    return Invalid("file.old_excel");
  }
  for (const std::string_view sign : {"%PDF"sv, "\x1F\x8B"sv, "PK\5\6"sv, "{\\rtf"sv}) {
    if (start.starts_with(sign)) {
      return Invalid("file.not_a_table");
    }
  }
  if (start.find('\0') != std::string_view::npos) {
    return Invalid("file.not_a_table", "NUL bytes");
  }
  return std::nullopt;
}

/// The one of ',' ';' and tab that is met most often outside quotes.
char SeparatorOf(std::string_view header_line) {
  std::array<std::size_t, 3> counts{};
  constexpr std::string_view kSeparators = ",;\t";
  bool quoted = false;
  for (const char c : header_line) {
    quoted = quoted != (c == '"');
    const std::size_t which = kSeparators.find(c);
    if (!quoted && which != std::string_view::npos) {
      ++counts[which];
    }
  }
  return kSeparators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) -
                                              counts.begin())];
}

class CsvReader : public TableReader {
 public:
  explicit CsvReader(std::unique_ptr<ByteSource> source)
      : source_(std::move(source)), buffer_(std::make_unique<char[]>(kBufferBytes)) {
    fields_.reserve(TableLimits::kMaxColumns + 1);
    unescaped_.reserve(TableLimits::kMaxRecordBytes);
  }

  Result<Done> ReadHeader();

  std::span<const std::string> header() const override { return header_; }
  Result<bool> Next(TableRow& row) override;
  bool ended_without_newline() const override { return ended_without_newline_; }
  std::int64_t bytes_read() const override {
    return filled_bytes_ - static_cast<std::int64_t>(end_ - begin_);
  }
  std::int64_t bytes_total() const override { return source_->size(); }
  std::string_view kind() const override { return "csv"; }
  char separator() const override { return separator_; }

 private:
  /// How a record with quotes ended.
  enum class Ending : std::uint8_t { kFine, kUnclosed, kTextAfterQuote, kTooLong };

  /// Remembers the next place of a byte, so that asking again before it costs nothing.
  struct Ahead {
    std::size_t at = 0;
    bool known = false;
  };

  Result<Done> Refill();
  void DetectLineEnd();
  std::size_t NextQuote();
  std::size_t NextNul();
  std::size_t NextHigh();
  /// Steps over the line end at `at`, or stays at the end of the file.
  std::size_t PastLineEnd(std::size_t at);
  std::string_view LineAt(std::size_t begin, std::size_t line_end) const;
  void SplitPlain(std::string_view line);
  void ReadPlain(std::size_t line_end, TableRow& row);
  Result<Done> SkipLongLine(TableRow& row);
  Ending ParseQuotedRecord(std::size_t& at);
  Ending ParseQuotedField(std::size_t& at, std::size_t limit);
  void ReadQuoted(std::size_t line_end, TableRow& row);
  void CheckBytes(std::size_t record_begin, std::size_t record_end, TableRow& row);
  Result<bool> NextRecord(TableRow& row);
  bool IsBlank() const;

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;  // Next unread byte.
  std::size_t end_ = 0;
  bool at_end_ = false;  // The source has no more.
  std::int64_t filled_bytes_ = 0;

  char separator_ = ',';
  char line_end_ = '\n';  // '\r' only for files that have no '\n' after it.
  Ahead quote_, nul_, high_;

  std::vector<std::string> header_;
  std::vector<std::string_view> fields_;
  std::string unescaped_;  // Fields with "" in them; reserved, so views into it stay valid.
  std::int64_t row_number_ = 0;
  bool ended_without_newline_ = false;
};

Result<Done> CsvReader::Refill() {
  if (at_end_ || end_ - begin_ >= kLookAhead) {
    return Done{};
  }
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  JARING_ASSIGN_OR_RETURN(const std::size_t got,
                          source_->Read({buffer_.get() + end_, kBufferBytes - end_}));
  end_ += got;
  filled_bytes_ += static_cast<std::int64_t>(got);
  at_end_ = end_ < kBufferBytes;
  quote_.known = nul_.known = high_.known = false;
  return Done{};
}

void CsvReader::DetectLineEnd() {
  const std::size_t newline = FindByte(buffer_.get(), begin_, end_, '\n');
  const std::size_t carriage_return = FindByte(buffer_.get(), begin_, end_, '\r');
  if (carriage_return < newline && carriage_return + 1 != newline) {
    line_end_ = '\r';
  }
}

std::size_t CsvReader::NextQuote() {
  if (!quote_.known || quote_.at < begin_) {
    quote_ = {FindByte(buffer_.get(), begin_, end_, '"'), true};
  }
  return quote_.at;
}

std::size_t CsvReader::NextNul() {
  if (!nul_.known || nul_.at < begin_) {
    nul_ = {FindByte(buffer_.get(), begin_, end_, '\0'), true};
  }
  return nul_.at;
}

std::size_t CsvReader::NextHigh() {
  if (!high_.known || high_.at < begin_) {
    high_ = {FindHighByte(buffer_.get(), begin_, end_), true};
  }
  return high_.at;
}

std::size_t CsvReader::PastLineEnd(std::size_t at) {
  if (at >= end_) {
    ended_without_newline_ = true;
    return end_;
  }
  return at + 1;
}

std::string_view CsvReader::LineAt(std::size_t begin, std::size_t line_end) const {
  const bool strip = line_end > begin && buffer_[line_end - 1] == '\r';
  return {buffer_.get() + begin, line_end - begin - (strip ? 1 : 0)};
}

void CsvReader::SplitPlain(std::string_view line) {
  fields_.clear();
  const char* data = line.data();
  std::size_t at = 0;
  while (fields_.size() < TableLimits::kMaxColumns) {
    const std::size_t stop = FindByte(data, at, line.size(), separator_);
    fields_.emplace_back(data + at, stop - at);
    if (stop == line.size()) {
      return;
    }
    at = stop + 1;
  }
  fields_.emplace_back(data + at, line.size() - at);
}

void CsvReader::ReadPlain(std::size_t line_end, TableRow& row) {
  const std::size_t record_begin = begin_;
  SplitPlain(LineAt(begin_, line_end));
  row.unterminated = line_end >= end_;
  CheckBytes(record_begin, line_end, row);
  begin_ = PastLineEnd(line_end);
}

/// A line past the limit: dropped to its end, shown as a row with no fields.
Result<Done> CsvReader::SkipLongLine(TableRow& row) {
  fields_.clear();
  row.problem = "csv.row_too_long";
  while (true) {
    const std::size_t line_end = FindByte(buffer_.get(), begin_, end_, line_end_);
    if (line_end < end_) {
      begin_ = line_end + 1;
      return Done{};
    }
    begin_ = end_;
    if (at_end_) {
      row.unterminated = true;
      ended_without_newline_ = true;
      return Done{};
    }
    JARING_RETURN_IF_ERROR(Refill());
  }
}

/// `at` is on the opening quote; leaves it on the separator or line end after the field.
CsvReader::Ending CsvReader::ParseQuotedField(std::size_t& at, std::size_t limit) {
  const char* data = buffer_.get();
  const std::size_t kept_from = unescaped_.size();
  std::size_t from = at + 1;
  bool escapes = false;
  std::size_t close = 0;
  while (true) {
    close = FindByte(data, escapes ? at : from, limit, '"');
    if (close >= limit) {
      return Ending::kUnclosed;
    }
    if (close + 1 >= end_ || data[close + 1] != '"') {
      break;
    }
    if (!escapes) {
      at = from;
    }
    escapes = true;
    unescaped_.append(data + at, close + 1 - at);
    at = close + 2;
  }
  if (escapes) {
    unescaped_.append(data + at, close - at);
    fields_.emplace_back(unescaped_.data() + kept_from, unescaped_.size() - kept_from);
  } else {
    fields_.emplace_back(data + from, close - from);
  }
  at = close + 1;
  while (at < limit && data[at] == ' ') {
    ++at;
  }
  if (at < end_ && data[at] == '\r' && line_end_ == '\n' &&
      (at + 1 == end_ || data[at + 1] == '\n')) {
    ++at;
  }
  const bool stops = at >= end_ || data[at] == separator_ || data[at] == line_end_;
  return stops ? Ending::kFine : Ending::kTextAfterQuote;
}

/// Reads fields from begin_; `at` is left on the record's line end (or the end of the file), or
/// where reading failed.
CsvReader::Ending CsvReader::ParseQuotedRecord(std::size_t& at) {
  const char* data = buffer_.get();
  const std::size_t limit = std::min(end_, begin_ + TableLimits::kMaxRecordBytes);
  fields_.clear();
  unescaped_.clear();
  at = begin_;
  while (true) {
    if (at < limit && data[at] == '"') {
      if (const Ending ending = ParseQuotedField(at, limit); ending != Ending::kFine) {
        return ending;
      }
    } else {
      const std::size_t line_end = FindByte(data, at, limit, line_end_);
      const std::size_t stop = FindByte(data, at, line_end, separator_);
      if (stop == limit && limit < end_) {
        return Ending::kTooLong;
      }
      const bool strip = stop == line_end && stop > at && data[stop - 1] == '\r';
      fields_.emplace_back(data + at, stop - at - (strip ? 1 : 0));
      at = stop;
    }
    if (at >= end_ || data[at] == line_end_) {
      return Ending::kFine;
    }
    ++at;
    // One field too many is enough to refuse the row, but its end must still be found.
    const auto beyond = [&](std::size_t extra) {
      return fields_.size() > TableLimits::kMaxColumns + extra;
    };
    if (beyond(1) || (beyond(0) && fields_.back().empty())) {
      fields_.pop_back();
    }
  }
}

/// A record with quotes. When they do not match, only its first line is given up: one stray quote
/// must not swallow the rows below it.
void CsvReader::ReadQuoted(std::size_t line_end, TableRow& row) {
  const std::size_t record_begin = begin_;
  std::size_t at = begin_;
  const Ending ending = ParseQuotedRecord(at);
  if (ending == Ending::kFine) {
    row.unterminated = at >= end_;
    CheckBytes(record_begin, at, row);
    begin_ = PastLineEnd(at);
    return;
  }
  const bool same_line = ending == Ending::kTextAfterQuote && at <= line_end;
  ReadPlain(line_end, row);
  row.problem = same_line                    ? "csv.text_after_quote"
                : ending == Ending::kTooLong ? "csv.row_too_long"
                                             : "csv.unclosed_quote";
}

void CsvReader::CheckBytes(std::size_t record_begin, std::size_t record_end, TableRow& row) {
  if (NextNul() < record_end) {
    row.problem = "csv.nul_byte";
  } else if (NextHigh() < record_end &&
             !IsUtf8({buffer_.get() + record_begin, record_end - record_begin})) {
    row.problem = "csv.not_utf8";
  }
}

bool CsvReader::IsBlank() const {
  return std::all_of(fields_.begin(), fields_.end(),
                     [](std::string_view field) { return Trim(field).empty(); });
}

/// The next record, blank or not; false at the end.
Result<bool> CsvReader::NextRecord(TableRow& row) {
  JARING_RETURN_IF_ERROR(Refill());
  if (begin_ == end_) {
    return false;
  }
  row = TableRow();
  row.number = ++row_number_;
  const std::size_t most = std::min(end_, begin_ + TableLimits::kMaxRecordBytes + 2);
  const std::size_t line_end = FindByte(buffer_.get(), begin_, most, line_end_);
  if (line_end == most && most < end_) {
    JARING_RETURN_IF_ERROR(SkipLongLine(row));
  } else if (NextQuote() < line_end) {
    ReadQuoted(line_end, row);
  } else {
    ReadPlain(line_end, row);
  }
  row.fields = fields_;
  return true;
}

Result<bool> CsvReader::Next(TableRow& row) {
  while (true) {
    JARING_ASSIGN_OR_RETURN(const bool found, NextRecord(row));
    if (!found) {
      return false;
    }
    if (!row.problem.empty()) {
      return true;
    }
    if (Trim(fields_.front()).empty() && IsBlank()) {
      continue;
    }
    // Extra separators at the end are how some programs pad; extra text is not.
    while (fields_.size() > header_.size() && fields_.back().empty()) {
      fields_.pop_back();
    }
    row.fields = fields_;
    if (fields_.size() > header_.size()) {
      row.problem = "csv.too_many_columns";
    }
    return true;
  }
}

Result<Done> CsvReader::ReadHeader() {
  JARING_RETURN_IF_ERROR(Refill());
  if (auto refused = RefuseByStart({buffer_.get(), end_})) {
    return *std::move(refused);
  }
  if (std::string_view(buffer_.get(), end_).starts_with("\xEF\xBB\xBF")) {
    begin_ = 3;
  }
  DetectLineEnd();
  TableRow row;
  bool separator_told = false;
  while (true) {
    const std::size_t line_end = FindByte(buffer_.get(), begin_, end_, line_end_);
    const std::string_view line = LineAt(begin_, line_end);
    // Excel's own first line; it is not a row of the table.
    if (line.size() == 5 && ToLower(line.substr(0, 4)) == "sep=") {
      separator_ = line[4];
      separator_told = true;
      begin_ = PastLineEnd(line_end);
      ++row_number_;
      continue;
    }
    separator_ = separator_told ? separator_ : SeparatorOf(line);
    JARING_ASSIGN_OR_RETURN(const bool found, NextRecord(row));
    if (!found) {
      return Invalid("file.empty");
    }
    if (!row.problem.empty() || !IsBlank()) {
      break;
    }
  }
  if (row.problem == "csv.not_utf8") {
    return Invalid("file.not_utf8");
  }
  if (row.problem == "csv.row_too_long" || row.problem == "csv.nul_byte") {
    return Invalid("file.not_a_table", std::string(row.problem));
  }
  if (!row.problem.empty()) {
    return Invalid(std::string(row.problem), "in the header");
  }
  if (fields_.size() > TableLimits::kMaxColumns) {
    return Invalid("csv.too_many_columns", "in the header");
  }
  for (const std::string_view name : fields_) {
    header_.emplace_back(Trim(name));
    const auto is_control = [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\r'; };
    if (std::any_of(header_.back().begin(), header_.back().end(), is_control)) {
      return Invalid("file.not_a_table", "control characters in the header");
    }
  }
  return Done{};
}

}  // namespace

Result<std::unique_ptr<TableReader>> OpenCsv(std::unique_ptr<ByteSource> source) {
  auto reader = std::make_unique<CsvReader>(std::move(source));
  JARING_RETURN_IF_ERROR(reader->ReadHeader());
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace jaring
