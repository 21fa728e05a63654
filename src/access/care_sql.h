#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kFindStaffName = R"sql(
SELECT name FROM staff_user WHERE user_id = $1
)sql";

inline constexpr std::string_view kFindBranchName = R"sql(
SELECT name FROM branch WHERE branch_id = $1
)sql";

inline constexpr std::string_view kFindGroupName = R"sql(
SELECT name FROM member_group WHERE group_id = $1
)sql";

inline constexpr std::string_view kFindPartnerName = R"sql(
SELECT name FROM partner WHERE partner_id = $1
)sql";

inline constexpr std::string_view kFindRegionName = R"sql(
SELECT name FROM region WHERE region_code = $1
)sql";

inline constexpr std::string_view kFindGrantByEmail = R"sql(
SELECT u.user_id, g.role, g.scope_kind, g.scope_id
FROM staff_user u JOIN role_grant g ON g.user_id = u.user_id
WHERE u.email = $1 AND u.disabled_at IS NULL AND g.revoked_at IS NULL
ORDER BY g.grant_id
)sql";

inline constexpr std::string_view kInsertConsent = R"sql(
INSERT INTO person_consent (person_id, consent_id, kind, helper_id, is_given, at, door, actor_kind,
                            actor_id, text_version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

inline constexpr std::string_view kListConsents = R"sql(
SELECT person_id, consent_id, kind, helper_id, is_given, at, door, actor_kind, actor_id,
       text_version
FROM person_consent WHERE person_id = $1 ORDER BY consent_id
)sql";

inline constexpr std::string_view kFindNewestConsent = R"sql(
SELECT is_given FROM person_consent
WHERE person_id = $1 AND kind = $2 AND helper_id = $3 ORDER BY consent_id DESC LIMIT 1
)sql";

inline constexpr std::array kCareStatements = {
    kFindStaffName,    kFindBranchName, kFindGroupName, kFindPartnerName,  kFindRegionName,
    kFindGrantByEmail, kInsertConsent,  kListConsents,  kFindNewestConsent};

}  // namespace jaring::sql
