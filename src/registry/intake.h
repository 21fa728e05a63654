#pragma once

// Files that came in before, by the SHA-256 of their bytes.

#include <optional>
#include <string_view>

#include "base/calendar.h"
#include "db/database.h"
#include "registry/seal.h"

namespace jaring {

/// When this file was first taken in. `sha256` is any text or bytes that stand for the file.
Result<std::optional<Instant>> FindIntake(Tx& tx, std::string_view kind, std::string_view sha256);

/// Remembers a file; nothing when it is remembered already.
Result<Done> RecordIntake(Tx& tx, std::string_view kind, std::string_view sha256, Instant now,
                          std::int64_t rows);

/// The same for a file with people in it: what is remembered is a keyed digest, because a plain one
/// of a short file could be tried out until the NIKs in it are known.
Result<std::optional<Instant>> FindFileIntake(Tx& tx, const Sealer& sealer, std::string_view kind,
                                              std::string_view sha256);
Result<Done> RecordFileIntake(Tx& tx, const Sealer& sealer, std::string_view kind,
                              std::string_view sha256, Instant now, std::int64_t rows);

}  // namespace jaring
