#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "channels/http/http_fetch.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxAnswer = 256U << 10U;
constexpr long kSeconds = 10;
constexpr std::size_t kMaxUrl = 4'000;

struct Handle {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

/// A shorter count than `size * count` makes libcurl give up.
std::size_t TakeBytes(char* data, std::size_t size, std::size_t count, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + size * count > kMaxAnswer) {
    return 0;
  }
  body.append(data, size * count);
  return size * count;
}

Result<std::string> FetchOne(const FetchRequest& request) {
  const Error unavailable{ErrorCode::kUnavailable, "fetch.unavailable", ""};
  const std::unique_ptr<CURL, Handle> curl(curl_easy_init());
  if (!curl || !IsSafeUrl(request.url)) {
    return unavailable;
  }
  std::string body;
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");  // IsSafeUrl has looked at which.
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_TIMEOUT, kSeconds);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, kSeconds / 2);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_PROXY, "");  // A password goes this way: no detours.
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, TakeBytes);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &body);
  if (!request.form.empty()) {
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, request.form.c_str());
  }
  if (!request.user.empty()) {
    curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(c, CURLOPT_USERNAME, request.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, request.password.c_str());
  }
  if (curl_easy_perform(c) != CURLE_OK) {
    return unavailable;
  }
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 500) {
    return unavailable;
  }
  return status / 100 == 2 ? Result<std::string>(std::move(body)) : Invalid("fetch.refused");
}

}  // namespace

bool IsSafeUrl(std::string_view url) {
  const bool plain =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (!plain || url.size() > kMaxUrl ||
      url.find_first_of("\"<>\\^`{|}#@") != std::string_view::npos) {
    return false;
  }
  if (url.starts_with("https://")) {
    return url.size() > 8 && url[8] != '/';
  }
  for (const std::string_view host : {"http://127.0.0.1", "http://[::1]", "http://localhost"}) {
    if (url.starts_with(host)) {
      const std::string_view rest = url.substr(host.size());
      return rest.empty() || rest[0] == '/' || rest[0] == ':';
    }
  }
  return false;
}

Fetch CurlFetch() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);  // Once, for all.
  JARING_CHECK(ready == CURLE_OK);
  return FetchOne;
}

}  // namespace jaring
