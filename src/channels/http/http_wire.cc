#include "channels/http/http_wire.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.h"

namespace jaring {
namespace {

// For every answer: nothing of ours is to be guessed at, told to other sites, or opened, embedded
// or read by them.
constexpr std::string_view kCommonHeaders =
    "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n";

// For an answer that says nothing else: kept by no cache, runs nothing, uses no device.
struct DefaultHeader {
  std::string_view name;
  std::string_view line;
};
constexpr std::array<DefaultHeader, 3> kDefaultHeaders = {{
    {"Cache-Control:", "Cache-Control: no-store\r\n"},
    {"Content-Security-Policy:",
     "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"},
    {"Permissions-Policy:", "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n"},
}};

constexpr std::string_view kStayWithTls = "Strict-Transport-Security: max-age=31536000\r\n";

void AppendNumber(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return status < 400 ? "Success" : "Error";
  }
}

void AppendHead(std::string& out, const HttpResponse& response, const HeadParts& parts) {
  out.append("HTTP/1.1 ");
  AppendNumber(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(ReasonPhrase(response.status)).append("\r\n").append(parts.date_line);
  if (response.status != 204 && response.status != 304) {
    out.append("Content-Type: ").append(response.content_type).append("\r\nContent-Length: ");
    AppendNumber(out, response.body.size());
  } else {
    out.resize(out.size() - 2);  // kCommonHeaders begins with the end of the line before.
  }
  out.append(kCommonHeaders);
  for (const DefaultHeader& header : kDefaultHeaders) {
    if (response.headers.find(header.name) == std::string::npos) {
      out.append(header.line);
    }
  }
  if (parts.secure) {
    out.append(kStayWithTls);
  }
  out.append("X-Request-Id: ").append(parts.request_id).append("\r\n");
  out.append(response.headers);
  if (parts.after == AfterAnswer::kClose) {
    out.append("Connection: close\r\n");
  } else if (parts.after == AfterAnswer::kKeepAndSay) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

std::string DateLine(Instant now) {
  constexpr std::int64_t kSecondsPerDay = 86'400;
  constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun",
                                                     "Mon", "Tue", "Wed"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t seconds = now.micros() / 1'000'000;
  const Date date = Date::FromDays(seconds / kSecondsPerDay);
  const std::int64_t of_day = seconds % kSecondsPerDay;
  return fmt::format("Date: {}, {:02} {} {} {:02}:{:02}:{:02} GMT\r\n",
                     kDays[static_cast<std::size_t>(seconds / kSecondsPerDay % 7)], date.day(),
                     kMonths[static_cast<std::size_t>(date.month_of_year() - 1)], date.year(),
                     of_day / 3600, of_day / 60 % 60, of_day % 60);
}

bool IsLocalHost(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string name = ToLower(host.substr(0, colon));
  if (name == "localhost" || name == "[::1]") {
    return true;
  }
  int dots = 0;
  for (const char c : name) {
    if (c != '.' && !IsDigit(c)) {
      return false;
    }
    dots += c == '.' ? 1 : 0;
  }
  return dots == 3 && name.starts_with("127.");
}

}  // namespace jaring
