#include "channels/http/body_fields.h"

#include "base/text.h"

namespace jaring {

std::optional<std::int64_t> ReadVillageCode(FieldReader& reader, Need need) {
  const auto code = reader.Text("village_code", need);
  if (code && (code->size() != 10 || !IsAllDigits(*code))) {
    reader.Refuse("village_code", "village_code.malformed");
    return std::nullopt;
  }
  return code ? ParseInteger(*code) : std::nullopt;
}

}  // namespace jaring
