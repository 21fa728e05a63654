// What the doctor sees of files, disks, the clock and backups.

#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "backup/backup.h"
#include "channels/cli/doctor_command.h"

namespace jaring {
namespace {

constexpr unsigned kOthers = 0007;
constexpr unsigned kGroupAndOthers = 0077;
constexpr unsigned kGroupWrite = 0020;

std::optional<struct stat> Look(const std::filesystem::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? std::optional(status) : std::nullopt;
}

std::string ModeText(const std::filesystem::path& path, const struct stat& status) {
  return fmt::format("{}: mode {:04o}, owner {}", path.string(), status.st_mode & 07777U,
                     status.st_uid);
}

/// A file nobody else may read. `forbidden`: bits of the mode that must not be set.
void LookAtSecret(std::string name, const std::filesystem::path& path, unsigned forbidden,
                  Findings& findings) {
  const auto status = Look(path);
  if (!status) {
    findings.push_back(
        {std::move(name), FindingState::kWrong, path.string(), "doctor.file_missing"});
  } else if ((status->st_mode & forbidden) != 0) {
    findings.push_back(
        {std::move(name), FindingState::kWrong, ModeText(path, *status), "doctor.file_open"});
  } else {
    findings.push_back({std::move(name), FindingState::kOk, ModeText(path, *status), ""});
  }
}

void LookAtOwners(const CliContext& context, Findings& findings) {
  const auto database = Look(context.database_file());
  const auto key = Look(context.key_file());
  if (database && key && database->st_uid != key->st_uid) {
    findings.push_back({"owner", FindingState::kWrong,
                        fmt::format("key {}, database {}", key->st_uid, database->st_uid),
                        "doctor.owners_differ"});
  } else if (database && geteuid() != 0 && database->st_uid != geteuid()) {
    findings.push_back({"owner", FindingState::kWarning,
                        fmt::format("database {}, you {}", database->st_uid, geteuid()),
                        "doctor.not_the_owner"});
  } else {
    findings.push_back({"owner", FindingState::kOk, "one owner for key and database", ""});
  }
}

void LookAtRoom(const std::string& name, const std::filesystem::path& folder, Findings& findings) {
  constexpr std::uint64_t kLeast = 200ULL << 20U;
  constexpr std::uint64_t kLittle = 2ULL << 30U;
  constexpr std::uint64_t kPercent = 100;
  constexpr std::uint64_t kLittlePercent = 5;
  struct statvfs room {};
  if (statvfs(folder.c_str(), &room) != 0) {
    findings.push_back({name, FindingState::kWrong, folder.string(), "doctor.file_missing"});
    return;
  }
  const std::uint64_t free = room.f_bavail * room.f_frsize;
  // Some file systems have no fixed number of inodes and say 0.
  const bool few_inodes =
      room.f_files > 0 && room.f_favail * kPercent < room.f_files * kLittlePercent;
  const bool little = free < kLittle || room.f_bavail * kPercent < room.f_blocks * kLittlePercent;
  const std::string fact =
      fmt::format("{}: {} MiB free, {} inodes free", folder.string(), free >> 20U, room.f_favail);
  if (free < kLeast || (room.f_files > 0 && room.f_favail == 0)) {
    findings.push_back({name, FindingState::kWrong, fact, "doctor.disk_full"});
  } else if (little || few_inodes) {
    findings.push_back({name, FindingState::kWarning, fact, "doctor.disk_little_room"});
  } else {
    findings.push_back({name, FindingState::kOk, fact, ""});
  }
}

/// Removes the file it names.
struct Remover {
  std::filesystem::path path;
  ~Remover() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

}  // namespace

void LookAtFiles(const CliContext& context, Findings& findings) {
  const Settings& settings = context.settings();
  LookAtSecret("key-file", context.key_file(), kGroupAndOthers, findings);
  if (!context.database_file().empty()) {
    LookAtSecret("database-file", context.database_file(), kOthers | kGroupWrite, findings);
    LookAtOwners(context, findings);
  }
  const std::filesystem::path& config = context.settings_book().file();
  const bool has_password =
      SettingText(settings, SettingKeys().front()).find("***") != std::string::npos;
  if (!config.empty()) {
    LookAtSecret("config-file", config, has_password ? kOthers | kGroupWrite : 0022U, findings);
  }
  for (const auto& [name, path] : {std::pair{"oidc-secret", settings.oidc_client_secret_file},
                                   {"tls-key", settings.tls_key},
                                   {"papers-secret", settings.papers_s3_secret_file},
                                   {"transfer-key", settings.transfer_key_file},
                                   {"transfer-secret", settings.transfer_secret_file}}) {
    if (!path.empty()) {
      LookAtSecret(name, path, kOthers | kGroupWrite, findings);
    }
  }
}

void LookAtDisk(const CliContext& context, Findings& findings) {
  if (!context.data_folder().empty()) {
    LookAtRoom("disk", context.data_folder(), findings);
  }
  if (!context.settings().backup_folder.empty()) {
    LookAtRoom("backup-disk", context.settings().backup_folder, findings);
  }
}

void LookAtClock(const CliContext& context, Findings& findings) {
  constexpr std::int64_t kMinute = 60;
  std::error_code failed;
  const std::filesystem::path folder = context.data_folder().empty()
                                           ? std::filesystem::temp_directory_path(failed)
                                           : context.data_folder();
  const Remover probe{folder / fmt::format(".jaring-clock-{}", getpid())};
  std::ofstream(probe.path) << "x";
  const auto status = Look(probe.path);
  const std::int64_t ours = context.environment().clock().micros() / 1'000'000;
  if (!status) {
    findings.push_back(
        {"clock", FindingState::kWarning, folder.string(), "doctor.folder_not_writable"});
    return;
  }
  const std::int64_t apart = std::abs(ours - status->st_mtim.tv_sec);
  const std::string fact = fmt::format("{}, {} s from the file system's",
                                       context.environment().clock().ToString(), apart);
  findings.push_back(apart <= kMinute
                         ? Finding{"clock", FindingState::kOk, fact, ""}
                         : Finding{"clock", FindingState::kWarning, fact, "doctor.clock_apart"});
}

void LookAtBackups(const CliContext& context, Findings& findings) {
  constexpr std::int64_t kHour = 3'600LL * 1'000'000;
  const std::filesystem::path folder = context.settings().backup_folder;
  if (folder.empty()) {
    findings.push_back({"backup", FindingState::kWarning, "no folder set", "doctor.no_backup"});
    return;
  }
  std::error_code ignored;
  if (std::filesystem::equivalent(context.key_file().parent_path(), folder, ignored)) {
    findings.push_back(
        {"backup-key", FindingState::kWrong, context.key_file().string(), "doctor.key_in_backups"});
  }
  const auto backups = FindBackups(folder);
  const auto newest = backups.empty() ? Result<BackupManifest>(NotFound("backup.manifest_missing"))
                                      : ReadManifest(backups.back());
  if (!newest) {
    findings.push_back({"backup", FindingState::kWarning, folder.string(), "doctor.no_backup"});
    return;
  }
  const std::int64_t hours = (context.environment().clock().micros() - newest->made_at) / kHour;
  const std::string fact = fmt::format("{}: {} h old", backups.back().string(), hours);
  if (newest->violations > 0) {
    findings.push_back({"backup", FindingState::kWrong, fact, "backup.books_do_not_balance"});
  } else if (hours >= context.settings().backup_max_age_hours) {
    findings.push_back({"backup", FindingState::kWarning, fact, "doctor.backup_old"});
  } else {
    findings.push_back({"backup", FindingState::kOk, fact, ""});
  }
}

}  // namespace jaring
