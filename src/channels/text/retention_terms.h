#pragma once

// How long things are kept, as data/retention.toml says.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jaring {

struct RetentionTerm {
  std::string what;         // "answers", "sessions", "messages", "nonces", "audit", "people".
  std::int64_t micros = 0;  // 0: no end.
  bool may_delete = false;
  std::string source;
  std::string confidence;
};

/// In the order of the file.
///
/// Errors: retention.unreadable, retention.malformed (every field is needed; what may be deleted
/// has an end).
Result<std::vector<RetentionTerm>> LoadRetentionTerms(const std::string& path);
Result<std::vector<RetentionTerm>> ParseRetentionTerms(std::string_view toml);

}  // namespace jaring
