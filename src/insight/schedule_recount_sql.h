#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kScanSchedules = R"sql(
SELECT person_id, schedule_no, kind, right_seq, place, first_on, last_on, most, next_on, state
FROM claim_schedule ORDER BY person_id, schedule_no
)sql";

inline constexpr std::string_view kScanInstalments = R"sql(
SELECT person_id, schedule_no, instalment_no, claim_seq FROM claim_instalment
ORDER BY person_id, schedule_no, instalment_no
)sql";

// Instalments (ClaimKind 4 and 5), and the claims that gave a right to them.
inline constexpr std::string_view kScanClaimsOfSchedules = R"sql(
SELECT person_id, claim_seq, kind, event_on, state, gross_rupiah FROM claim
WHERE kind IN (4, 5) OR EXISTS (SELECT 1 FROM claim_schedule s
                          WHERE s.person_id = claim.person_id AND s.right_seq = claim.claim_seq)
ORDER BY person_id, claim_seq
)sql";

inline constexpr std::array kScheduleRecountStatements = {kScanSchedules, kScanInstalments,
                                                          kScanClaimsOfSchedules};

}  // namespace jaring::sql
