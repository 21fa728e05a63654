#pragma once

#include "channels/cli/cli_context.h"

namespace jaring {

/// Reads the command line, runs the command, returns its exit code.
int RunCommandLine(const Environment& environment, int argc, const char* const* argv);

}  // namespace jaring
