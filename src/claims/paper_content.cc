#include "claims/paper_content.h"

#include <optional>

namespace jaring {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv;
constexpr std::string_view kJpegStart = "\xff\xd8\xff"sv;

std::uint64_t BigEndian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) {
    number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

/// Pixels of a PNG; nothing when it is cut.
std::optional<std::uint64_t> PixelsOfPng(std::string_view bytes) {
  const std::size_t at = kPngStart.size();
  if (bytes.size() < at + 8) {
    return std::nullopt;
  }
  return BigEndian(bytes, at, 4) * BigEndian(bytes, at + 4, 4);
}

/// Pixels of a JPEG, from its frame header (markers C0 to CF but C4, C8 and CC); nothing when there
/// is none before the picture begins.
std::optional<std::uint64_t> PixelsOfJpeg(std::string_view bytes) {
  std::size_t at = 2;
  while (at + 9 < bytes.size() && bytes[at] == '\xff') {
    const auto marker = static_cast<unsigned char>(bytes[at + 1]);
    const bool is_frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (is_frame) {
      return BigEndian(bytes, at + 5, 2) * BigEndian(bytes, at + 7, 2);
    }
    if (marker == 0xFF) {
      ++at;  // Fill.
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) {
      return std::nullopt;
    }
    const std::uint64_t length = BigEndian(bytes, at + 2, 2);
    if (length < 2) {
      return std::nullopt;
    }
    at += 2 + length;
  }
  return std::nullopt;
}

Result<std::string_view> CheckPixels(std::string_view type, std::optional<std::uint64_t> pixels) {
  if (!pixels || *pixels == 0) {
    return Invalid("paper.type_unknown");
  }
  return *pixels <= kMostPixels ? Result<std::string_view>(type) : Invalid("paper.too_many_pixels");
}

}  // namespace

Result<std::string_view> MediaTypeOf(std::string_view bytes) {
  if (bytes.empty()) {
    return Invalid("paper.empty");
  }
  if (bytes.size() > kMostPaperBytes) {
    return Invalid("paper.too_large");
  }
  if (bytes.substr(0, kPngStart.size()) == kPngStart) {
    return CheckPixels("image/png", PixelsOfPng(bytes));
  }
  if (bytes.substr(0, kJpegStart.size()) == kJpegStart) {
    return CheckPixels("image/jpeg", PixelsOfJpeg(bytes));
  }
  if (bytes.substr(0, 5) == "%PDF-") {
    return "application/pdf"sv;
  }
  return Invalid("paper.type_unknown");
}

}  // namespace jaring
