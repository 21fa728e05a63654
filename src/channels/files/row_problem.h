#pragma once

// What is wrong with a row, for a person to read: where, what (masked), and what to do about it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "channels/text/masking.h"
#include "channels/text/messages.h"

namespace jaring {

struct RowProblem {
  std::int64_t row = 0;  // As a spreadsheet shows it.
  std::string column;    // Canonical name; empty when the whole row is meant.
  std::string value;     // Already masked.
  std::string rule;
};

/// `value` of `column` (canonical name) as it may be shown: a NIK keeps six and four digits, a
/// phone number four and two, a name its initials, a birth date its year. Long values are cut;
/// bytes that cannot be shown are '?'.
std::string MaskedField(std::string_view column, std::string_view value);

/// Counts problems and keeps the first ones to print.
///
/// Limit: keeps 20, whatever comes.
class ProblemList {
 public:
  static constexpr std::size_t kKept = 20;

  void Add(RowProblem problem);
  std::int64_t count() const { return count_; }
  const std::vector<RowProblem>& kept() const { return kept_; }

  /// The kept problems with their sentences in Indonesian and English, then how many more there
  /// are.
  std::string Text(const Messages& messages) const;

 private:
  std::vector<RowProblem> kept_;
  std::int64_t count_ = 0;
};

}  // namespace jaring
