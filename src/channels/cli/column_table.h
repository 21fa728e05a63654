#pragma once

// Tables for a terminal of 100 columns: aligned, wrapped, with titles in two languages.

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace jaring {

/// Places on the screen: one for each code point.
std::size_t DisplayWidth(std::string_view text);

/// `text` in lines of at most `width` places, broken at spaces; a longer word is broken anywhere.
std::vector<std::string> WrapText(std::string_view text, std::size_t width);

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
  std::string title_id;  // Indonesian, above.
  std::string title_en;  // English, below.
  Align align = Align::kLeft;
  std::size_t max_width = 100;  // Longer cells wrap.
};

/// Rows under columns. The first column gives way when the table would be wider than the screen.
class ColumnTable {
 public:
  static constexpr std::size_t kScreen = 100;

  explicit ColumnTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column.
  void Add(std::vector<std::string> cells);
  /// A line across before the next row.
  void AddRule();
  bool empty() const { return rows_.empty(); }
  void Print(std::ostream& out) const;

 private:
  std::vector<std::size_t> Widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;  // A row without cells is a rule.
};

}  // namespace jaring
