// What the doctor sees of the database.

#include <fmt/core.h>

#include "channels/cli/doctor_command.h"
#include "channels/cli/doctor_sql.h"

namespace jaring {
namespace {

Finding FindingOf(std::string name, const Error& error) {
  return {std::move(name), FindingState::kWrong, fmt::format("{} {}", error.rule, error.detail),
          error.rule};
}

void LookAtPages(Tx& tx, Findings& findings) {
  std::string found;
  const auto read =
      tx.Query(sql::kSqliteQuickCheck, {}, [&](const Row& row) { found = row.Text(0); });
  if (!read) {
    findings.push_back(FindingOf("integrity", read.error()));
  } else if (found != "ok") {
    findings.push_back({"integrity", FindingState::kWrong, found, "db.corrupt"});
  } else {
    findings.push_back({"integrity", FindingState::kOk, "every page is sound", ""});
  }
}

void LookAtServerClock(const CliContext& context, Tx& tx, Findings& findings) {
  constexpr std::int64_t kSecond = 1'000'000;
  constexpr std::int64_t kFarSeconds = 5;
  std::int64_t theirs = 0;
  const auto read = tx.Query(sql::kPostgresClock, {}, [&](const Row& row) { theirs = row.Int(0); });
  if (!read) {
    findings.push_back(FindingOf("server-clock", read.error()));
    return;
  }
  const std::int64_t apart = std::abs(context.environment().clock().micros() - theirs) / kSecond;
  const std::string fact = fmt::format("{} s from the database server's", apart);
  findings.push_back(apart <= kFarSeconds ? Finding{"server-clock", FindingState::kOk, fact, ""}
                                          : Finding{"server-clock", FindingState::kWarning, fact,
                                                    "doctor.clock_apart"});
}

/// Schema and key; without the right schema the key is not asked for.
void LookAtAgency(const CliContext& context, Tx& tx, Findings& findings) {
  const auto schema = CheckAgencySchema(tx, context.root() / "migrations");
  findings.push_back(schema ? Finding{"schema", FindingState::kOk, "no pending migrations", ""}
                            : FindingOf("schema", schema.error()));
  if (!schema) {
    return;
  }
  const auto is_open = CheckOpenForWriting(tx);
  findings.push_back(is_open ? Finding{"writing", FindingState::kOk, "open", ""}
                             : FindingOf("writing", is_open.error()));
  const auto scheme = OpenScheme(context);
  const auto keys = ReadKeyFile(context.key_file());
  if (!scheme || !keys) {
    findings.push_back(FindingOf("key", scheme ? keys.error() : scheme.error()));
    return;
  }
  const auto fits = CheckAgency(tx, *scheme, Sealer(*keys, context.key_file()));
  findings.push_back(fits ? Finding{"key", FindingState::kOk, "belongs to this database", ""}
                          : FindingOf("key", fits.error()));
}

void LookAtLog(const CliContext& context, Findings& findings) {
  constexpr std::uintmax_t kLong = std::uintmax_t{1} << 30U;
  std::error_code none;
  const std::uintmax_t bytes =
      std::filesystem::file_size(context.database_file().string() + "-wal", none);
  const std::string fact = fmt::format("{} MiB", none ? 0 : bytes >> 20U);
  findings.push_back(none || bytes < kLong
                         ? Finding{"wal", FindingState::kOk, fact, ""}
                         : Finding{"wal", FindingState::kWarning, fact, "doctor.wal_long"});
}

}  // namespace

void LookAtDatabase(const CliContext& context, Findings& findings) {
  const auto db = Database::Connect(context.options().db, Database::Open::kMustExist);
  if (!db) {
    findings.push_back(FindingOf("database", db.error()));
    return;
  }
  const bool is_sqlite = (*db)->engine() == Database::Engine::kSqlite;
  findings.push_back(
      {"database", FindingState::kOk, SettingText(context.settings(), SettingKeys().front()), ""});
  const auto look = [&](Tx& tx) -> Result<Done> {
    if (is_sqlite) {
      LookAtPages(tx, findings);
    } else {
      LookAtServerClock(context, tx, findings);
    }
    LookAtAgency(context, tx, findings);
    return Done{};
  };
  if (const auto read = (*db)->Read(look); !read && read.error().rule != "db.failed") {
    findings.push_back(FindingOf("database", read.error()));
  }
  if (is_sqlite) {
    LookAtLog(context, findings);
  }
}

}  // namespace jaring
