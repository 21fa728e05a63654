#pragma once

#include <cstdint>

#include "channels/http/page_query.h"

namespace jaring {

/// `Link: <?cursor=…>; rel="next"` when there is a next page; the other fields stay as asked.
void AddNextLink(HttpResponse& response, const PageQuery& page, std::int64_t next);

}  // namespace jaring
