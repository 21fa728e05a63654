#include "access/principal.h"

#include <array>

namespace jaring {

std::string_view ActorKindCode(ActorKind kind) {
  constexpr std::array<std::string_view, 7> kCodes = {
      "anonymous", "staff-user", "worker", "device", "partner-client", "os-user", "system"};
  return kCodes.at(static_cast<std::size_t>(kind));
}

std::string Principal::Key() const {
  return std::to_string(static_cast<std::int64_t>(kind)) + ":" + std::to_string(id);
}

}  // namespace jaring
