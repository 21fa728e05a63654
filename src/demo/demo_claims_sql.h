#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kListPeopleAfter = R"sql(
SELECT person_id FROM person WHERE person_id > $1 ORDER BY person_id LIMIT $2
)sql";

inline constexpr std::array kDemoClaimStatements = {kListPeopleAfter};

}  // namespace jaring::sql
