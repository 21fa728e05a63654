#pragma once

// What is kept for technical reasons only is deleted when its time is over, a little at a time.

#include <cstdint>
#include <string_view>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

/// True for what this program can delete: "answers", "sessions", "messages", "nonces".
bool IsDeletable(std::string_view what);

/// How many rows were over before `cutoff`. `what` is deletable.
Result<std::int64_t> CountDue(Tx& tx, std::string_view what, Instant cutoff);

/// Deletes at most `limit` of them; how many it was.
Result<std::int64_t> DeleteDue(Tx& tx, std::string_view what, Instant cutoff, std::int64_t limit);

}  // namespace jaring
