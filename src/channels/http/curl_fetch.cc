#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/check.h"
#include "channels/http/http_fetch.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxUrl = 4'000;

struct Handle {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListFreer {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListFreer>;

bool IsPlain(std::string_view text, char least) {
  return std::all_of(text.begin(), text.end(), [least](char c) { return c >= least && c < 0x7F; });
}

/// Nothing when one is no header, or when there is no memory for it.
std::optional<HeaderList> ListHeaders(const std::vector<std::string>& headers) {
  HeaderList list;
  for (const std::string& header : headers) {
    curl_slist* longer =
        IsPlain(header, ' ') ? curl_slist_append(list.get(), header.c_str()) : nullptr;
    if (longer == nullptr) {
      return std::nullopt;
    }
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

struct Answering {
  std::string body;
  std::size_t most_bytes;
};

/// A shorter count than `size * count` makes libcurl give up.
std::size_t TakeBytes(char* data, std::size_t size, std::size_t count, void* to) {
  auto& answer = *static_cast<Answering*>(to);
  if (answer.body.size() + size * count > answer.most_bytes) {
    return 0;
  }
  answer.body.append(data, size * count);
  return size * count;
}

Result<FetchAnswer> FetchOne(const FetchRequest& request) {
  const Error unavailable{ErrorCode::kUnavailable, "fetch.unavailable", ""};
  const std::unique_ptr<CURL, Handle> curl(curl_easy_init());
  const auto headers = ListHeaders(request.headers);
  if (!curl || !headers || !IsSafeUrl(request.url)) {
    return unavailable;
  }
  Answering answer{"", request.most_bytes};
  const long seconds = request.seconds;
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");  // IsSafeUrl has looked at which.
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_TIMEOUT, seconds);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_PROXY, "");  // A password goes this way: no detours.
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, TakeBytes);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers->get());
  if (const std::string& body = request.body.empty() ? request.form : request.body; !body.empty()) {
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.c_str());
  }
  if (!request.method.empty()) {
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  if (!request.user.empty()) {
    if (request.sign_for.empty()) {
      curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    } else {
      curl_easy_setopt(c, CURLOPT_AWS_SIGV4, request.sign_for.c_str());
    }
    curl_easy_setopt(c, CURLOPT_USERNAME, request.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, request.password.c_str());
  }
  if (curl_easy_perform(c) != CURLE_OK) {
    return unavailable;
  }
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  return FetchAnswer{static_cast<int>(status), std::move(answer.body)};
}

Result<std::string> FetchGood(const FetchRequest& request) {
  JARING_ASSIGN_OR_RETURN(FetchAnswer answer, FetchOne(request));
  if (answer.status >= 500) {
    return Error{ErrorCode::kUnavailable, "fetch.unavailable", ""};
  }
  return answer.status / 100 == 2 ? Result<std::string>(std::move(answer.body))
                                  : Invalid("fetch.refused");
}

/// Once, for all.
void MakeReady() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  JARING_CHECK(ready == CURLE_OK);
}

}  // namespace

bool IsSafeUrl(std::string_view url) {
  if (!IsPlain(url, '!') || url.size() > kMaxUrl ||
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
  MakeReady();
  return FetchGood;
}

FetchWhole CurlFetchWhole() {
  MakeReady();
  return FetchOne;
}

}  // namespace jaring
