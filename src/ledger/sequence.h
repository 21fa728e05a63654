#pragma once

#include <cstdint>
#include <string_view>

#include "db/database.h"

namespace jaring {

/// Takes `count` numbers of a named sequence (migration 0001) and returns the first. Numbers taken
/// by a transaction that rolls back are given out again.
Result<std::int64_t> TakeNumbers(Tx& tx, std::string_view name, std::int64_t count);

}  // namespace jaring
