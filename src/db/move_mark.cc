#include "db/move_mark.h"

#include <algorithm>
#include <array>

#include "db/copy_sql.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"leaving", "left", "arriving", "complete"};

std::string_view NameOf(MoveState state) {
  return kStates.at(static_cast<std::size_t>(state));
}

}  // namespace

Result<std::optional<MoveMark>> FindMoveMark(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const bool is_moved, tx.HasTable(kMoveTable));
  if (!is_moved) {
    return std::optional<MoveMark>();
  }
  MoveMark mark;
  std::string state;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListMove, {}, [&](const Row& row) {
    std::string nowhere;
    std::string& field = row.Text(0) == "id"          ? mark.id
                         : row.Text(0) == "state"     ? state
                         : row.Text(0) == "elsewhere" ? mark.elsewhere
                                                      : nowhere;
    field = row.Text(1);
  }));
  const auto* const found = std::find(kStates.begin(), kStates.end(), state);
  if (found == kStates.end() || mark.id.empty()) {
    return Internal("db.failed", "the marks of the move make no sense");
  }
  mark.state = static_cast<MoveState>(found - kStates.begin());
  return std::optional<MoveMark>(mark);
}

Result<Done> MarkMove(Tx& tx, const MoveMark& mark) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kCreateMove));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertMove, {"id", mark.id}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertMove, {"state", NameOf(mark.state)}));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertMove, {"elsewhere", mark.elsewhere}));
  return Done{};
}

Result<Done> AdvanceMove(Tx& tx, MoveState from, MoveState to) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kAdvanceMove, {"state", NameOf(from), NameOf(to)}));
  return Done{};
}

Result<Done> CheckIsNoUnfinishedCopy(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const auto mark, FindMoveMark(tx));
  if (mark && (mark->state == MoveState::kArriving || mark->state == MoveState::kComplete)) {
    return Conflict("db.unfinished", "a copy of " + mark->elsewhere);
  }
  return Done{};
}

Result<Done> CheckOpenForWriting(Tx& tx) {
  JARING_ASSIGN_OR_RETURN(const auto mark, FindMoveMark(tx));
  if (!mark) {
    return Done{};
  }
  switch (mark->state) {
    case MoveState::kLeaving:
      return Error{ErrorCode::kUnavailable, "db.closed", "to " + mark->elsewhere};
    case MoveState::kLeft:
      return Error{ErrorCode::kUnavailable, "db.moved", "to " + mark->elsewhere};
    case MoveState::kArriving:
    case MoveState::kComplete:
      break;
  }
  return Error{ErrorCode::kUnavailable, "db.unfinished", "a copy of " + mark->elsewhere};
}

}  // namespace jaring
