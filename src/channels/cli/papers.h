#pragma once

// Where the papers of claims lie, as the settings say.

#include <memory>

#include "channels/cli/cli_context.h"
#include "claims/paper_store.h"

namespace jaring {

/// A bucket, a folder, or nothing: papers are not taken.
///
/// Errors: config.secret_unreadable.
Result<std::unique_ptr<PaperStore>> OpenPapers(const CliContext& context);

}  // namespace jaring
