#pragma once

// `jaring doctor`: looks at everything an operator may have got wrong, and says what to do.

#include <cstdint>
#include <string>
#include <vector>

#include "channels/cli/cli_context.h"

namespace jaring {

enum class FindingState : std::uint8_t { kOk, kWarning, kWrong };

struct Finding {
  std::string name;  // "key-file".
  FindingState state = FindingState::kOk;
  std::string fact;  // English: names, figures; never personal data.
  std::string rule;  // Sentences that say what to do; empty when all is well.
};

using Findings = std::vector<Finding>;

/// Exit 0 when all is well, 1 with warnings, 3 when something is wrong.
int Doctor(const CliContext& context);

// The parts of it; each adds what it finds.

/// Modes and owners of the key, the database and files with secrets.
void LookAtFiles(const CliContext& context, Findings& findings);
/// Room and inodes where data and backups are.
void LookAtDisk(const CliContext& context, Findings& findings);
/// Schema, key, soundness, write-ahead log, and the server's clock against ours.
void LookAtDatabase(const CliContext& context, Findings& findings);
/// Our clock against that of the file system.
void LookAtClock(const CliContext& context, Findings& findings);
/// The port, the certificate, the limit of open files.
void LookAtServer(const CliContext& context, Findings& findings);
/// The age of the newest backup, and whether the key lies with it.
void LookAtBackups(const CliContext& context, Findings& findings);

}  // namespace jaring
