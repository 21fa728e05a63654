#pragma once

// What we ask of other servers: the agency's own login, the SMS gateway, the bank, the store of
// papers.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace jaring {

/// A form or a body makes it a POST; the Content-Type of a body stands among the headers.
struct FetchRequest {
  std::string url;
  std::string form;
  std::string user;  // For HTTP Basic, or what signs.
  std::string password;
  std::vector<std::string> headers = {};  // "Name: value", of printable ASCII.
  std::string body = {};
  std::string method = {};    // Another than GET and POST.
  std::string sign_for = {};  // "aws:amz:REGION:s3": AWS Signature Version 4 instead of Basic.
  std::size_t most_bytes = 256U << 10U;  // Of the answer.
  int seconds = 10;
};

struct FetchAnswer {
  int status = 0;
  std::string body;
};

/// Gives whatever was answered.
///
/// Errors: fetch.unavailable (no answer).
using FetchWhole = std::function<Result<FetchAnswer>(const FetchRequest& request)>;

/// Gives the body of a 2xx.
///
/// Errors: fetch.unavailable (no answer, or a 5xx), fetch.refused (another status).
using Fetch = std::function<Result<std::string>(const FetchRequest& request)>;

/// libcurl: no redirects, certificates checked, no proxy; only what IsSafeUrl takes.
/// Thread: any.
Fetch CurlFetch();
FetchWhole CurlFetchWhole();

/// https, or http to 127.0.0.1, [::1] or localhost.
bool IsSafeUrl(std::string_view url);

}  // namespace jaring
