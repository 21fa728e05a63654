#pragma once

// Secrets that an operator keeps in files of their own.

#include <string>

#include "base/result.h"

namespace jaring {

/// What stands in a file, without spaces around.
///
/// Errors: config.secret_unreadable.
Result<std::string> ReadSecret(const std::string& path);

}  // namespace jaring
