#pragma once

// What a database remembers of the demo that was made in it.

#include <cstdint>
#include <string_view>

#include "base/calendar.h"
#include "db/database.h"

namespace jaring {

enum class DemoState : std::uint8_t { kNone, kUnfinished, kFinished };

/// Whether a demo was made in this database; unfinished when making it was interrupted.
Result<DemoState> FindDemo(Tx& tx);

/// Notes that one was begun (kUnfinished) or is made (kFinished).
Result<Done> MarkDemo(Tx& tx, DemoState state, Instant now, std::int64_t people);

/// Notes what it was begun with, so that it can go on with the same.
Result<Done> NoteDemoOptions(Tx& tx, std::string_view options, Instant now);
Result<bool> HasDemoOptions(Tx& tx, std::string_view options);

}  // namespace jaring
