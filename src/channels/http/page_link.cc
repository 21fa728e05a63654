#include "channels/http/page_link.h"

namespace jaring {

void AddNextLink(HttpResponse& response, const PageQuery& page, std::int64_t next) {
  if (next == 0) {
    return;
  }
  std::string query = "?cursor=" + std::to_string(next);
  for (const FormField& field : page.fields) {
    if (field.name != "cursor") {
      query += "&" + EncodeForm(field.name) + "=" + EncodeForm(field.value);
    }
  }
  response.AddHeader("Link", "<" + query + ">; rel=\"next\"");
}

}  // namespace jaring
