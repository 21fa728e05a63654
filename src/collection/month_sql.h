#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kFindMonthRun = R"sql(
SELECT fingerprint, started_at, attempt, first_payment_id, payment_count, posted_payment_id,
       finished_at
FROM month_run WHERE month = $1
)sql";

inline constexpr std::string_view kFindUnfinishedMonth = R"sql(
SELECT month FROM month_run WHERE finished_at IS NULL ORDER BY month LIMIT 1
)sql";

inline constexpr std::string_view kInsertMonthRun = R"sql(
INSERT INTO month_run (month, fingerprint, started_at, attempt, first_payment_id, payment_count,
                       posted_payment_id)
VALUES ($1, $2, $3, 1, $4, $5, 0)
)sql";

inline constexpr std::string_view kStartMonthAgain = R"sql(
UPDATE month_run SET attempt = attempt + 1 WHERE month = $1
)sql";

// One row, or another attempt was started since.
inline constexpr std::string_view kAdvanceMonthRun = R"sql(
UPDATE month_run SET posted_payment_id = $3 WHERE month = $1 AND attempt = $2
)sql";

inline constexpr std::string_view kFinishMonthRun = R"sql(
UPDATE month_run SET finished_at = $3 WHERE month = $1 AND attempt = $2
)sql";

inline constexpr std::string_view kAddToMonthFile = R"sql(
INSERT INTO month_file (month, file, posted, suspended, late) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (month, file) DO UPDATE SET
  posted = month_file.posted + excluded.posted,
  suspended = month_file.suspended + excluded.suspended,
  late = month_file.late + excluded.late
)sql";

inline constexpr std::string_view kListMonthFiles = R"sql(
SELECT file, posted, suspended, late FROM month_file WHERE month = $1 ORDER BY file
)sql";

inline constexpr std::string_view kInsertRenumbered = R"sql(
INSERT INTO month_renumbered (claimed_payment_id, payment_id) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kListRenumbered = R"sql(
SELECT claimed_payment_id, payment_id FROM month_renumbered WHERE claimed_payment_id >= $1
)sql";

inline constexpr std::array kMonthStatements = {
    kFindMonthRun,   kFindUnfinishedMonth, kInsertMonthRun, kStartMonthAgain,  kAdvanceMonthRun,
    kFinishMonthRun, kAddToMonthFile,      kListMonthFiles, kInsertRenumbered, kListRenumbered};

}  // namespace jaring::sql
