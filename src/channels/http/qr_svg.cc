#include "channels/http/qr_svg.h"

#include <qrencode.h>

#include <memory>

namespace jaring {

std::string QrSvg(std::string_view text) {
  constexpr std::size_t kMaxText = 1'000;
  constexpr int kQuiet = 4;  // Modules around it: readers need them.
  if (text.empty() || text.size() > kMaxText || text.find('\0') != std::string_view::npos) {
    return "";
  }
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (code == nullptr) {
    return "";
  }
  const int width = code->width;
  const std::string side = std::to_string(width + 2 * kQuiet);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + "v" +
                    side + "H0z\"/><path d=\"";
  for (int y = 0; y < width; ++y) {
    for (int x = 0; x < width; ++x) {
      if ((code->data[y * width + x] & 1) != 0) {
        svg += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h1v1h-1z";
      }
    }
  }
  return svg + "\"/></svg>";
}

}  // namespace jaring
