#pragma once

#include <filesystem>

#include "channels/cli/cli_context.h"

namespace jaring {

/// Where the demo's users are written down: beside the key file.
std::filesystem::path DemoUsersFile(const CliContext& context);

/// One staff user for each role, ROLE@demo.jaring.test, with a random password and a second factor;
/// both are written once to DemoUsersFile, readable by its owner only.
///
/// Errors: demo.users_not_writable, and those of the services.
Result<Done> MakeDemoUsers(const CliContext& context, const OpenAgency& open);

}  // namespace jaring
