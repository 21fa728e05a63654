#pragma once

#include "channels/http/gate.h"

namespace jaring {

/// POST /v1/people/search, GET and PATCH /v1/people/{person_id}, and of a person: bill, payments,
/// coverage, membership-ends. A NIK, a phone number or a name never stands in a URL.
void AddPersonRoutes(Router& router, Gate& gate, const SiteParts& parts);

}  // namespace jaring
