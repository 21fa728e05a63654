#include "channels/cli/column_table.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace jaring {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kBetween = 2;
constexpr std::size_t kLeastWidth = 12;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// How many bytes the first `places` code points of `text` take.
std::size_t BytesOf(std::string_view text, std::size_t places) {
  std::size_t at = 0;
  while (at < text.size() && places > 0) {
    ++at;
    while (at < text.size() && IsContinuation(text[at])) {
      ++at;
    }
    --places;
  }
  return at;
}

/// The next line of `text`, and the rest into `text`.
std::string_view TakeLine(std::string_view& text, std::size_t width) {
  const std::size_t fits = BytesOf(text, width);
  if (fits == text.size()) {
    return std::exchange(text, {});
  }
  std::size_t end = text.rfind(' ', fits);
  if (end == std::string_view::npos || end == 0) {
    end = fits;
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return line;
}

std::string Padded(const std::string& text, std::size_t width, Align align) {
  const std::size_t used = DisplayWidth(text);
  const std::string spaces(width > used ? width - used : 0, ' ');
  return align == Align::kLeft ? text + spaces : spaces + text;
}

std::string Rule(const std::vector<std::size_t>& widths) {
  std::string rule(kIndent, ' ');
  for (std::size_t i = 0; i < widths.size(); ++i) {
    rule += i == 0 ? "" : std::string(kBetween, ' ');
    for (std::size_t place = 0; place < widths[i]; ++place) {
      rule += "─";
    }
  }
  return rule;
}

void PrintRow(std::ostream& out, const std::vector<Column>& columns,
              const std::vector<std::size_t>& widths, const std::vector<std::string>& cells) {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    wrapped.push_back(WrapText(cells[i], widths[i]));
    height = std::max(height, wrapped.back().size());
  }
  for (std::size_t line = 0; line < height; ++line) {
    std::string text(kIndent, ' ');
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += i == 0 ? "" : std::string(kBetween, ' ');
      text += Padded(line < wrapped[i].size() ? wrapped[i][line] : "", widths[i], columns[i].align);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out << text << '\n';
  }
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

std::vector<std::string> WrapText(std::string_view text, std::size_t width) {
  JARING_CHECK(width > 0);
  std::vector<std::string> lines;
  while (!text.empty()) {
    lines.emplace_back(TakeLine(text, width));
  }
  return lines;
}

void ColumnTable::Add(std::vector<std::string> cells) {
  JARING_CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

void ColumnTable::AddRule() {
  rows_.emplace_back();
}

std::vector<std::size_t> ColumnTable::Widths() const {
  std::vector<std::size_t> widths;
  std::size_t total = kIndent;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width =
        std::max(DisplayWidth(columns_[i].title_id), DisplayWidth(columns_[i].title_en));
    for (const auto& row : rows_) {
      width = std::max(width, row.empty() ? 0 : DisplayWidth(row[i]));
    }
    widths.push_back(std::min(width, columns_[i].max_width));
    total += widths.back() + (i == 0 ? 0 : kBetween);
  }
  if (total > kScreen) {
    const std::size_t over = total - kScreen;
    widths[0] = widths[0] > over + kLeastWidth ? widths[0] - over : kLeastWidth;
  }
  return widths;
}

void ColumnTable::Print(std::ostream& out) const {
  const std::vector<std::size_t> widths = Widths();
  std::vector<std::string> titles_id;
  std::vector<std::string> titles_en;
  for (const Column& column : columns_) {
    titles_id.push_back(column.title_id);
    titles_en.push_back(column.title_en);
  }
  PrintRow(out, columns_, widths, titles_id);
  PrintRow(out, columns_, widths, titles_en);
  out << Rule(widths) << '\n';
  for (const auto& row : rows_) {
    if (row.empty()) {
      out << Rule(widths) << '\n';
    } else {
      PrintRow(out, columns_, widths, row);
    }
  }
}

}  // namespace jaring
