#pragma once

// Whose an Idempotency-Key is.

#include <string>

#include "access/principal.h"

namespace jaring {

/// The caller together with the grant she acts under: an answer she got in one role is not shown to
/// her in another.
inline std::string KeyOwner(const Principal& who) {
  return who.Key() + "/" + std::to_string(static_cast<std::int64_t>(who.role)) + "/" +
         std::to_string(static_cast<std::int64_t>(who.scope.kind)) + ":" +
         std::to_string(who.scope.id);
}

}  // namespace jaring
