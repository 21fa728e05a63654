#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kFindReturnRun = R"sql(
SELECT year, rate_ppm, by_day, started_at, attempt, done_person_id, person_count, amount_rupiah,
       finished_at
FROM return_run WHERE year = $1
)sql";

inline constexpr std::string_view kListReturnRuns = R"sql(
SELECT year, rate_ppm, by_day, started_at, attempt, done_person_id, person_count, amount_rupiah,
       finished_at
FROM return_run ORDER BY year
)sql";

inline constexpr std::string_view kInsertReturnRun = R"sql(
INSERT INTO return_run (year, rate_ppm, by_day, started_at, attempt, done_person_id, person_count,
                        amount_rupiah)
VALUES ($1, $2, $3, $4, 1, $5, 0, 0)
)sql";

inline constexpr std::string_view kStartReturnAgain = R"sql(
UPDATE return_run SET attempt = attempt + 1 WHERE year = $1
)sql";

// One row, or another attempt was started since.
inline constexpr std::string_view kAdvanceReturnRun = R"sql(
UPDATE return_run SET done_person_id = $3, person_count = person_count + $4,
                      amount_rupiah = amount_rupiah + $5
WHERE year = $1 AND attempt = $2
)sql";

inline constexpr std::string_view kFinishReturnRun = R"sql(
UPDATE return_run SET finished_at = $3 WHERE year = $1 AND attempt = $2
)sql";

inline constexpr std::string_view kInsertSavingsReturn = R"sql(
INSERT INTO savings_return (person_id, year, amount_rupiah) VALUES ($1, $2, $3)
)sql";

// Whether anybody had savings before a day.
inline constexpr std::string_view kFindSavingsBefore = R"sql(
SELECT 1 FROM journal_line WHERE account = $1 AND business_day < $2 LIMIT 1
)sql";

inline constexpr std::string_view kFindContributors = R"sql(
SELECT COALESCE((SELECT MIN(person_id) FROM contribution), 0),
       COALESCE((SELECT MAX(person_id) FROM contribution), 0)
)sql";

// Of people after $1 up to $2.
inline constexpr std::string_view kScanSavings = R"sql(
SELECT person_id, payment_id, jht_rupiah, posted_at FROM contribution
WHERE person_id > $1 AND person_id <= $2 AND jht_rupiah <> 0
ORDER BY person_id, contribution_id
)sql";

inline constexpr std::string_view kScanDaysOfPayments = R"sql(
SELECT person_id, payment_id, paid_at, posted_at FROM payment
WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kScanDaysOfMoves = R"sql(
SELECT person_id, payment_id, posted_at FROM credit_move
WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kScanLateDays = R"sql(
SELECT person_id, payment_id, booked_on FROM late_posting
WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kScanReturns = R"sql(
SELECT person_id, year, amount_rupiah FROM savings_return
WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, year
)sql";

inline constexpr std::string_view kScanWithdrawals = R"sql(
SELECT person_id, booked_on, amount_rupiah FROM savings_withdrawal
WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, claim_person_id, claim_seq
)sql";

// What a person has saved: contributions, returns, and what was paid out.
inline constexpr std::string_view kSumSavings = R"sql(
SELECT COALESCE((SELECT CAST(SUM(jht_rupiah) AS BIGINT) FROM contribution WHERE person_id = $1), 0),
       COALESCE((SELECT CAST(SUM(amount_rupiah) AS BIGINT) FROM savings_return WHERE person_id = $1), 0),
       COALESCE((SELECT CAST(SUM(amount_rupiah) AS BIGINT) FROM savings_withdrawal WHERE person_id = $1), 0)
)sql";

inline constexpr std::string_view kInsertWithdrawal = R"sql(
INSERT INTO savings_withdrawal (person_id, claim_person_id, claim_seq, booked_on, amount_rupiah)
VALUES ($1, $2, $3, $4, $5)
)sql";

inline constexpr std::array kSavingsStatements = {
    kFindReturnRun,    kListReturnRuns,  kInsertReturnRun,     kStartReturnAgain,
    kAdvanceReturnRun, kFinishReturnRun, kInsertSavingsReturn, kFindSavingsBefore,
    kFindContributors, kScanSavings,     kScanDaysOfPayments,  kScanDaysOfMoves,
    kScanLateDays,     kScanReturns,     kScanWithdrawals,     kSumSavings,
    kInsertWithdrawal};

}  // namespace jaring::sql
