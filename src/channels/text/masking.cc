#include "channels/text/masking.h"

#include <algorithm>

#include "base/text.h"

namespace jaring {
namespace {

std::string OnlyLast(std::string_view text, std::size_t shown) {
  std::string masked(text);
  const std::size_t hidden = masked.size() > 2 * shown ? masked.size() - shown : masked.size();
  std::fill_n(masked.begin(), hidden, '*');
  return masked;
}

}  // namespace

std::string MaskedName(std::string_view name) {
  std::string masked;
  for (const std::string_view word : Split(Trim(name), ' ')) {
    if (word.empty()) {
      continue;
    }
    masked += masked.empty() ? "" : " ";
    // The whole first letter, however many bytes it has.
    std::size_t letter = 1;
    while (letter < word.size() && (static_cast<unsigned char>(word[letter]) & 0xC0U) == 0x80) {
      ++letter;
    }
    masked += word.substr(0, letter);
    masked += "***";
  }
  return masked;
}

std::string MaskedNik(std::string_view nik) {
  return OnlyLast(nik, 4);
}

std::string MaskedPhone(std::string_view phone) {
  return OnlyLast(phone, 4);
}

}  // namespace jaring
