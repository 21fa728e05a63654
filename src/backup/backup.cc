#include "backup/backup.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <regex>

#include "backup/backup_file.h"
#include "base/text.h"
#include "db/migrate.h"

namespace jaring {
namespace {

constexpr std::string_view kSqlitePrefix = "sqlite:";

bool IsSqlite(const BackupParts& parts) {
  return parts.address.starts_with(kSqlitePrefix);
}

Result<VerifyReport> VerifyAgency(Tx& tx, const BackupParts& parts) {
  JARING_ASSIGN_OR_RETURN(const bool is_demo, CheckAgency(tx, parts.scheme, parts.sealer));
  return Verify(tx, Agency{parts.scheme, parts.sealer, is_demo});
}

/// Opens the copy and looks at it as the program would.
Result<Done> LookAtCopy(const BackupParts& parts, const std::filesystem::path& file,
                        BackupCheck check, BackupManifest& manifest) {
  {
    JARING_ASSIGN_OR_RETURN(
        const auto db,
        Database::Connect(std::string(kSqlitePrefix) + file.string(), Database::Open::kMustExist));
    const auto look = [&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(manifest.schema, SchemaVersion(tx));
      const auto today = CheckAgencySchema(tx, parts.migrations);
      if (!today && today.error().rule == "agency.schema_outdated") {
        return Done{};  // A backup before an upgrade: we cannot recompute books of that age.
      }
      if (!today) {
        return today.error();
      }
      if (check == BackupCheck::kVerify) {
        JARING_ASSIGN_OR_RETURN(const VerifyReport report, VerifyAgency(tx, parts));
        manifest.violations = report.violation_count;
      }
      return Done{};
    };
    JARING_RETURN_IF_ERROR(db->Read(look));
  }
  JARING_RETURN_IF_ERROR(CheckPages(file));
  JARING_ASSIGN_OR_RETURN(manifest.tables, CountRows(file));
  return MakeStandAlone(file);
}

Result<Done> WriteManifest(const BackupManifest& manifest, const std::filesystem::path& backup) {
  JARING_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(ManifestPath(backup)));
  JARING_RETURN_IF_ERROR(WriteText(file.path(), ManifestText(manifest)));
  return file.Publish();
}

Result<Done> CompareSums(const FileSum& sum, const BackupManifest& manifest) {
  if (sum.bytes != manifest.bytes || sum.sha256 != manifest.sha256) {
    return Internal("backup.damaged", std::to_string(sum.bytes) + " bytes, the manifest says " +
                                          std::to_string(manifest.bytes));
  }
  return Done{};
}

/// Brings a copy on this machine to today's schema, and verifies it.
Result<VerifyReport> Complete(const BackupParts& parts, const std::filesystem::path& file) {
  JARING_ASSIGN_OR_RETURN(
      const auto db,
      Database::Connect(std::string(kSqlitePrefix) + file.string(), Database::Open::kMustExist));
  JARING_RETURN_IF_ERROR(db->Write([&](Tx& tx) { return Migrate(tx, parts.migrations); }));
  VerifyReport report;
  JARING_RETURN_IF_ERROR(db->Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(report, VerifyAgency(tx, parts));
    return Done{};
  }));
  return report;
}

Result<VerifyReport> RestoreToFile(const BackupParts& parts, const std::filesystem::path& backup,
                                   const BackupManifest& manifest) {
  const std::filesystem::path target = parts.address.substr(kSqlitePrefix.size());
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) {
    if (std::filesystem::exists(target.string() + ending, ignored)) {
      return Conflict("restore.target_exists", target.string() + ending);
    }
  }
  JARING_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(target));
  // Summed as it is copied: what is restored is what was compared.
  JARING_ASSIGN_OR_RETURN(const FileSum sum, CopyAndSum(backup, file.path()));
  JARING_RETURN_IF_ERROR(CompareSums(sum, manifest));
  JARING_ASSIGN_OR_RETURN(const auto tables, CountRows(file.path()));
  if (tables != manifest.tables) {
    return Internal("backup.damaged", "other numbers of rows than the manifest says");
  }
  JARING_ASSIGN_OR_RETURN(VerifyReport report, Complete(parts, file.path()));
  JARING_RETURN_IF_ERROR(MakeStandAlone(file.path()));
  JARING_RETURN_IF_ERROR(file.Publish());
  return report;
}

