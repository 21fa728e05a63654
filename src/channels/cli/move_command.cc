#include "channels/cli/move_command.h"

#include <fmt/core.h>

#include <array>
#include <numeric>
#include <optional>

#include "backup/move_agency.h"
#include "base/text.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/backup_tools.h"
#include "channels/cli/cli_audit.h"
#include "channels/files/progress_bar.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::size_t kIdBytes = 16;

/// The same for whoever asks from whatever folder, and without a password.
std::string NameOf(const std::string& address) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!address.starts_with(kSqlite)) {
    return WithoutPassword(address);
  }
  std::error_code failed;
  const auto path = std::filesystem::weakly_canonical(address.substr(kSqlite.size()), failed);
  return failed ? address : std::string(kSqlite) + path.string();
}

/// Tells what is under way, on stderr: a line for each phase, and on a terminal how far it is.
class MoveTeller {
 public:
  MoveTeller(const CliContext& context, std::string from)
      : context_(context), from_(std::move(from)) {}

  void Tell(const MoveProgress& progress) {
    if (!phase_) {
      fmt::print(stderr, "{} is closed for writing; it can be read\n", from_);
    }
    if (phase_ != progress.phase) {
      constexpr std::array<const char*, 3> kWords = {"copying", "comparing both sides",
                                                     "verifying the books of the copy"};
      const char* const word = kWords.at(static_cast<std::size_t>(progress.phase));
      bar_.reset();
      fmt::print(stderr, "{}\n", word);
      bar_.emplace(stderr, context_.environment().stderr_is_terminal, word,
                   context_.environment().clock);
      phase_ = progress.phase;
    }
    bar_->Update(progress.rows, progress.total_rows, progress.rows);
  }

 private:
  const CliContext& context_;
  const std::string from_;
  std::optional<MovePhase> phase_;
  std::optional<ProgressBar> bar_;
};

void PrintMove(const CliContext& context, const MoveRequest& request, const MoveReport& report) {
  const auto rows =
      std::accumulate(report.tables.begin(), report.tables.end(), std::int64_t{0},
                      [](std::int64_t sum, const TableSum& table) { return sum + table.rows; });
  if (!context.options().json) {
    fmt::print("moved {}\n   to {}\n", request.from_name, request.to_name);
    if (report.tables.empty()) {
      fmt::print("  compared and verified by an earlier run\n");
    } else {
      fmt::print("  {} rows in {} tables, {} of them copied by this run: the same on both sides\n",
                 rows, report.tables.size(), report.copied_rows);
      fmt::print("  verify: clean\n  audit: clean\n");
    }
    fmt::print("  the old database stays closed; the new one needs the same key: {}\n",
               context.key_file().string());
    return;
  }
  JsonWriter json;
  json.BeginObject().Key("from").Text(request.from_name).Key("to").Text(request.to_name);
  json.Key("went_on").Bool(report.went_on).Key("was_done").Bool(report.was_done);
  json.Key("copied_rows").Integer(report.copied_rows).Key("tables").BeginObject();
  for (const TableSum& table : report.tables) {
    json.Key(table.table).BeginObject().Key("rows").Integer(table.rows);
    json.Key("sum").Text(table.sum).EndObject();
  }
  json.EndObject().EndObject();
  fmt::print("{}\n", json.Take());
}

Result<Done> CheckTrail(Tx& tx, const Sealer& sealer) {
  JARING_ASSIGN_OR_RETURN(const AuditCheck check, CheckAudit(tx, sealer.audit_key(), nullptr));
  return check.findings.empty()
             ? Result<Done>(Done{})
             : Conflict("move.audit_broken",
                        fmt::format("entry {}", check.findings.front().entry_id));
}

}  // namespace

int CopyDatabase(const CliContext& context, const std::string& to) {
  const auto tools = BackupTools::Open(context);
  if (!tools) {
    return RefuseCommand(context, tools.error());
  }
  const Agency agency = (*tools)->agency();
  MoveRequest request;
  request.to = to;
  request.from_name = NameOf(context.options().db);
  request.to_name = NameOf(to);
  request.id = ToHex(RandomBytes(kIdBytes));
  const auto note = [&](const std::string& subject) {
    return [&context, &agency, subject](Tx& tx) {
      return NoteCommand(
          tx, context, agency,
          {.action = std::string(ActionName(Action::kChangeAgency)), .subject = subject});
    };
  };
  MoveTeller teller(context, request.from_name);
  MoveSteps steps;
  steps.on_close = note("closed for writing, to be moved to " + request.to_name);
  steps.verify = [&](Tx& tx) { return CheckTrail(tx, agency.sealer); };
  steps.on_open = note("moved from " + request.from_name);
  steps.on_progress = [&](const MoveProgress& progress) -> Result<Done> {
    teller.Tell(progress);
    return Done{};
  };
  const auto report = MoveAgency((*tools)->parts(), request, steps);
  if (!report) {
    return RefuseCommand(context, report.error());
  }
  PrintMove(context, request, *report);
  return kExitFine;
}

int ReopenClosedDatabase(const CliContext& context, const ReopenRequest& request) {
  const auto what = request.although_moved ? Reopen::kEvenIfMoved : Reopen::kUnlessMoved;
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    const auto note = [&](Tx& tx) {
      return NoteCommand(tx, context, open.agency(),
                         {.action = std::string(ActionName(Action::kChangeAgency)),
                          .subject = "opened again, the move is given up"});
    };
    JARING_RETURN_IF_ERROR(ReopenDatabase(open.db(), what, note));
    fmt::print("open for writing again; an unfinished copy of it is of no use any more\n");
    return Done{};
  });
}

}  // namespace jaring
