#pragma once

// `jaring config show` and `jaring config example`.

#include "channels/cli/cli_context.h"

namespace jaring {

/// Every setting, its value and where it comes from. Secrets are masked.
int ConfigShow(const CliContext& context);

/// The documented example: packaging/jaring.toml.
int ConfigExample(const CliContext& context);

}  // namespace jaring
