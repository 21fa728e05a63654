#pragma once

// Commands that take a file in: enrol and collect.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct EnrolRequest {
  std::string file;
  std::string group;
  std::string branch;  // Empty: the group's.
  bool dry_run = false;
  bool all_or_nothing = false;
  bool list = false;  // Name every member and bill code.
};

int EnrolFromFile(const CliContext& context, const EnrolRequest& request);

struct CollectRequest {
  std::string file;
  std::string partner;
  bool dry_run = false;
};

int CollectFromFile(const CliContext& context, const CollectRequest& request);

}  // namespace jaring
