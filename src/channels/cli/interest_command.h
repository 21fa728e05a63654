#pragma once

#include <string>

#include "channels/cli/cli_context.h"

namespace jaring {

/// `jaring interest YEAR`: credits what the old-age savings of everybody earned in a year that is
/// closed; without a year: which ones are credited.
int CreditInterest(const CliContext& context, const std::string& year);

}  // namespace jaring
