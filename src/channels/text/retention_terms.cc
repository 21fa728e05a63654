#include "channels/text/retention_terms.h"

#include <toml++/toml.h>
#include <fstream>
#include <sstream>

namespace jaring {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kMostHours = 24LL * 366 * 200;

Result<RetentionTerm> ReadTerm(const toml::table& table) {
  const auto what = table["what"].value<std::string>();
  const auto hours = table["hours"].value<std::int64_t>();
  const auto may_delete = table["delete"].value<bool>();
  const auto from = table["from"].value<std::string>();
  const auto source = table["source"].value<std::string>();
  const auto confidence = table["confidence"].value<std::string>();
  if (!what || !hours || !may_delete || !from || !source || !confidence || *hours < 0 ||
      *hours > kMostHours || (*may_delete && *hours == 0)) {
    return Invalid("retention.malformed", what.value_or(""));
  }
  return RetentionTerm{*what, *hours * kHour, *may_delete, *source, *confidence};
}

}  // namespace

Result<std::vector<RetentionTerm>> LoadRetentionTerms(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    return NotFound("retention.unreadable", path);
  }
  return ParseRetentionTerms(text.str());
}

Result<std::vector<RetentionTerm>> ParseRetentionTerms(std::string_view toml_text) {
  toml::parse_result parsed;
  try {
    parsed = toml::parse(toml_text);
  } catch (const toml::parse_error& error) {
    return Invalid("retention.malformed", std::string(error.description()));
  }
  const toml::array* kept = parsed["kept"].as_array();
  if (kept == nullptr) {
    return Invalid("retention.malformed", "kept");
  }
  std::vector<RetentionTerm> terms;
  for (const toml::node& node : *kept) {
    if (!node.is_table()) {
      return Invalid("retention.malformed", "kept");
    }
    JARING_ASSIGN_OR_RETURN(RetentionTerm term, ReadTerm(*node.as_table()));
    terms.push_back(std::move(term));
  }
  return terms;
}

}  // namespace jaring
