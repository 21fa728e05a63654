#pragma once

#include "channels/cli/cli_context.h"

namespace jaring {

struct RetentionRequest {
  bool dry_run = false;
};

/// `jaring retention run [--dry-run]`: deletes what data/retention.toml says is over, and tells
/// what is kept how long and why.
int RetentionRun(const CliContext& context, const RetentionRequest& request);

}  // namespace jaring
