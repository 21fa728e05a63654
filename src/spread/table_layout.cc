#include "spread/table_layout.h"

#include <toml++/toml.h>
#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace jaring {
namespace {

constexpr std::size_t kMostBytes = 1U << 20;

std::optional<TableKind> ParseKind(std::string_view word) {
  for (const TableKind kind : {TableKind::kDistributed, TableKind::kReference, TableKind::kLocal}) {
    if (word == WordOf(kind)) {
      return kind;
    }
  }
  return std::nullopt;
}

Result<TableLayout> ReadLayout(const toml::table& table) {
  TableLayout layout{.name = table["name"].value_or(std::string()),
                     .by = table["by"].value_or(std::string()),
                     .group = table["group"].value_or(std::string()),
                     .why = table["why"].value_or(std::string())};
  const auto kind = ParseKind(table["kind"].value_or(std::string()));
  const bool lies_by = kind == TableKind::kDistributed;
  if (layout.name.empty() || layout.why.empty() || !kind || lies_by == layout.by.empty() ||
      lies_by == layout.group.empty()) {
    return Invalid("spread.file_malformed", layout.name);
  }
  layout.kind = *kind;
  return layout;
}

}  // namespace

std::string_view WordOf(TableKind kind) {
  switch (kind) {
    case TableKind::kDistributed:
      return "distributed";
    case TableKind::kReference:
      return "reference";
    case TableKind::kLocal:
      break;
  }
  return "local";
}

Result<std::vector<TableLayout>> LoadTableLayouts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMostBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.empty() || text.size() > kMostBytes) {
    return NotFound("spread.file_unreadable", path);
  }
  return ParseTableLayouts(text);
}

Result<std::vector<TableLayout>> ParseTableLayouts(std::string_view toml_text) {
  toml::parse_result parsed;
  try {
    parsed = toml::parse(toml_text);
  } catch (const toml::parse_error& error) {
    return Invalid("spread.file_malformed", std::string(error.description()));
  }
  const toml::array* tables = parsed["table"].as_array();
  if (tables == nullptr) {
    return Invalid("spread.file_malformed", "table");
  }
  std::vector<TableLayout> layouts;
  for (const toml::node& node : *tables) {
    if (!node.is_table()) {
      return Invalid("spread.file_malformed", "table");
    }
    JARING_ASSIGN_OR_RETURN(TableLayout layout, ReadLayout(*node.as_table()));
    if (FindLayout(layouts, layout.name) != nullptr) {
      return Invalid("spread.file_malformed", layout.name);
    }
    layouts.push_back(std::move(layout));
  }
  return layouts;
}

const TableLayout* FindLayout(const std::vector<TableLayout>& layouts, std::string_view table) {
  const auto found = std::find_if(layouts.begin(), layouts.end(),
                                  [&](const TableLayout& layout) { return layout.name == table; });
  return found == layouts.end() ? nullptr : &*found;
}

}  // namespace jaring
