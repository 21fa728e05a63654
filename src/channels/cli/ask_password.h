#pragma once

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

/// A new password: from a file ("-" is stdin; its first line), or typed twice on the terminal
/// without being shown.
///
/// Errors: password_file.missing, password.no_terminal, password.not_twice_the_same.
Result<std::string> AskNewPassword(const std::string& password_file);

/// The password somebody has: from a file as above, or typed once.
///
/// Errors: password_file.missing, password.no_terminal.
Result<std::string> AskPassword(const std::string& password_file);

}  // namespace jaring
