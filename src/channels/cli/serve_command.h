#pragma once

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct ServeRequest {
  std::string listen = "127.0.0.1:8080";
  bool insecure = false;
};

/// `jaring serve`: pages and API until told to stop.
int Serve(const CliContext& context, const ServeRequest& request);

}  // namespace jaring
