#pragma once

// The text of an answer as it goes over the wire, written in one pass into one buffer.

#include <string>
#include <string_view>

#include "base/calendar.h"
#include "channels/http/http_types.h"

namespace jaring {

enum class AfterAnswer : std::uint8_t {
  kKeep,        // HTTP/1.1: keeping the connection is the default and is not said.
  kKeepAndSay,  // HTTP/1.0 asked for it and must be told.
  kClose,
};

/// "Not Found"; a general word for a status without a name of its own.
std::string_view ReasonPhrase(int status);

/// What the head of an answer says besides the answer's own.
struct HeadParts {
  std::string_view date_line;  // Empty or a whole line.
  AfterAnswer after = AfterAnswer::kKeep;
  std::string_view request_id;
  bool secure = false;  // Came over TLS: then browsers are told to stay with it.
};

/// Appends status line and headers, with the blank line. An answer that has one of Cache-Control,
/// Content-Security-Policy and Permissions-Policy of its own keeps it; else it gets the strictest.
void AppendHead(std::string& out, const HttpResponse& response, const HeadParts& parts);

/// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".
std::string DateLine(Instant now);

/// Whether a Host header names this machine. A page of a stranger whose name was made to point at
/// 127.0.0.1 (DNS rebinding) does not.
bool IsLocalHost(std::string_view host);

}  // namespace jaring
