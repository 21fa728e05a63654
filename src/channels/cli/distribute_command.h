#pragma once

// `jaring db distribute`.

#include "channels/cli/cli_context.h"

namespace jaring {

struct DistributeRequest {
  bool dry_run = false;  // Print the plan, change nothing.
};

/// Exit 3 when something is missing for it, after the plan when that was asked for.
int DistributeDatabase(const CliContext& context, const DistributeRequest& request);

}  // namespace jaring
