#include "db/move_database.h"

#include <future>
#include <memory>
#include <optional>

#include "db/copy_sql.h"
#include "db/migrate.h"
#include "db/move_mark.h"
#include "db/table_copy.h"

namespace jaring {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";
constexpr std::string_view kNothingYet = "-";
constexpr std::string_view kWhole = "whole";

bool IsSame(const std::string& from, const std::string& to) {
  if (from == to) {
    return true;
  }
  std::error_code ignored;
  return from.starts_with(kSqlitePrefix) && to.starts_with(kSqlitePrefix) &&
         std::filesystem::equivalent(from.substr(kSqlitePrefix.size()),
                                     to.substr(kSqlitePrefix.size()), ignored);
}

/// How far the copying of a table is stands under this name.
std::string ProgressName(const TableShape& shape) {
  return "table " + shape.name;
}

class Mover {
 public:
  Mover(const MoveRequest& request, const MoveSteps& steps) : request_(request), steps_(steps) {}

  Result<MoveReport> Run();

 private:
  Result<Done> Connect();
  Result<Done> Decide();
  Result<Done> DecideTarget(bool source_has_left);
  Result<Done> Close();
  Result<Done> MakeTables();
  Result<Done> Fill();
  Result<Done> FillTable(const TableShape& shape, Tx& from);
  Result<Done> FillSome(const TableShape& shape, Tx& from, Tx& to, TableWalk& walk,
                        std::string& place, std::int64_t& rows);
  Result<Done> Compare();
  Result<Done> SumSource(std::vector<TableSum>& sums);
  Result<Done> SumTarget(std::vector<TableSum>& sums);
  Result<Done> Finish();
  Result<Done> CheckSource(Tx& tx, MoveState state) const;
  Result<Done> CheckTarget(Tx& tx, MoveState state) const;
  Result<std::string> FindProgress(Tx& to, const TableShape& shape) const;
  Result<Done> Tell(MovePhase phase, std::int64_t more_rows);

  const MoveRequest& request_;
  const MoveSteps& steps_;
  MoveReport report_;
  std::string id_;
  bool is_closed_ = false;    // The source.
  bool has_tables_ = false;   // The target.
  bool is_complete_ = false;  // It, too.
  std::int64_t version_ = 0;
  MoveProgress progress_;
  // Before the databases: the texts of statements must outlive their connections.
  std::optional<TableCopy> copy_;
  std::optional<TableCopy> source_copy_;  // For the thread that reads the source.
  std::unique_ptr<Database> from_;
  std::unique_ptr<Database> to_;
};

Result<Done> Mover::Tell(MovePhase phase, std::int64_t more_rows) {
  if (progress_.phase != phase) {
    progress_.phase = phase;
    progress_.rows = 0;
  }
  progress_.rows += more_rows;
  return steps_.on_progress ? steps_.on_progress(progress_) : Result<Done>(Done{});
}

Result<Done> Mover::Connect() {
  if (IsSame(request_.from, request_.to)) {
    return Invalid("move.same_database");
  }
  JARING_ASSIGN_OR_RETURN(from_, Database::Connect(request_.from, Database::Open::kMustExist));
  const auto look = [&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(steps_.check(tx));
    JARING_ASSIGN_OR_RETURN(version_, SchemaVersion(tx));
    JARING_ASSIGN_OR_RETURN(auto shapes, ShapesAt(request_.migrations, version_));
    copy_.emplace(shapes);
    source_copy_.emplace(std::move(shapes));
    return Done{};
  };
  JARING_RETURN_IF_ERROR(from_->Read(look));
  JARING_ASSIGN_OR_RETURN(to_, Database::Connect(request_.to, Database::Open::kMayCreate));
  return Done{};
}

/// Whether this call begins, goes on, or finds everything done; changes nothing.
Result<Done> Mover::Decide() {
  std::optional<MoveMark> mark;
  const auto look = [&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckIsNoUnfinishedCopy(tx));
    JARING_ASSIGN_OR_RETURN(mark, FindMoveMark(tx));
    return Done{};
  };
  JARING_RETURN_IF_ERROR(from_->Read(look));
  id_ = mark ? mark->id : request_.id;
  is_closed_ = mark.has_value();
  report_.went_on = is_closed_;
  if (mark && mark->elsewhere != request_.to_name) {
    return Conflict("move.to_elsewhere", mark->elsewhere);
  }
  return DecideTarget(mark && mark->state == MoveState::kLeft);
}

