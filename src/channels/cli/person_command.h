#pragma once

// `jaring person`: care of one person's data.

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

struct PersonExportRequest {
  std::string who;  // NIK, member number or bill code.
  std::string out;  // File; ".pdf" to read, else JSON.
};

/// `jaring person export WHO --out FILE`: all that is stored about a person; the file is readable
/// by its owner only, and it is noted that it was made.
int PersonExport(const CliContext& context, const PersonExportRequest& request);

}  // namespace jaring
