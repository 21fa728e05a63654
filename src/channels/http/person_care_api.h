#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// POST /v1/people/{person_id}/corrections {"changes":{"nik","name","birth_date","sex","phone"},
/// "reason","evidence"}: asks; GET: what was corrected from what to what.
/// POST /v1/merges {"keep","merge","reason"}, POST /v1/merges/{merge_id}/undo {"reason"}: ask.
/// GET /v1/people/{person_id}/export and /export.pdf: all that is stored about a person.
/// POST /v1/people/{person_id}/consents {"kind","decision","helper_id","text_version"}; GET.
void AddPersonCareRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
