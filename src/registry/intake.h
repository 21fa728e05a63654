#pragma once

// Files that came in before, by the SHA-256 of their bytes.

#include <optional>
#include <string_view>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// When this file was first taken in. `sha256` is any text or bytes that stand for the file.
Result<std::optional<Instant>> FindIntake(Tx& tx, std::string_view kind, std::string_view sha256);

/// Remembers a file; nothing when it is remembered already.
Result<Done> RecordIntake(Tx& tx, std::string_view kind, std::string_view sha256, Instant now,
                          std::int64_t rows);

}  // namespace jaring
