#include "channels/cli/backup_command.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <numeric>

#include "backup/backup.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/backup_tools.h"
#include "channels/text/json_writer.h"

namespace jaring {
namespace {

std::int64_t RowsOf(const BackupManifest& manifest) {
  return std::accumulate(manifest.tables.begin(), manifest.tables.end(), std::int64_t{0},
                         [](std::int64_t sum, const TableRows& table) { return sum + table.rows; });
}

void PrintManifest(const CliContext& context, const BackupManifest& manifest,
                   const std::filesystem::path& file) {
  if (!context.options().json) {
    fmt::print("backup {}\n  {} rows in {} tables, {} bytes, schema {}, from {}\n  sha256 {}\n",
               file.string(), RowsOf(manifest), manifest.tables.size(), manifest.bytes,
               manifest.schema, manifest.engine, manifest.sha256);
    return;
  }
  JsonWriter json;
  json.BeginObject();
  json.Key("file").Text(file.string());
  json.Key("made_at").Text(Instant::FromMicros(manifest.made_at).ToString());
  json.Key("engine").Text(manifest.engine);
  json.Key("schema").Integer(manifest.schema);
  json.Key("bytes").Integer(manifest.bytes);
  json.Key("sha256").Text(manifest.sha256);
  json.Key("violations").Integer(manifest.violations);
  json.Key("rows").BeginObject();
  for (const TableRows& table : manifest.tables) {
    json.Key(table.table).Integer(table.rows);
  }
  json.EndObject();
  json.EndObject();
  fmt::print("{}\n", json.Take());
}

/// What the check of the books said; the exit code that goes with it.
int TellViolations(const CliContext& context, std::int64_t violations) {
  if (violations > 0) {
    context.PrintError(Internal("backup.books_do_not_balance", std::to_string(violations)));
    return kExitSomeRefused;
  }
  if (!context.options().json) {
    fmt::print("  {}\n", violations == 0 ? "verify: clean"
                                         : "verify: not run (--quick, or a schema of long ago)");
  }
  return kExitFine;
}

}  // namespace

int MakeBackupFile(const CliContext& context, const BackupRequest& request) {
  const Settings& settings = context.settings();
  std::filesystem::path target = request.to.empty() ? settings.backup_folder : request.to;
  if (target.empty()) {
    return RefuseCommand(context, Invalid("backup.folder_missing"));
  }
  // People are served first.
  constexpr int kNice = 10;
  setpriority(PRIO_PROCESS, 0, kNice);
  const auto tools = BackupTools::Open(context);
  if (!tools) {
    return RefuseCommand(context, tools.error());
  }
  const Instant now = context.environment().clock();
  std::error_code ignored;
  std::filesystem::path folder;
  if (std::filesystem::is_directory(target, ignored)) {
    folder = target;
    target /= BackupName(now);
  }
  const auto made = MakeBackup((*tools)->parts(), target, now,
                               request.quick ? BackupCheck::kQuick : BackupCheck::kVerify);
  if (!made) {
    return RefuseCommand(context, made.error());
  }
  const auto keep = request.keep.value_or(static_cast<int>(settings.backup_keep));
  if (!folder.empty() && keep > 0) {
    RotateBackups(folder, static_cast<std::size_t>(keep));
  }
  PrintManifest(context, *made, target);
  const int exit_code = TellViolations(context, made->violations);
  if (!context.options().json) {
    fmt::print("  the key {} is not in it: keep a copy of the key elsewhere\n",
               context.key_file().string());
  }
  return exit_code;
}

int RestoreBackupFile(const CliContext& context, const std::string& file) {
  const auto tools = BackupTools::Open(context);
  if (!tools) {
    return RefuseCommand(context, tools.error());
  }
  const auto report = RestoreBackup((*tools)->parts(), file);
  if (!report) {
    return RefuseCommand(context, report.error());
  }
  if (!context.options().json) {
    fmt::print("restored {}\n  {} people, {} memberships, {} payments, {} contributions\n", file,
               report->people, report->memberships, report->payments, report->contributions);
  }
  return TellViolations(context, report->violation_count);
}

int CheckBackupFile(const CliContext& context, const std::string& file) {
  const auto manifest = CheckBackup(file);
  if (!manifest) {
    return RefuseCommand(context, manifest.error());
  }
  PrintManifest(context, *manifest, file);
  return TellViolations(context, manifest->violations);
}

}  // namespace jaring
