#pragma once

// Reads a scheme folder (schemes/<code>/*.toml) into the Scheme that the rules compute with.

#include <filesystem>
#include <optional>
#include <vector>

#include "rules/scheme.h"
#include "scheme/scheme_problem.h"

namespace jaring {

/// A scheme without problems, or problems without a scheme.
struct LoadedScheme {
  std::optional<Scheme> scheme;
  std::vector<SchemeProblem> problems;  // Ordered by file and line.

  explicit operator bool() const { return scheme.has_value(); }
};

/// Reads and checks the whole folder and reports every problem found. How entries are spread over
/// the files is free; each kind of entry may stand in any of them.
///
/// Limit: 64 files of 1 MiB; 100 problems.
LoadedScheme LoadScheme(const std::filesystem::path& folder);

/// "brackets.toml:12: …", one line a problem.
std::string ProblemText(const SchemeProblem& problem);

}  // namespace jaring
