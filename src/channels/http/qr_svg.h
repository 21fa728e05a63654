#pragma once

// QR codes as SVG, for pages.

#include <string>
#include <string_view>

namespace jaring {

/// A picture of `text` with its quiet zone; black on white at any size. Empty when it is too long.
///
/// Limit: 1,000 bytes.
std::string QrSvg(std::string_view text);

}  // namespace jaring
