#pragma once

// Lists that come in pages: ?cursor= where the page before ended, ?limit= how many.

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "channels/http/form.h"
#include "channels/http/http_types.h"
#include "channels/text/json_writer.h"

namespace jaring {

struct PageQuery {
  std::int64_t cursor = 0;  // 0: from the beginning.
  std::int64_t limit = 50;
  std::vector<FormField> fields;
};

/// Limit:  1 to 200 for a page.
/// Errors: request.query_malformed, request.field_unknown (of names not in `others`),
/// page.cursor_malformed, page.limit_malformed.
Result<PageQuery> ReadPageQuery(const HttpRequest& request,
                                std::initializer_list<std::string_view> others = {});

/// "next_cursor": where the next page begins, or null after the last.
void AddNextCursor(JsonWriter& json, std::int64_t next);

}  // namespace jaring
