#include "backup/backup_manifest.h"

#include <fstream>
#include <sstream>

#include "backup/backup_file.h"
#include "base/text.h"

namespace jaring {
namespace {

constexpr std::string_view kFirstLine = "jaring-backup 1\n";
constexpr std::string_view kEnd = "end ";
constexpr std::size_t kMaxBytes = 1'048'576;
constexpr std::size_t kMaxLines = 10'000;

Error Damaged(std::string_view what) {
  return Internal("backup.manifest_damaged", std::string(what));
}

bool IsSum(std::string_view text) {
  constexpr std::size_t kDigits = 64;
  return text.size() == kDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// One line; false when it makes no sense.
bool TakeLine(std::string_view word, std::string_view value, BackupManifest& manifest) {
  const auto number = ParseInteger(value);
  const auto take = [&number](std::int64_t& field) {
    field = number.value_or(0);
    return number.has_value();
  };
  if (word == "program") {
    manifest.program = value;
    return true;
  }
  if (word == "engine") {
    manifest.engine = value;
    return true;
  }
  if (word == "sha256") {
    manifest.sha256 = value;
    return IsSum(value);
  }
  if (word == "rows") {
    const std::size_t space = value.find(' ');
    const auto rows = ParseInteger(space == std::string_view::npos ? "" : value.substr(space + 1));
    manifest.tables.push_back({std::string(value.substr(0, space)), rows.value_or(0)});
    return rows.has_value();
  }
  return (word == "schema" && take(manifest.schema)) ||
         (word == "made-at" && take(manifest.made_at)) ||
         (word == "bytes" && take(manifest.bytes)) ||
         (word == "violations" && take(manifest.violations));
}

}  // namespace

std::string ManifestText(const BackupManifest& manifest) {
  std::string text(kFirstLine);
  const auto add = [&text](std::string_view word, std::string_view value) {
    text.append(word).append(" ").append(value).append("\n");
  };
  add("program", manifest.program);
  add("engine", manifest.engine);
  add("schema", std::to_string(manifest.schema));
  add("made-at", std::to_string(manifest.made_at));
  add("bytes", std::to_string(manifest.bytes));
  add("sha256", manifest.sha256);
  add("violations", std::to_string(manifest.violations));
  for (const TableRows& table : manifest.tables) {
    add("rows", table.table + " " + std::to_string(table.rows));
  }
  return text + std::string(kEnd) + SumOfText(text) + "\n";
}

Result<BackupManifest> ParseManifest(std::string_view text) {
  const std::size_t end = text.rfind(kEnd);
  if (text.size() > kMaxBytes || !text.starts_with(kFirstLine) || end == std::string_view::npos ||
      text.substr(end) != std::string(kEnd) + SumOfText(text.substr(0, end)) + "\n") {
    return Damaged("its sum");
  }
  BackupManifest manifest;
  const auto lines = Split(text.substr(kFirstLine.size(), end - kFirstLine.size()), '\n');
  if (lines.size() > kMaxLines) {
    return Damaged("too long");
  }
  for (const std::string_view line : lines) {
    const std::size_t space = line.find(' ');
    if (!line.empty() && (space == std::string_view::npos ||
                          !TakeLine(line.substr(0, space), line.substr(space + 1), manifest))) {
      return Damaged("a line");
    }
  }
  if (manifest.sha256.empty() || manifest.tables.empty() || manifest.schema < 1) {
    return Damaged("incomplete");
  }
  return manifest;
}

std::filesystem::path ManifestPath(const std::filesystem::path& backup) {
  return backup.string() + ".manifest";
}

Result<BackupManifest> ReadManifest(const std::filesystem::path& backup) {
  std::ifstream file(ManifestPath(backup), std::ios::binary);
  std::string text(kMaxBytes + 1, '\0');
  if (!file) {
    return NotFound("backup.manifest_missing", ManifestPath(backup).string());
  }
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return ParseManifest(text);
}

}  // namespace jaring
