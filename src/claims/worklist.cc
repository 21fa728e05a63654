#include "claims/worklist.h"

#include "claims/claim_book.h"
#include "claims/claims_sql.h"

namespace jaring {
namespace {

/// The branch first, where one is asked for.
std::vector<Value> WithBranch(const WorklistPart& part, std::vector<Value> values) {
  if (part.branch_id != 0) {
    values.insert(values.begin(), Value(part.branch_id));
  }
  return values;
}

}  // namespace

Result<std::vector<Claim>> ListClaims(Tx& tx, const WorklistPart& part, const WorklistPlace& after,
                                      std::int64_t limit) {
  std::vector<Claim> claims;
  const auto keep = [&](const Row& row) { claims.push_back(ReadClaimRow(row)); };
  const auto state = static_cast<std::int64_t>(part.state);
  const bool of_branch = part.branch_id != 0;
  const bool is_past_deadlines = !after.due_on && after.number.person_id != 0;
  if (!is_past_deadlines) {
    const auto values = WithBranch(part, {state, after.due_on ? after.due_on->number() : 0,
                                          after.number.person_id, after.number.claim_seq, limit});
    JARING_RETURN_IF_ERROR(tx.Query(
        of_branch ? sql::kListBranchClaimsByDeadline : sql::kListClaimsByDeadline, values, keep));
  }
  const std::int64_t left = limit - static_cast<std::int64_t>(claims.size());
  if (left > 0) {
    const ClaimNumber from = is_past_deadlines ? after.number : ClaimNumber{};
    const auto values = WithBranch(part, {state, from.person_id, from.claim_seq, left});
    JARING_RETURN_IF_ERROR(tx.Query(
        of_branch ? sql::kListBranchClaimsWithoutDeadline : sql::kListClaimsWithoutDeadline, values,
        keep));
  }
  return claims;
}

}  // namespace jaring
