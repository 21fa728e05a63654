#pragma once

#include "channels/cli/cli_context.h"

namespace jaring {

/// `jaring permissions --routes`: method, path and action of every route of the server, a line
/// each; "open" for those without login. Needs no agency.
int PrintRoutes(const CliContext& context);

}  // namespace jaring
