#include "channels/cli/key_command.h"
#include "claims/claim_notice_sql.h"
#include "claims/claims_sql.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "access/access_sealed.h"
#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/jobs/job_file.h"
#include "channels/text/json_writer.h"
#include "registry/key_rotation.h"
#include "registry/person_care_sql.h"
#include "registry/seal_sql.h"

namespace jaring {
namespace {

/// Between two transactions: SQLite has no queue, and who waits for the writer must find it free.
constexpr std::chrono::milliseconds kGiveWay{20};

/// A version as the key file and the database know it.
struct KeyLine {
  std::optional<VersionedKey> in_file;
  std::optional<SealKey> in_database;
  std::int64_t rows = 0;

  std::string added_on() const {
    return in_database ? in_database->added_at.JakartaDate().ToString() : in_file->added_on;
  }
};

using KeyLines = std::map<int, KeyLine>;

const char* StateOf(int version, int current, const KeyLine& line) {
  if (!line.in_database) {
    return line.in_file->state == KeyState::kLive && version > current ? "unused" : "not-used";
  }
  if (version == current) {
    return "current";
  }
  if (line.in_database->retired_at) {
    return "retired";
  }
  return line.in_database->emptied_at ? "emptied" : "resealing";
}

Result<KeyLines> ReadKeys(Tx& tx, const KeyRing& ring) {
  KeyLines lines;
  for (const VersionedKey& key : ring) {
    lines[key.version].in_file = key;
    lines[key.version].in_file->key.clear();
  }
  JARING_ASSIGN_OR_RETURN(const auto known, ListSealKeys(tx));
  for (const SealKey& key : known) {
    lines[key.version].in_database = key;
  }
  for (const SealedColumn& column : AllSealedColumns()) {
    JARING_ASSIGN_OR_RETURN(const auto rows_of, CountSealed(tx, column));
    for (const auto& [version, rows] : rows_of) {
      lines[version].rows += rows;
    }
  }
  return lines;
}

void PrintKeys(const CliContext& context, const KeyLines& lines, int current) {
  JsonWriter json;
  json.BeginList();
  if (!context.options().json) {
    fmt::print("{:<15}  {:<10}  {:<10}  {:>14}\n", "versi/version", "sejak/since", "state",
               "baris/rows");
  }
  for (const auto& [version, line] : lines) {
    const bool is_known = line.in_file || line.in_database;
    const std::string since = is_known ? line.added_on() : "-";
    const char* const state = is_known ? StateOf(version, current, line) : "unknown";
    json.BeginObject();
    json.Key("version").Integer(version);
    json.Key("added_on").Text(since);
    json.Key("state").Text(state);
    json.Key("in_file").Bool(line.in_file.has_value());
    json.Key("rows").Integer(line.rows);
    json.EndObject();
    if (!context.options().json) {
      fmt::print("{:<15}  {:<10}  {:<10}  {:>14}\n", version, since, state, line.rows);
    }
  }
  json.EndList();
  if (context.options().json) {
    fmt::print("{}\n", json.Take());
  }
}

/// Reseals everything with `version`, and tells how it went.
Result<Done> ResealAndTell(const CliContext& context, const OpenAgency& open, int version,
                           const KeyRotateRequest& request) {
  std::int64_t told = 0;
  const auto on_progress = [&](const ResealProgress& progress) {
    constexpr std::int64_t kTellEvery = 100'000;
    if (context.environment().stderr_is_terminal && progress.rows >= told + kTellEvery) {
      told = progress.rows;
      fmt::print(stderr, "{}: {} baris/rows\n", progress.place, progress.rows);
    }
    std::this_thread::sleep_for(kGiveWay);
  };
  JARING_ASSIGN_OR_RETURN(
      const std::int64_t rows,
      ResealAll(open.db(), open.agency().sealer, AllSealedColumns(), version, context.now(),
                on_progress, std::clamp<std::int64_t>(request.rows_at_once, 1, 100'000)));
  if (context.options().json) {
    JsonWriter json;
    json.BeginObject();
    json.Key("version").Integer(version);
    json.Key("rows").Integer(rows);
    json.EndObject();
    fmt::print("{}\n", json.Take());
  } else {
    fmt::print(
        "kunci versi {0} menyegel semuanya; {1} baris disegel ulang\n"
        "key version {0} seals everything; {1} rows resealed\n"
        "salin berkas kunci ini ke tempat cadangan kunci / copy this key file to where copies of "
        "it are kept: {2}\n",
        version, rows, context.key_file().string());
  }
  return Done{};
}

}  // namespace

std::vector<SealedColumn> AllSealedColumns() {
  std::vector<SealedColumn> columns;
  const auto add = [&](const auto& of_a_room) {
    columns.insert(columns.end(), of_a_room.begin(), of_a_room.end());
  };
  add(kRegistrySealedColumns);
  add(kAccessSealedColumns);
  add(kJobSealedColumns);
  add(kCorrectionSealedColumns);
  add(kClaimSealedColumns);
  add(kNoticeSealedColumns);
  return columns;
}

int KeyList(const CliContext& context) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const KeyRing ring, ReadKeyFile(context.key_file()));
    KeyLines lines;
    JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(lines, ReadKeys(tx, ring));
      return Done{};
    }));
    PrintKeys(context, lines, open.agency().sealer.version());
    return Done{};
  });
}

