#pragma once

// Versions of what is read: ETag, If-None-Match, If-Match (RFC 9110).

#include <string>
#include <string_view>

#include "channels/http/gate.h"

namespace jaring {

/// A strong validator of an answer, quotes and all. Keyed: of a body that holds a NIK it tells
/// nothing.
std::string EtagOf(const Agency& agency, std::string_view body);

/// True when the client has this version already (If-None-Match).
bool HasVersion(const HttpRequest& request, std::string_view etag);

/// The answer with its ETag; 304 without a body for a client that has it already.
HttpResponse Versioned(const HttpRequest& request, const Agency& agency, std::string body);

/// The change is asked for by somebody who saw the latest version.
///
/// Errors: request.if_match_missing (428), request.changed_since (412).
Result<Done> CheckIfMatch(const HttpRequest& request, std::string_view etag);

}  // namespace jaring