Result<Done> Mover::DecideTarget(bool source_has_left) {
  return to_->Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto mark, FindMoveMark(tx));
    JARING_ASSIGN_OR_RETURN(const bool is_empty, IsEmpty(tx, to_->engine()));
    if (mark && mark->id != id_) {
      return Conflict("move.target_other", "a copy of " + mark->elsewhere);
    }
    if (mark && (mark->state == MoveState::kArriving || mark->state == MoveState::kComplete)) {
      has_tables_ = true;
      is_complete_ = mark->state == MoveState::kComplete;
    } else if (!is_empty && !source_has_left) {
      return Conflict("move.target_not_empty");
    } else if (!is_empty) {
      JARING_RETURN_IF_ERROR(steps_.check(tx));
      report_.was_done = true;
      return Done{};
    }
    if (source_has_left && !is_complete_) {
      return Conflict("db.moved", "and the copy is not there");
    }
    return Done{};
  });
}

/// From here on the source can be read only: what it holds is what the copy will hold.
Result<Done> Mover::Close() {
  return from_->WriteAnyway([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckOpenForWriting(tx));  // Somebody else may have been quicker.
    JARING_RETURN_IF_ERROR(steps_.on_close(tx));
    return MarkMove(tx, {id_, MoveState::kLeaving, request_.to_name});
  });
}

/// Is the source still closed, by this move and no other? Then it was all the while: who opens it
/// and closes it again gives it another id.
Result<Done> Mover::CheckSource(Tx& tx, MoveState state) const {
  JARING_ASSIGN_OR_RETURN(const auto mark, FindMoveMark(tx));
  return mark && mark->id == id_ && (mark->state == state || mark->state == MoveState::kLeaving)
             ? Result<Done>(Done{})
             : Conflict("move.source_reopened");
}

/// Is the copy still this move's? Another command that runs beside this one may have gone on.
Result<Done> Mover::CheckTarget(Tx& tx, MoveState state) const {
  JARING_ASSIGN_OR_RETURN(const auto mark, FindMoveMark(tx));
  return mark && mark->id == id_ && mark->state == state ? Result<Done>(Done{})
                                                         : Conflict("move.runs_twice");
}

Result<std::string> Mover::FindProgress(Tx& to, const TableShape& shape) const {
  JARING_RETURN_IF_ERROR(CheckTarget(to, MoveState::kArriving));
  std::string found;
  JARING_RETURN_IF_ERROR(to.Query(sql::kFindMove, {ProgressName(shape)},
                                  [&](const Row& row) { found = row.Text(0); }));
  return found;
}

Result<Done> Mover::MakeTables() {
  return to_->WriteAnyway([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const bool is_empty, IsEmpty(tx, to_->engine()));
    if (!is_empty) {
      return Conflict("move.target_not_empty");
    }
    JARING_RETURN_IF_ERROR(MarkMove(tx, {id_, MoveState::kArriving, request_.from_name}));
    for (const TableShape& shape : copy_->shapes()) {
      JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertMove, {ProgressName(shape), kNothingYet}));
    }
    JARING_RETURN_IF_ERROR(MigrateTo(tx, request_.migrations, version_));
    return copy_->Empty(tx);
  });
}

Result<Done> Mover::Fill() {
  return from_->Read([&](Tx& from) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckSource(from, MoveState::kLeaving));
    JARING_RETURN_IF_ERROR(TableCopy::PrepareWalk(from, from_->engine()));
    for (const TableShape& shape : copy_->shapes()) {
      JARING_ASSIGN_OR_RETURN(const std::int64_t rows, copy_->CountTable(shape, from));
      progress_.total_rows += rows;
    }
    for (const TableShape& shape : copy_->shapes()) {
      JARING_RETURN_IF_ERROR(FillTable(shape, from));
    }
    return Done{};
  });
}

Result<Done> Mover::FillTable(const TableShape& shape, Tx& from) {
  std::string place;
  std::int64_t rows = 0;
  const auto look = [&](Tx& to) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(place, FindProgress(to, shape));
    if (place != kNothingYet) {
      JARING_ASSIGN_OR_RETURN(rows, copy_->CountTable(shape, to));
    }
    return Done{};
  };
  JARING_RETURN_IF_ERROR(to_->Read(look));
  JARING_RETURN_IF_ERROR(Tell(MovePhase::kCopying, rows));
  TableWalk walk;
  if (place != kNothingYet && place != kWhole) {
    JARING_ASSIGN_OR_RETURN(walk.key, RowKey::Parse(place));
  }
  while (place != kWhole) {
    JARING_RETURN_IF_ERROR(to_->WriteAnyway([&](Tx& to) {  //
      return FillSome(shape, from, to, walk, place, rows);
    }));
    report_.copied_rows += rows;
    JARING_RETURN_IF_ERROR(Tell(MovePhase::kCopying, rows));
  }
  return Done{};
}

