#pragma once

// A database moved to another one, of either engine, so that at no moment both take writes: the
// source is closed for writing, copied, compared, and only then the copy is opened. Broken off
// anywhere, the same call goes on.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/copy_database.h"

namespace jaring {

struct MoveRequest {
  std::string from;  // Addresses.
  std::string to;
  std::string from_name;  // The same without passwords: told, and stored at the other end.
  std::string to_name;
  std::filesystem::path migrations;
  std::string id;  // For a move that begins: random, so that no two moves have the same.
};

enum class MovePhase : std::uint8_t { kCopying, kComparing, kVerifying };

struct MoveProgress {
  MovePhase phase = MovePhase::kCopying;
  std::int64_t rows = 0;  // So far, of all tables; also those copied by an earlier call.
  std::int64_t total_rows = 0;
};

/// What the caller knows of the data. Each runs within a transaction.
struct MoveSteps {
  /// Of the source before anything is changed, and of the copy before it is verified: is it an
  /// agency of ours, with today's schema and this key?
  std::function<Result<Done>(Tx&)> check;
  /// When the source is closed, in the same transaction.
  std::function<Result<Done>(Tx&)> on_close;
  /// Of the complete copy. What it refuses is not opened.
  std::function<Result<Done>(Tx&)> verify;
  /// When the copy is opened, in the same transaction.
  std::function<Result<Done>(Tx&)> on_open;
  /// Between transactions; an error stops the work where it is.
  std::function<Result<Done>(const MoveProgress&)> on_progress;
};

struct MoveReport {
  std::vector<TableSum> tables;  // As compared by this call; empty when an earlier one did.
  std::int64_t copied_rows = 0;  // By this call.
  bool went_on = false;          // An earlier call had begun.
  bool was_done = false;         // An earlier call had done everything.
};

/// Moves the database at `from` to `to`, which must be new and empty, or a copy that an earlier
/// call began. From the closing until the end the source can be read only; afterwards it stays
/// closed.
///
/// Errors, in this order: move.same_database, db.missing, those of `check`, db.unfinished (the
/// source is itself such a copy), move.to_elsewhere, move.target_other, move.target_not_empty,
/// db.moved; while it works: move.runs_twice, move.source_reopened, db.copy_differs, those of
/// `verify`, of the other steps and of Tx. After an error the source stays closed.
Result<MoveReport> MoveDatabase(const MoveRequest& request, const MoveSteps& steps);

/// What may be opened again: a source whose move is given up, or even one whose copy is open.
enum class Reopen : std::uint8_t { kUnlessMoved, kEvenIfMoved };

/// Opens a closed source for writing again. The copy of it can then never be opened any more,
/// unless that has happened.
///
/// Errors: move.not_closed, db.moved, db.unfinished (an incomplete copy is no source), and those of
/// Tx and of `on_reopen`.
Result<Done> ReopenDatabase(Database& database, Reopen what,
                            const std::function<Result<Done>(Tx&)>& on_reopen);

}  // namespace jaring
