#pragma once

// For tests only: where the project lies.

#include <string>

namespace jaring {

/// The project's folder, without a slash at its end. Made when the build is configured, in a file
/// of its own, so that nothing else depends on where that is.
std::string SourceDir();

}  // namespace jaring
