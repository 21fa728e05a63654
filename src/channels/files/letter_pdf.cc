#include "channels/files/letter_pdf.h"

#include <fmt/format.h>

#include <algorithm>

namespace jaring {
namespace {

constexpr float kLeft = 62;
constexpr float kRight = PdfPage::kA4Width - 62;
constexpr float kTop = 62;
constexpr float kBottom = PdfPage::kA4Height - 72;
constexpr float kValueLeft = 220;
constexpr float kAmountWidth = 110;
constexpr float kLeading = 1.35F;
constexpr float kGap = 7;
constexpr float kGrey = 0.35F;
constexpr TextStyle kPlain{.size = 10.5F};
constexpr TextStyle kBold{.size = 10.5F, .weight = TextWeight::kBold};
constexpr TextStyle kSmall{.size = 8.5F, .grey = kGrey};

}  // namespace

LetterPdf::LetterPdf(std::string_view sender, std::string_view title)
    : page_(title, PaperSize::kA4), title_(title), y_(110) {
  page_.Fill({.x = 0, .y = 0, .width = PdfPage::kA4Width, .height = 76}, 0.92F);
  page_.FittedText(kLeft, 48, kRight - kLeft, sender, {.size = 15, .weight = TextWeight::kBold});
}

void LetterPdf::MakeRoom(float height) {
  if (y_ + height > kBottom) {
    page_.NextPage();
    y_ = kTop;
  }
}

void LetterPdf::Write(float left, std::string_view text, const TextStyle& style) {
  const float step = style.size * kLeading;
  for (const std::string& line : page_.Lines(kRight - left, text, style)) {
    MakeRoom(step);
    y_ += step;
    page_.Text(left, y_, line, style);
  }
}

void LetterPdf::Heading(std::string_view text) {
  constexpr TextStyle kStyle{.size = 13, .weight = TextWeight::kBold};
  constexpr float kWithFirstLines = 60;  // A heading does not stand alone at the end of a page.
  MakeRoom(kWithFirstLines);
  y_ += kGap;
  Write(kLeft, text, kStyle);
  y_ += kGap;
}

void LetterPdf::Text(std::string_view text) {
  Write(kLeft, text, kPlain);
  y_ += kGap;
}

void LetterPdf::Item(std::string_view text) {
  constexpr float kIndent = 12;
  MakeRoom(kPlain.size * kLeading);
  page_.Text(kLeft, y_ + kPlain.size * kLeading, "-", kPlain);
  Write(kLeft + kIndent, text, kPlain);
  y_ += kGap / 2;
}

void LetterPdf::Fact(std::string_view label, std::string_view value) {
  const float step = kPlain.size * kLeading;
  const auto labels = page_.Lines(kValueLeft - kLeft - kGap, label, kPlain);
  const auto values = page_.Lines(kRight - kValueLeft, value, kBold);
  const std::size_t lines = std::max(labels.size(), values.size());
  for (std::size_t i = 0; i < lines; ++i) {
    MakeRoom(step);
    y_ += step;
    if (i < labels.size()) {
      page_.Text(kLeft, y_, labels[i], kPlain);
    }
    if (i < values.size()) {
      page_.Text(kValueLeft, y_, values[i], kBold);
    }
  }
  y_ += 2;
}

void LetterPdf::Amount(const LetterAmount& row) {
  const TextStyle& style = row.is_sum ? kBold : kPlain;
  const float width = kRight - kLeft - kAmountWidth;
  const auto names = page_.Lines(width, row.name, style);
  const auto below = page_.Lines(width, row.working, kSmall);
  MakeRoom(static_cast<float>(names.size()) * style.size * kLeading +
           static_cast<float>(below.size()) * kSmall.size * kLeading + kGap);
  if (row.is_sum) {
    page_.Line(kLeft, y_ + 3, kRight, y_ + 3, 0.3F);
    y_ += 3;
  }
  TextStyle figure = style;
  figure.align = TextAlign::kRight;
  page_.FittedText(kRight, y_ + style.size * kLeading, kAmountWidth, row.amount, figure);
  for (const std::string& line : names) {
    y_ += style.size * kLeading;
    page_.Text(kLeft, y_, line, style);
  }
  for (const std::string& line : below) {
    y_ += kSmall.size * kLeading;
    page_.Text(kLeft, y_, line, kSmall);
  }
  y_ += kGap / 2;
}

void LetterPdf::Rule() {
  MakeRoom(4 * kGap);
  y_ += 2 * kGap;
  page_.Line(kLeft, y_, kRight, y_, 0.6F);
  y_ += kGap;
}

Result<std::string> LetterPdf::Save() {
  const int pages = page_.pages();
  for (int page = 0; page < pages; ++page) {
    page_.GoTo(page);
    page_.Text(kLeft, PdfPage::kA4Height - 40, title_, kSmall);
    TextStyle number = kSmall;
    number.align = TextAlign::kRight;
    page_.Text(kRight, PdfPage::kA4Height - 40, fmt::format("{}/{}", page + 1, pages), number);
  }
  return page_.Save();
}

}  // namespace jaring
