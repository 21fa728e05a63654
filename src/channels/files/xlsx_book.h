#pragma once

// What must be known of a workbook before its sheet can be streamed.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "channels/files/zip_part.h"

namespace jaring {

/// The strings that cells share, in one block of memory.
///
/// Limit: 64 MiB of text in 4 million strings.
class SharedStrings {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;
  static constexpr std::size_t kMaxStrings = 4'000'000;

  std::size_t size() const { return ends_.size(); }
  std::string_view At(std::size_t index) const {
    const std::size_t from = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(from, ends_[index] - from);
  }
  /// Text goes to the string that End() will close.
  ///
  /// Errors: file.too_large.
  Result<Done> Append(std::string_view text);
  Result<Done> End();

 private:
  std::string text_;
  std::vector<std::uint32_t> ends_;
};

struct XlsxBook {
  std::string sheet_part;  // The first sheet that is not hidden.
  bool dates_from_1904 = false;
  std::vector<bool> style_is_date;  // By cell style.
  SharedStrings strings;
};

/// Errors: file.not_a_table, xlsx.broken, file.too_large.
Result<XlsxBook> ReadXlsxBook(zip_t* zip);

}  // namespace jaring
