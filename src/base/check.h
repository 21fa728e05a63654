#pragma once

// Assertions that stay on in every build: a broken invariant must stop the program, not the books.

#include <cstdio>
#include <cstdlib>

namespace jaring::internal {

[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace jaring::internal

/// Stops the program when `condition` is false. For our own bugs only, never for outside data.
#define JARING_CHECK(condition)                                        \
  do {                                                                 \
    if (!(condition)) {                                                \
      ::jaring::internal::CheckFailed(#condition, __FILE__, __LINE__); \
    }                                                                  \
  } while (false)
