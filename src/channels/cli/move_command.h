#pragma once

// `jaring db copy` and `jaring db reopen`: an agency moves to another database.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

/// From the database of the context to the one at `to`. Broken off, the same command goes on.
int CopyDatabase(const CliContext& context, const std::string& to);

struct ReopenRequest {
  bool although_moved = false;
};

int ReopenClosedDatabase(const CliContext& context, const ReopenRequest& request);

}  // namespace jaring
