#pragma once

// `jaring scheme check` and `jaring scheme show`, for the people who keep the scheme folder.

#include <filesystem>
#include <optional>
#include <ostream>

#include "base/calendar.h"

namespace jaring {

/// Checks the folder; lists every problem on `err`. Returns the exit code: 0 fine, 1 problems.
int SchemeCheck(const std::filesystem::path& folder, std::ostream& out, std::ostream& err);

/// Prints the scheme as it holds on `on`, or all of it with its dates when absent. Returns the exit
/// code: 0 printed, 1 the folder has problems (listed on `err`).
int SchemeShow(const std::filesystem::path& folder, std::optional<Date> on, std::ostream& out,
               std::ostream& err);

}  // namespace jaring
