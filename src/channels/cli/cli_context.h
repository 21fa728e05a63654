#pragma once

// What every command starts from: where things are, what day it is, and the open agency.

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "channels/cli/settings.h"
#include "channels/text/messages.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

/// Exit codes of every command.
enum ExitCode : int {
  kExitFine = 0,
  kExitSomeRefused = 1,
  kExitUsage = 2,
  kExitNothingDone = 3,
};

/// What the outside gives the program; app/ reads it, nobody else.
struct Environment {
  std::function<Instant()> clock;
  std::filesystem::path executable;
  std::filesystem::path config_home;    // For key files of databases on a server.
  std::filesystem::path system_config;  // Read when it is there and nothing else is said.
  bool stderr_is_terminal = false;
  std::int64_t os_user = 0;  // uid: who is at the command line.
};

/// Options every command has. The first four come from the settings.
struct CommonOptions {
  std::string db;
  std::string key_file;   // Empty: beside the SQLite file, or in config_home.
  std::string data_root;  // Empty: found from the executable.
  std::string scheme;     // Folder; empty: schemes/id-bpu of the data root.
  std::string today;      // Empty: the clock's day.
  bool json = false;
};

/// Common options, read and checked, with the sentences.
class CliContext {
 public:
  /// Errors: data_root.missing, messages.*: there are no sentences to tell them with.
  static Result<CliContext> Make(const Environment& environment, CommonOptions options,
                                 SettingsBook settings);

  /// Reads --today.
  ///
  /// Errors: date.*.
  Result<Done> ReadToday();

  const CommonOptions& options() const { return options_; }
  const Settings& settings() const { return settings_.values(); }
  const SettingsBook& settings_book() const { return settings_; }
  const Environment& environment() const { return environment_; }
  const Messages& messages() const { return messages_; }
  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path scheme_folder() const;
  std::filesystem::path key_file() const;
  /// The SQLite file; empty when the data is on a server.
  std::filesystem::path database_file() const;
  /// The folder it is in; empty when the data is on a server.
  std::filesystem::path data_folder() const;
  /// Where the papers of claims lie; empty: nowhere, they are not taken.
  std::filesystem::path papers_folder() const;

  /// The moment it is: the clock, or noon in Jakarta of --today.
  Instant now() const;

  /// Tells a person what went wrong, in Indonesian and English, on stderr.
  void PrintError(const Error& error) const;

 private:
  CliContext(Environment environment, CommonOptions options, SettingsBook settings,
             Messages messages)
      : environment_(std::move(environment)),
        options_(std::move(options)),
        settings_(std::move(settings)),
        messages_(std::move(messages)) {}

  Environment environment_;
  CommonOptions options_;
  SettingsBook settings_;
  Messages messages_;
  std::filesystem::path root_;
  std::optional<Date> today_;
};

/// The folder with schemes/, data/ and migrations/: beside the build, or installed.
///
/// Errors: data_root.missing.
Result<std::filesystem::path> FindDataRoot(const std::filesystem::path& executable);

/// Problems of the scheme folder are printed; then scheme.has_problems.
Result<Scheme> OpenScheme(const CliContext& context);

/// A database with its agency, opened.
class OpenAgency {
 public:
  /// Errors: db.missing, agency.*, key_file.*, scheme.has_problems, and those of Connect.
  static Result<std::unique_ptr<OpenAgency>> Open(const CliContext& context);

  /// Makes or brings up to date the agency at the address first.
  static Result<std::unique_ptr<OpenAgency>> Create(const CliContext& context, bool is_demo);

  Database& db() const { return *db_; }
  const Agency& agency() const { return agency_; }

 private:
  OpenAgency(std::unique_ptr<Database> db, Scheme scheme, const KeyRing& keys,
             const std::filesystem::path& key_file, bool is_demo)
      : db_(std::move(db)),
        scheme_(std::move(scheme)),
        sealer_(keys, key_file),
        agency_{scheme_, sealer_, is_demo} {}

  std::unique_ptr<Database> db_;
  Scheme scheme_;
  Sealer sealer_;
  Agency agency_;
};

}  // namespace jaring
