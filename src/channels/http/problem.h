#pragma once

// Refusals as clients read them: RFC 9457 application/problem+json with our rule ids.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "channels/http/http_types.h"
#include "channels/text/messages.h"

namespace jaring {

/// One wrong field of a request.
struct FieldProblem {
  std::string pointer;  // RFC 6901, into the body: "/people/3/nik".
  std::string rule;
};

/// What a refusal may say besides.
struct ProblemMore {
  std::int64_t retry_after_seconds = 0;  // 0: nothing is said of it.
  std::string contact;                   // Who helps; added to the words.
};

/// The HTTP status of an error: one per ErrorCode, but for a few rules that HTTP has its own for.
int HttpStatusOf(const Error& error);

/// The whole answer; the words are in `language`. `error.detail` stays inside: it is for the log.
HttpResponse ProblemResponse(const Error& error, const Messages& messages, Language language,
                             std::span<const FieldProblem> fields = {},
                             const ProblemMore& more = {});

/// The language for the answer to `request`: ?lang= when there is one of ours, else
/// Accept-Language.
Language LanguageOf(const HttpRequest& request);

}  // namespace jaring
