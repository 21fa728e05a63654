#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kCountClaimsByState = R"sql(
SELECT state, COUNT(*) FROM claim GROUP BY state
)sql";

// Approvals by whom, refusals by why. A claim comes back to "approved" also when a run is
// cancelled.
inline constexpr std::string_view kCountClaimDecisions = R"sql(
SELECT state, reason, COUNT(*) FROM claim_step
WHERE at >= $1 AND at < $2
  AND (state = 6 OR (state = 5 AND reason IN ('one_person', 'second_person', 'by_rule')))
GROUP BY state, reason
)sql";

// Of each approval the newest lines there were: its own, or those of the proposal before it.
inline constexpr std::string_view kSumApprovedLines = R"sql(
SELECT l.programme, l.benefit, CAST(SUM(l.amount_rupiah) AS BIGINT)
FROM claim_step s
JOIN claim_line l ON l.person_id = s.person_id AND l.claim_seq = s.claim_seq
WHERE s.at >= $1 AND s.at < $2 AND s.state = 5
  AND s.reason IN ('one_person', 'second_person', 'by_rule')
  AND l.step_no = (SELECT MAX(n.step_no) FROM claim_line n
                   WHERE n.person_id = s.person_id AND n.claim_seq = s.claim_seq
                     AND n.step_no <= s.step_no)
GROUP BY l.programme, l.benefit
)sql";

// Told at a counter: by staff. A notice that an officer took up was told without a visit, and what
// the system opens by itself too. Begun says when it was first told, by whomever.
inline constexpr std::string_view kCountClaimsBegun = R"sql(
SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN s.actor_kind = 1 AND s.at = c.begun_at
                                        THEN 0 ELSE 1 END), 0) AS BIGINT)
FROM claim c
JOIN claim_step s ON s.person_id = c.person_id AND s.claim_seq = c.claim_seq AND s.step_no = 1
WHERE c.begun_at >= $1 AND c.begun_at < $2
)sql";

inline constexpr std::string_view kListPaidClaims = R"sql(
SELECT c.complete_on, c.due_on, s.at
FROM claim_step s
JOIN claim c ON c.person_id = s.person_id AND c.claim_seq = s.claim_seq
WHERE s.at >= $1 AND s.at < $2 AND s.state = 8 AND s.reason = 'bank_paid'
)sql";

inline constexpr std::string_view kSumPenaltiesPaid = R"sql(
SELECT COALESCE(CAST(SUM(penalty_rupiah) AS BIGINT), 0) FROM payout
WHERE state = 4 AND paid_on BETWEEN $1 AND $2
)sql";

inline constexpr std::array kClaimFigureStatements = {kCountClaimsByState, kCountClaimDecisions,
                                                      kSumApprovedLines,   kListPaidClaims,
                                                      kSumPenaltiesPaid,   kCountClaimsBegun};

}  // namespace jaring::sql
