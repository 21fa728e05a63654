#pragma once

// What we ask of other servers: the agency's own login, the SMS gateway.

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace jaring {

/// A form makes it a POST.
struct FetchRequest {
  std::string url;
  std::string form;
  std::string user;  // For HTTP Basic.
  std::string password;
};

/// Gives the body of a 2xx.
///
/// Errors: fetch.unavailable (no answer, or a 5xx), fetch.refused (another status).
using Fetch = std::function<Result<std::string>(const FetchRequest& request)>;

/// libcurl: ten seconds, 256 KiB, no redirects, certificates checked, no proxy; only what IsSafeUrl
/// takes.
Fetch CurlFetch();

/// https, or http to 127.0.0.1, [::1] or localhost.
bool IsSafeUrl(std::string_view url);

}  // namespace jaring
