#pragma once

// A TOML file as a small tree with line numbers. Keeps the heavy TOML header in one .cc.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scheme/scheme_problem.h"

namespace jaring {

enum class TomlKind : std::uint8_t { kTable, kArray, kText, kNumber, kFlag, kDate, kOther };

struct TomlNode {
  TomlKind kind = TomlKind::kOther;
  SchemePlace place;
  std::string key;               // Of a field of a table.
  std::string text;              // Of a text; of a date, as YYYY-MM-DD.
  std::int64_t number = 0;       // Of a number; 0 or 1 of a flag.
  std::vector<TomlNode> items;   // Of an array.
  std::vector<TomlNode> fields;  // Of a table, each with its key.

  /// The field of a table, or nullptr.
  const TomlNode* Find(std::string_view name) const;
};

/// Reads one file; on failure adds a problem and returns nothing.
///
/// Limit: 1 MiB.
std::optional<TomlNode> ReadTomlFile(const std::filesystem::path& path, SchemeProblems& problems);

}  // namespace jaring