Result<VerifyReport> RestoreToServer(const BackupParts& parts, const std::filesystem::path& backup,
                                     const BackupManifest& manifest) {
  JARING_ASSIGN_OR_RETURN(const FileSum sum, SumOfFile(backup));
  JARING_RETURN_IF_ERROR(CompareSums(sum, manifest));
  JARING_ASSIGN_OR_RETURN(const auto tables, CountRows(backup));
  if (tables != manifest.tables) {
    return Internal("backup.damaged", "other numbers of rows than the manifest says");
  }
  VerifyReport report;
  JARING_RETURN_IF_ERROR(
      FillServer(parts.address, backup, parts.migrations, [&](Tx& tx) -> Result<Done> {
        JARING_ASSIGN_OR_RETURN(report, VerifyAgency(tx, parts));
        return Done{};
      }));
  return report;
}

/// The number of the process at the end of "….partial-123-wal"; 0 for another name.
pid_t MakerOf(const std::string& name) {
  static const std::regex pattern(
      R"(jaring-\d{8}T\d{6}Z\.backup(\.manifest)?\.partial-(\d{1,9})(-wal|-shm|-journal|-turn)?)");
  std::smatch parts;
  return std::regex_match(name, parts, pattern) ? static_cast<pid_t>(std::stoi(parts[2])) : 0;
}

}  // namespace

Result<BackupManifest> MakeBackup(const BackupParts& parts, const std::filesystem::path& target,
                                  Instant now, BackupCheck check) {
  std::error_code ignored;
  if (std::filesystem::exists(ManifestPath(target), ignored)) {
    return Conflict("backup.target_exists", ManifestPath(target).string());
  }
  JARING_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(target));
  JARING_RETURN_IF_ERROR(CopyToFile(parts.address, file.path(), parts.migrations));
  BackupManifest manifest{.program = parts.program,
                          .engine = IsSqlite(parts) ? "sqlite" : "postgresql",
                          .made_at = now.micros()};
  JARING_RETURN_IF_ERROR(LookAtCopy(parts, file.path(), check, manifest));
  JARING_ASSIGN_OR_RETURN(const FileSum sum, SumOfFile(file.path()));
  manifest.bytes = sum.bytes;
  manifest.sha256 = sum.sha256;
  JARING_RETURN_IF_ERROR(file.Publish());
  // Last: without a manifest a file is no backup, however it came to lie there.
  JARING_RETURN_IF_ERROR(WriteManifest(manifest, target));
  return manifest;
}

Result<VerifyReport> RestoreBackup(const BackupParts& parts, const std::filesystem::path& backup) {
  JARING_ASSIGN_OR_RETURN(const BackupManifest manifest, ReadManifest(backup));
  return IsSqlite(parts) ? RestoreToFile(parts, backup, manifest)
                         : RestoreToServer(parts, backup, manifest);
}

Result<BackupManifest> CheckBackup(const std::filesystem::path& backup) {
  JARING_ASSIGN_OR_RETURN(BackupManifest manifest, ReadManifest(backup));
  JARING_ASSIGN_OR_RETURN(const FileSum sum, SumOfFile(backup));
  JARING_RETURN_IF_ERROR(CompareSums(sum, manifest));
  return manifest;
}

std::string BackupName(Instant now) {
  std::string name = "jaring-";
  for (const char c : now.ToString().substr(0, std::string_view("2026-11-21T14:15:00").size())) {
    if (c != '-' && c != ':') {
      name += c;
    }
  }
  return name + "Z.backup";
}

std::vector<std::filesystem::path> FindBackups(const std::filesystem::path& folder) {
  static const std::regex pattern(R"(jaring-\d{8}T\d{6}Z\.backup)");
  std::vector<std::filesystem::path> backups;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (std::regex_match(entry.path().filename().string(), pattern) &&
        std::filesystem::exists(ManifestPath(entry.path()), ignored)) {
      backups.push_back(entry.path());
    }
  }
  std::sort(backups.begin(), backups.end());
  return backups;
}

void RotateBackups(const std::filesystem::path& folder, std::size_t keep) {
  const auto backups = FindBackups(folder);
  std::error_code ignored;
  for (std::size_t i = 0; i + keep < backups.size(); ++i) {
    // The manifest first: half a removal leaves no backup that looks like one.
    std::filesystem::remove(ManifestPath(backups[i]), ignored);
    std::filesystem::remove(backups[i], ignored);
  }
  std::vector<std::filesystem::path> left_behind;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const pid_t maker = MakerOf(entry.path().filename().string());
    if (maker > 0 && kill(maker, 0) != 0 && errno == ESRCH) {
      left_behind.push_back(entry.path());
    }
  }
  for (const auto& path : left_behind) {
    std::filesystem::remove(path, ignored);
  }
}

}  // namespace jaring
