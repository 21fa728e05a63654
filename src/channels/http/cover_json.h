#pragma once

// The answer to "am I covered?" for the app: the same words and figures as the page's, as JSON.

#include <string>
#include <vector>

#include "channels/http/cover_form.h"
#include "channels/http/http_types.h"
#include "channels/text/messages.h"
#include "collection/member_view.h"

namespace jaring {

/// True for who accepts JSON and says nothing of pages.
bool WantsCoverJson(const HttpRequest& request);

/// 422 with what is wrong: "/nik", "/birth".
HttpResponse CoverProblemsJson(const Messages& messages, Language language,
                               const std::vector<FormProblem>& problems);

/// {"state","name" (masked),"member_number","bill_code","branch","on","programmes","credit",
/// "next_due","to_pay"}. Never the NIK.
HttpResponse CoverFoundJson(const MemberView& view, const std::string& branch);

}  // namespace jaring
