#pragma once

// A letter on A4: a head, then what is written, down as many pages as it needs, each with its
// number.

#include <string>
#include <string_view>

#include "channels/files/pdf_page.h"

namespace jaring {

/// What is an amount of, how it came about, and the amount.
struct LetterAmount {
  std::string name;
  std::string working;  // In small letters below; may be empty.
  std::string amount;   // "Rp 20.000.000".
  bool is_sum = false;  // Of those above.
};

/// Parts are written one below the other; none is cut in two between pages but a long text, at a
/// line.
class LetterPdf {
 public:
  LetterPdf(std::string_view sender, std::string_view title);

  void Heading(std::string_view text);
  void Text(std::string_view text);
  void Item(std::string_view text);
  void Fact(std::string_view label, std::string_view value);
  void Amount(const LetterAmount& row);
  /// A line across, before what is said again in another language.
  void Rule();

  /// Errors: receipt.not_made.
  Result<std::string> Save();

 private:
  void MakeRoom(float height);
  void Write(float left, std::string_view text, const TextStyle& style);

  PdfPage page_;
  std::string title_;
  float y_;
};

}  // namespace jaring
