#pragma once

// What a database says of itself while it is moved to another: a small table, there only as long.

#include <optional>
#include <string>
#include <string_view>

#include "db/database.h"

namespace jaring {

inline constexpr std::string_view kMoveTable = "database_move";

enum class MoveState : std::uint8_t {
  kLeaving,   // Being copied: it can be read, not written.
  kLeft,      // The copy is complete; the data lives there.
  kArriving,  // A copy being filled: neither read nor written.
  kComplete,  // A copy that was compared and verified, and is not opened yet.
};

struct MoveMark {
  std::string id;  // The same at both ends.
  MoveState state = MoveState::kLeaving;
  std::string elsewhere;  // The other end, without password.
};

/// Nothing for a database that is not being moved: the usual case.
///
/// Errors: db.failed for marks that make no sense, and those of Tx.
Result<std::optional<MoveMark>> FindMoveMark(Tx& tx);

/// Makes the table of marks.
Result<Done> MarkMove(Tx& tx, const MoveMark& mark);

/// From `from` to `to`; nothing happens when another state holds.
Result<Done> AdvanceMove(Tx& tx, MoveState from, MoveState to);

/// Errors: db.unfinished, and those of Tx.
Result<Done> CheckIsNoUnfinishedCopy(Tx& tx);

}  // namespace jaring
