#include "channels/files/pdf_page.h"

#include <hpdf.h>
#include <qrencode.h>

#include <algorithm>
#include <utility>

namespace jaring {
namespace {

/// The built-in fonts know Windows' Latin letters; nothing has to be installed for them.
std::string ToLatin(std::string_view utf8) {
  std::string latin;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      latin += byte < ' ' ? ' ' : utf8[i];
      continue;
    }
    if ((byte == 0xC2 || byte == 0xC3) && i + 1 < utf8.size()) {
      const auto next = static_cast<unsigned char>(utf8[i + 1]);
      latin += static_cast<char>(byte == 0xC2 ? next : next + 0x40);
    } else {
      latin += '?';
    }
    while (i + 1 < utf8.size() && (static_cast<unsigned char>(utf8[i + 1]) & 0xC0U) == 0x80) {
      ++i;
    }
  }
  return latin;
}

/// From the bottom, as libharu counts, of a place from the top.
float HeightOf(PaperSize size) {
  return size == PaperSize::kA4 ? PdfPage::kA4Height : PdfPage::kA5Height;
}

/// Where the sign that begins at `place` ends.
std::size_t EndOfSign(std::string_view text, std::size_t place) {
  ++place;
  while (place < text.size() && (static_cast<unsigned char>(text[place]) & 0xC0U) == 0x80) {
    ++place;
  }
  return place;
}

