#pragma once

// What a paper may be, by its own bytes: a picture or a PDF, of a bounded size.

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace jaring {

inline constexpr std::size_t kMostPaperBytes = 10U << 20U;
/// Of a picture: more, and whoever opens it runs out of memory.
inline constexpr std::uint32_t kMostPixels = 100'000'000;

/// "image/jpeg", "image/png" or "application/pdf": by the first bytes and the frame that holds the
/// size, whatever the sender called it.
///
/// Errors: paper.empty, paper.too_large, paper.type_unknown, paper.too_many_pixels.
Result<std::string_view> MediaTypeOf(std::string_view bytes);

}  // namespace jaring