/// Rows and how far they go, in one transaction: after a kill both are there or neither.
Result<Done> Mover::FillSome(const TableShape& shape, Tx& from, Tx& to, TableWalk& walk,
                             std::string& place, std::int64_t& rows) {
  JARING_ASSIGN_OR_RETURN(const std::string stored, FindProgress(to, shape));
  if (stored != place) {
    return Conflict("move.runs_twice", shape.name);
  }
  JARING_ASSIGN_OR_RETURN(rows, copy_->CopySome(shape, from, to, walk));
  if (rows == 0) {
    JARING_RETURN_IF_ERROR(copy_->MakeIndexes(shape, to));
  }
  place = rows == 0 ? std::string(kWhole) : walk.key.Text();
  JARING_RETURN_IF_ERROR(to.Run(sql::kAdvanceMove, {ProgressName(shape), stored, place}));
  return Done{};
}

Result<Done> Mover::SumSource(std::vector<TableSum>& sums) {
  return from_->Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckSource(tx, MoveState::kLeaving));
    JARING_RETURN_IF_ERROR(TableCopy::PrepareWalk(tx, from_->engine()));
    for (const TableShape& shape : source_copy_->shapes()) {
      JARING_ASSIGN_OR_RETURN(auto sum, source_copy_->Sum(shape, tx));
      sums.push_back(std::move(sum));
    }
    return Done{};
  });
}

Result<Done> Mover::SumTarget(std::vector<TableSum>& sums) {
  return to_->Read([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(TableCopy::PrepareWalk(tx, to_->engine()));
    for (const TableShape& shape : copy_->shapes()) {
      JARING_ASSIGN_OR_RETURN(auto sum, copy_->Sum(shape, tx));
      JARING_RETURN_IF_ERROR(Tell(MovePhase::kComparing, sum.rows));
      sums.push_back(std::move(sum));
    }
    return Done{};
  });
}

/// Every row of both ends is read again, the source's in one snapshot: whatever happened on the
/// way, a copy that passes is the source at one moment.
Result<Done> Mover::Compare() {
  std::vector<TableSum> sent;
  std::vector<TableSum> arrived;
  auto source = std::async(std::launch::async, [&] { return SumSource(sent); });
  const Result<Done> target_read = SumTarget(arrived);
  JARING_RETURN_IF_ERROR(source.get());
  if (!target_read) {
    return target_read.error();
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sent[i] != arrived[i]) {
      return Internal("db.copy_differs", sent[i].table);
    }
  }
  report_.tables = std::move(sent);
  if (to_->engine() == Database::Engine::kPostgres) {
    JARING_RETURN_IF_ERROR(to_->WriteAnyway([](Tx& tx) { return tx.RunScript("ANALYZE"); }));
  }
  JARING_RETURN_IF_ERROR(Tell(MovePhase::kVerifying, 0));
  JARING_RETURN_IF_ERROR(to_->Read(steps_.verify));
  return to_->WriteAnyway([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckTarget(tx, MoveState::kArriving));
    return AdvanceMove(tx, MoveState::kArriving, MoveState::kComplete);
  });
}

/// The source has left before the copy is opened: never do both take writes.
Result<Done> Mover::Finish() {
  const auto leave = [&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckSource(tx, MoveState::kLeft));
    return AdvanceMove(tx, MoveState::kLeaving, MoveState::kLeft);
  };
  JARING_RETURN_IF_ERROR(from_->WriteAnyway(leave));
  return to_->WriteAnyway([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckTarget(tx, MoveState::kComplete));
    JARING_RETURN_IF_ERROR(tx.RunScript(sql::kDropMove));
    return steps_.on_open(tx);
  });
}

Result<MoveReport> Mover::Run() {
  JARING_RETURN_IF_ERROR(Connect());
  JARING_RETURN_IF_ERROR(Decide());
  if (report_.was_done) {
    return report_;
  }
  JARING_RETURN_IF_ERROR(is_closed_ ? Result<Done>(Done{}) : Close());
  JARING_RETURN_IF_ERROR(has_tables_ ? Result<Done>(Done{}) : MakeTables());
  if (!is_complete_) {
    JARING_RETURN_IF_ERROR(Fill());
    JARING_RETURN_IF_ERROR(Compare());
  }
  JARING_RETURN_IF_ERROR(Finish());
  return report_;
}

}  // namespace

Result<MoveReport> MoveDatabase(const MoveRequest& request, const MoveSteps& steps) {
  return Mover(request, steps).Run();
}

Result<Done> ReopenDatabase(Database& database, Reopen what,
                            const std::function<Result<Done>(Tx&)>& on_reopen) {
  return database.WriteAnyway([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(CheckIsNoUnfinishedCopy(tx));
    JARING_ASSIGN_OR_RETURN(const auto mark, FindMoveMark(tx));
    if (!mark) {
      return Conflict("move.not_closed");
    }
    if (mark->state == MoveState::kLeft && what != Reopen::kEvenIfMoved) {
      return Conflict("db.moved", "to " + mark->elsewhere);
    }
    JARING_RETURN_IF_ERROR(tx.RunScript(sql::kDropMove));
    return on_reopen(tx);
  });
}

}  // namespace jaring
