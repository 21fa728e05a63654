#pragma once

#include "channels/cli/cli_context.h"

namespace jaring {

struct ServeRequest {
  bool insecure = false;
};

/// `jaring serve`: pages and API until told to stop.
int Serve(const CliContext& context, const ServeRequest& request);

}  // namespace jaring
