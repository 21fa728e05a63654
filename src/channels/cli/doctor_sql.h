#pragma once

#include <string_view>

namespace jaring::sql {

// Of each engine what the other does not have.
inline constexpr std::string_view kSqliteQuickCheck = "PRAGMA quick_check(1)";
inline constexpr std::string_view kPostgresClock = R"sql(
SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)
)sql";

}  // namespace jaring::sql
