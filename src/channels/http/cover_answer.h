#pragma once

// The answer of "Am I covered?" as HTML.

#include <string>

#include "channels/http/page_shell.h"
#include "collection/member_view.h"

namespace jaring {

/// `branch` is the name of the branch to ask, or empty.
std::string CoverAnswerHtml(const PageWords& words, const MemberView& view,
                            const std::string& branch);

}  // namespace jaring
