#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct DemoRequest {
  std::string scenario = "surakarta";
  std::optional<double> scale;  // Of the scenario's own size; else 1, of the nation 0.01.
  std::uint64_t seed = 1;
};

/// `jaring demo`: an agency with invented people: a branch with two years of months behind it, or a
/// nation with a year. Exit 3 when the database holds a finished demo already.
int MakeDemoAgency(const CliContext& context, const DemoRequest& request);

}  // namespace jaring
