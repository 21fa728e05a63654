#pragma once

// The words for what claims are about, as files, questions and the API use them.

#include <optional>
#include <string_view>

#include "rules/claim_cover.h"
#include "rules/entitlement.h"
#include "rules/savings_claim.h"

namespace jaring {

/// "accident", "partial_anatomical"…
std::optional<ClaimEvent> FindClaimEvent(std::string_view word);

/// "spouse", "child", "parent", "grandparent", "grandchild", "sibling", "parent_in_law",
/// "named_in_will", "guardian".
std::string_view RelationCode(Relation relation);
std::optional<Relation> FindRelation(std::string_view word);

/// "in_treatment", "recovered", "partial_disability", "total_disability", "died".
std::string_view AccidentOutcomeCode(AccidentOutcome outcome);
std::optional<AccidentOutcome> FindAccidentOutcome(std::string_view word);

/// "age", "death", "total_disability", "stopped_working", "left_employer", "left_country",
/// "housing", "other".
std::string_view SavingsReasonCode(SavingsReason reason);
std::optional<SavingsReason> FindSavingsReason(std::string_view word);

}  // namespace jaring
