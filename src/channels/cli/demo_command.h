#pragma once

#include <cstdint>
#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct DemoRequest {
  std::string scenario = "surakarta";
  double scale = 1.0;  // Of the scenario's own size.
  std::uint64_t seed = 1;
};

/// `jaring demo`: an agency with invented people, two years of months behind it. Exit 3 when the
/// database holds a finished demo already.
int MakeDemoAgency(const CliContext& context, const DemoRequest& request);

}  // namespace jaring