int KeyAdd(const CliContext& context) {
  const auto version = AddKey(context.key_file(), context.now().JakartaDate());
  if (!version) {
    return RefuseCommand(context, version.error());
  }
  fmt::print(
      "kunci versi {0} ada di {1}; salin berkas itu ke semua server, lalu jaring key rotate\n"
      "key version {0} is in {1}; copy that file to every server, then jaring key rotate\n",
      *version, context.key_file().string());
  return kExitFine;
}

int KeyRotate(const CliContext& context, const KeyRotateRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    int version = 0;
    const auto begun = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(
          version, BeginRotation(tx, open.agency().sealer, context.key_file(), context.now()));
      return NoteCommand(
          tx, context, open.agency(),
          {.action = "key:rotate", .subject = "key version " + std::to_string(version)});
    });
    if (!begun) {
      return begun.error();
    }
    return ResealAndTell(context, open, version, request);
  });
}

int KeyReseal(const CliContext& context, const KeyRotateRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    int version = 0;
    JARING_RETURN_IF_ERROR(open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(version, BeginResealing(tx, open.agency().sealer));
      return Done{};
    }));
    return ResealAndTell(context, open, version, request);
  });
}

int KeyRetire(const CliContext& context, int version) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    JARING_RETURN_IF_ERROR(open.db().Read([&](Tx& tx) -> Result<Done> {
      for (const SealedColumn& column : AllSealedColumns()) {
        JARING_ASSIGN_OR_RETURN(auto rows_of, CountSealed(tx, column));
        if (version != open.agency().sealer.version() && rows_of[version] > 0) {
          return Conflict("key.still_seals",
                          std::string(column.place) + ": " + std::to_string(rows_of[version]));
        }
      }
      return Done{};
    }));
    const auto retired = open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(RetireSealKey(tx, version, context.now()));
      return NoteCommand(
          tx, context, open.agency(),
          {.action = "key:retire", .subject = "key version " + std::to_string(version)});
    });
    if (!retired) {
      return retired.error();
    }
    JARING_RETURN_IF_ERROR(NoteKeyRetired(context.key_file(), version));
    fmt::print(
        "kunci versi {0} tidak menyegel apa pun lagi; tetap simpan di {1} selama ada cadangan "
        "basis data yang lebih lama\n"
        "key version {0} seals nothing any more; keep it in {1} as long as there are older copies "
        "of the database\n",
        version, context.key_file().string());
    return Done{};
  });
}

}  // namespace jaring
