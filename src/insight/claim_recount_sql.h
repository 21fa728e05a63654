#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kScanClaims = R"sql(
SELECT person_id, claim_seq, kind, state, step_no, gross_rupiah, tax_rupiah FROM claim
ORDER BY person_id, claim_seq
)sql";

inline constexpr std::string_view kScanClaimSteps = R"sql(
SELECT person_id, claim_seq, step_no, state FROM claim_step ORDER BY person_id, claim_seq, step_no
)sql";

inline constexpr std::string_view kScanClaimLines = R"sql(
SELECT person_id, claim_seq, step_no, programme, benefit, amount_rupiah FROM claim_line
ORDER BY person_id, claim_seq, step_no, line_no
)sql";

inline constexpr std::string_view kScanClaimWithdrawals = R"sql(
SELECT claim_person_id, claim_seq, amount_rupiah FROM savings_withdrawal
ORDER BY claim_person_id, claim_seq
)sql";

inline constexpr std::string_view kScanClaimRefunds = R"sql(
SELECT claim_person_id, claim_seq, amount_rupiah FROM refund ORDER BY claim_person_id, claim_seq
)sql";

inline constexpr std::string_view kScanPayouts = R"sql(
SELECT person_id, claim_seq, payout_no, payee_no, state, amount_rupiah, penalty_rupiah FROM payout
ORDER BY person_id, claim_seq, payout_no
)sql";

inline constexpr std::array kClaimRecountStatements = {kScanClaims,       kScanClaimSteps,
                                                       kScanClaimLines,   kScanClaimWithdrawals,
                                                       kScanClaimRefunds, kScanPayouts};

}  // namespace jaring::sql
