#pragma once

#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertServer = R"sql(
INSERT INTO server (server_id, name, beat, seen_at) VALUES ($1, $2, 1, $3)
)sql";

// No row changes when the others have struck it off.
inline constexpr std::string_view kBeatServer = R"sql(
UPDATE server SET beat = beat + 1, seen_at = $2 WHERE server_id = $1
)sql";

inline constexpr std::string_view kListServers = R"sql(
SELECT server_id, name, beat FROM server ORDER BY server_id
)sql";

inline constexpr std::string_view kDeleteServer = R"sql(
DELETE FROM server WHERE server_id = $1
)sql";

}  // namespace jaring::sql
