#pragma once

// One PDF page to write on, over libharu: places in points from the top left.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// libharu names them so.
struct _HPDF_Doc_Rec;   // NOLINT(bugprone-reserved-identifier)
struct _HPDF_Dict_Rec;  // NOLINT(bugprone-reserved-identifier)

namespace jaring {

enum class TextWeight : std::uint8_t { kPlain, kBold };
enum class PaperSize : std::uint8_t { kA5, kA4 };
enum class TextAlign : std::uint8_t { kLeft, kRight };

struct TextStyle {
  float size = 9;
  TextWeight weight = TextWeight::kPlain;
  TextAlign align = TextAlign::kLeft;  // kRight: `x` is where the text ends.
  float grey = 0;                      // 0 black, 1 white.
};

struct PdfBox {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;
};

/// A document, written page by page. Errors are kept and come out of Save.
///
/// Units: points, 1/72 inch; y grows downwards.
class PdfPage {
 public:
  static constexpr float kA5Width = 419.53F;
  static constexpr float kA5Height = 595.28F;
  static constexpr float kA4Width = 595.28F;
  static constexpr float kA4Height = 841.89F;

  explicit PdfPage(std::string_view title, PaperSize size = PaperSize::kA5);
  PdfPage(const PdfPage&) = delete;
  PdfPage& operator=(const PdfPage&) = delete;
  ~PdfPage();

  /// UTF-8; letters that the built-in fonts lack become '?'.
  void Text(float x, float y, std::string_view text, const TextStyle& style);
  /// The same, made smaller until it fits `width`.
  void FittedText(float x, float y, float width, std::string_view text, TextStyle style);
  /// Breaks lines at spaces; what does not fit in the box is left out.
  void Paragraph(const PdfBox& box, std::string_view text, const TextStyle& style);
  /// `text` in lines of at most `width`, broken at spaces; a word longer than a line is cut.
  std::vector<std::string> Lines(float width, std::string_view text, const TextStyle& style);
  void Line(float x1, float y1, float x2, float y2, float grey);
  void Fill(const PdfBox& box, float grey);
  /// A QR code with its quiet zone. Errors: receipt.not_made when the text is too long.
  Result<Done> QrCode(const PdfBox& box, const std::string& text);

  /// Goes on with an empty page behind the last one.
  void NextPage();
  /// How many pages there are.
  int pages() const { return static_cast<int>(pages_.size()); }
  /// Goes on with a page that is there already, the first is 0.
  void GoTo(int page) { page_ = pages_.at(static_cast<std::size_t>(page)); }

  /// Errors: receipt.not_made.
  Result<std::string> Save();

 private:
  float WidthOf(std::string_view text, const TextStyle& style);

  PaperSize size_;
  _HPDF_Doc_Rec* document_;
  std::vector<_HPDF_Dict_Rec*> pages_;
  _HPDF_Dict_Rec* page_ = nullptr;
  _HPDF_Dict_Rec* plain_ = nullptr;
  _HPDF_Dict_Rec* bold_ = nullptr;
};

}  // namespace jaring
