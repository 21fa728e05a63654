#pragma once

// What a request tells of a claim.

#include <vector>

#include "channels/http/json_body.h"
#include "claims/claim_facts.h"

namespace jaring {

/// The object "facts"; nothing when it is absent and need not be there.
///
/// Problems: claim.kind_unknown, claim.outcome_unknown, claim.reason_unknown,
/// claim.relation_unknown, claim.number_out_of_range,
/// scholarship.level_unknown (no such word), date.malformed, those of FieldReader.
std::optional<ClaimFacts> ReadFactsField(FieldReader& reader, Need need,
                                         std::vector<FieldProblem>& problems);

/// The list "payees"; nothing when it is absent.
///
/// Problems: claim.relation_unknown, claim.number_out_of_range, those of FieldReader.
std::optional<std::vector<ClaimPayee>> ReadPayeesField(FieldReader& reader,
                                                       std::vector<FieldProblem>& problems);

}  // namespace jaring