struct QrFreer {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

PdfPage::PdfPage(std::string_view title, PaperSize size)
    : size_(size), document_(HPDF_New(nullptr, nullptr)) {
  if (document_ == nullptr) {
    return;
  }
  HPDF_SetCompressionMode(document_, HPDF_COMP_ALL);
  HPDF_SetInfoAttr(document_, HPDF_INFO_TITLE, ToLatin(title).c_str());
  plain_ = HPDF_GetFont(document_, "Helvetica", "WinAnsiEncoding");
  bold_ = HPDF_GetFont(document_, "Helvetica-Bold", "WinAnsiEncoding");
  NextPage();
}

void PdfPage::NextPage() {
  page_ = HPDF_AddPage(document_);
  HPDF_Page_SetWidth(page_, size_ == PaperSize::kA4 ? kA4Width : kA5Width);
  HPDF_Page_SetHeight(page_, HeightOf(size_));
  pages_.push_back(page_);
}

PdfPage::~PdfPage() {
  if (document_ != nullptr) {
    HPDF_Free(document_);
  }
}

void PdfPage::Text(float x, float y, std::string_view text, const TextStyle& style) {
  const std::string latin = ToLatin(text);
  HPDF_Page_SetFontAndSize(page_, style.weight == TextWeight::kBold ? bold_ : plain_, style.size);
  HPDF_Page_SetGrayFill(page_, style.grey);
  const float width =
      style.align == TextAlign::kRight ? HPDF_Page_TextWidth(page_, latin.c_str()) : 0;
  HPDF_Page_BeginText(page_);
  HPDF_Page_TextOut(page_, x - width, HeightOf(size_) - y, latin.c_str());
  HPDF_Page_EndText(page_);
}

void PdfPage::FittedText(float x, float y, float width, std::string_view text, TextStyle style) {
  constexpr float kSmallest = 5;
  const float needed = WidthOf(text, style);
  if (needed > width && needed > 0) {
    style.size = std::max(kSmallest, style.size * width / needed);
  }
  Text(x, y, text, style);
}

float PdfPage::WidthOf(std::string_view text, const TextStyle& style) {
  HPDF_Page_SetFontAndSize(page_, style.weight == TextWeight::kBold ? bold_ : plain_, style.size);
  return HPDF_Page_TextWidth(page_, ToLatin(text).c_str());
}

std::vector<std::string> PdfPage::Lines(float width, std::string_view text,
                                        const TextStyle& style) {
  std::vector<std::string> lines;
  std::string line;
  const auto fits = [&](std::string_view more) {
    return WidthOf(line + std::string(more), style) <= width;
  };
  while (!text.empty()) {
    const std::size_t space = std::min(text.find_first_of(" \n"), text.size());
    std::string_view word = text.substr(0, space);
    if (!line.empty() && !fits(" " + std::string(word))) {
      lines.push_back(std::exchange(line, ""));
    }
    line += line.empty() || word.empty() ? "" : " ";
    while (!word.empty()) {
      const std::size_t end = fits(word) ? word.size() : EndOfSign(word, 0);
      if (end < word.size() && !line.empty() && !fits(word.substr(0, end))) {
        lines.push_back(std::exchange(line, ""));
      }
      line += word.substr(0, end);
      word.remove_prefix(end);
    }
    if (space < text.size() && text[space] == '\n') {
      lines.push_back(std::exchange(line, ""));
    }
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  if (!line.empty()) {
    lines.push_back(std::move(line));
  }
  return lines;
}

void PdfPage::Paragraph(const PdfBox& box, std::string_view text, const TextStyle& style) {
  const std::string latin = ToLatin(text);
  HPDF_Page_SetFontAndSize(page_, style.weight == TextWeight::kBold ? bold_ : plain_, style.size);
  HPDF_Page_SetTextLeading(page_, style.size * 1.3F);
  HPDF_Page_SetGrayFill(page_, style.grey);
  HPDF_Page_BeginText(page_);
  // Only "does not fit" may be forgiven, not what went wrong before.
  const bool fine = HPDF_GetError(document_) == HPDF_OK;
  HPDF_Page_TextRect(page_, box.x, HeightOf(size_) - box.y, box.x + box.width,
                     HeightOf(size_) - box.y - box.height, latin.c_str(), HPDF_TALIGN_LEFT,
                     nullptr);
  if (fine) {
    HPDF_ResetError(document_);
  }
  HPDF_Page_EndText(page_);
}

void PdfPage::Line(float x1, float y1, float x2, float y2, float grey) {
  HPDF_Page_SetLineWidth(page_, 0.6F);
  HPDF_Page_SetGrayStroke(page_, grey);
  HPDF_Page_MoveTo(page_, x1, HeightOf(size_) - y1);
  HPDF_Page_LineTo(page_, x2, HeightOf(size_) - y2);
  HPDF_Page_Stroke(page_);
}

void PdfPage::Fill(const PdfBox& box, float grey) {
  HPDF_Page_SetGrayFill(page_, grey);
  HPDF_Page_Rectangle(page_, box.x, HeightOf(size_) - box.y - box.height, box.width, box.height);
  HPDF_Page_Fill(page_);
}

Result<Done> PdfPage::QrCode(const PdfBox& box, const std::string& text) {
  constexpr int kQuietModules = 4;
  const std::unique_ptr<QRcode, QrFreer> code(
      QRcode_encodeString8bit(text.c_str(), /*version=*/0, QR_ECLEVEL_M));
  if (code == nullptr || page_ == nullptr) {
    return Internal("receipt.not_made", "QR code");
  }
  const float module = box.width / static_cast<float>(code->width + 2 * kQuietModules);
  const auto start = [&](int place) { return static_cast<float>(place + kQuietModules) * module; };
  HPDF_Page_SetGrayFill(page_, 0);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      int run = 0;
      while (x + run < code->width && (code->data[y * code->width + x + run] & 1U) != 0) {
        ++run;
      }
      if (run > 0) {
        HPDF_Page_Rectangle(page_, box.x + start(x), HeightOf(size_) - box.y - start(y) - module,
                            module * static_cast<float>(run), module);
        x += run;
      }
    }
  }
  HPDF_Page_Fill(page_);
  return Done{};
}

Result<std::string> PdfPage::Save() {
  const Error failed = Internal("receipt.not_made", "PDF library");
  if (document_ == nullptr || page_ == nullptr || plain_ == nullptr || bold_ == nullptr ||
      HPDF_GetError(document_) != HPDF_OK || HPDF_SaveToStream(document_) != HPDF_OK) {
    return failed;
  }
  std::string bytes(HPDF_GetStreamSize(document_), '\0');
  auto size = static_cast<HPDF_UINT32>(bytes.size());
  if (HPDF_ReadFromStream(document_, reinterpret_cast<HPDF_BYTE*>(bytes.data()), &size) !=
          HPDF_OK ||
      size != bytes.size()) {
    return failed;
  }
  return bytes;
}

}  // namespace jaring
