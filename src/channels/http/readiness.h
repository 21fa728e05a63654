#pragma once

// May requests come here? /healthz says that the program lives; /readyz that it can do its work.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "channels/http/http_types.h"
#include "db/database.h"
#include "registry/agency.h"

namespace jaring {

/// What readiness looks at; everything must outlive it.
struct ReadinessParts {
  Database& database;
  const Agency& agency;
  std::filesystem::path migrations;  // Empty: the schema is not looked at.
  /// Where the database file is; empty when it is on a server, whose disk we do not see.
  std::filesystem::path data_folder;
  std::function<bool()> is_stopping;  // Empty: never.
};

/// Words for each thing that is not ready; empty when requests may come.
///
/// Thread: any; reads the database.
std::vector<std::string> FindUnready(const ReadinessParts& parts);

/// 200 "ready", or 503 with a line for each thing that is not.
HttpResponse ReadinessAnswer(const ReadinessParts& parts);

/// Room below which nothing new should be begun.
/// Units: bytes.
inline constexpr std::uintmax_t kLeastRoom = std::uintmax_t{200} * 1'024 * 1'024;

}  // namespace jaring
