#pragma once

// Fields that several bodies have, and pages of lists.

#include <optional>
#include <vector>

#include "channels/http/json_body.h"

namespace jaring {

/// Hands `parsed` on, or notes which field it came from.
template <typename T>
std::optional<T> Checked(FieldReader& reader, std::string_view field, Result<T> parsed) {
  if (!parsed) {
    reader.Refuse(field, parsed.error().rule);
    return std::nullopt;
  }
  return std::move(parsed).value();
}

/// "village_code": ten digits.
std::optional<std::int64_t> ReadVillageCode(FieldReader& reader, Need need);

/// Of a list read one longer than the page: cuts it, and gives the key of its last item when there
/// is more; else 0.
template <typename T, typename Key>
std::int64_t NextCursor(std::vector<T>& items, std::int64_t limit, const Key& key) {
  if (static_cast<std::int64_t>(items.size()) <= limit) {
    return 0;
  }
  items.resize(static_cast<std::size_t>(limit));
  return key(items.back());
}

}  // namespace jaring
