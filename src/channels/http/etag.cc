#include "channels/http/etag.h"

#include "base/text.h"

namespace jaring {
namespace {

/// True when a list such as `"a", W/"b"` names the tag, or says '*'.
bool Names(std::string_view list, std::string_view etag) {
  for (std::string_view item : Split(list, ',')) {
    item = Trim(item);
    if (item.starts_with("W/")) {
      item.remove_prefix(2);
    }
    if (item == etag || item == "*") {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string EtagOf(const Agency& agency, std::string_view body) {
  constexpr std::size_t kTagBytes = 12;
  const std::string digest =
      Sha256(agency.sealer.DeriveKey("http/etag").append(body)).substr(0, kTagBytes);
  return "\"" + ToHex(digest) + "\"";
}

bool HasVersion(const HttpRequest& request, std::string_view etag) {
  return Names(request.Header("If-None-Match"), etag);
}

HttpResponse Versioned(const HttpRequest& request, const Agency& agency, std::string body) {
  const std::string etag = EtagOf(agency, body);
  const bool known = HasVersion(request, etag);
  HttpResponse response{known ? 304 : 200, kJsonType, known ? "" : std::move(body), ""};
  response.AddHeader("ETag", etag);
  return response;
}

Result<Done> CheckIfMatch(const HttpRequest& request, std::string_view etag) {
  const std::string_view wanted = request.Header("If-Match");
  if (wanted.empty()) {
    return Invalid("request.if_match_missing");
  }
  return Names(wanted, etag) ? Result<Done>(Done{}) : Conflict("request.changed_since");
}

}  // namespace jaring
