#include "channels/http/page_query.h"

#include <algorithm>

#include "base/text.h"

namespace jaring {

Result<PageQuery> ReadPageQuery(const HttpRequest& request,
                                std::initializer_list<std::string_view> others) {
  constexpr std::int64_t kMaxLimit = 200;
  PageQuery page;
  JARING_ASSIGN_OR_RETURN(page.fields, ParseForm(request.query));
  for (const FormField& field : page.fields) {
    const std::int64_t number =
        IsAllDigits(field.value) ? ParseInteger(field.value).value_or(0) : 0;
    if (field.name == "cursor") {
      if (number < 1) {
        return Invalid("page.cursor_malformed");
      }
      page.cursor = number;
    } else if (field.name == "limit") {
      if (number < 1 || number > kMaxLimit) {
        return Invalid("page.limit_malformed");
      }
      page.limit = number;
    } else if (field.name != "lang" &&
               std::find(others.begin(), others.end(), field.name) == others.end()) {
      return Invalid("request.field_unknown");
    }
  }
  return page;
}

void AddNextCursor(JsonWriter& json, std::int64_t next) {
  json.Key("next_cursor");
  next == 0 ? json.Null() : json.Text(std::to_string(next));
}

}  // namespace jaring
