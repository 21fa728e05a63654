#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kAddJournalLine = R"sql(
INSERT INTO journal_line (business_day, partner_id, account, amount_rupiah)
VALUES ($1, $2, $3, $4)
ON CONFLICT (business_day, partner_id, account)
DO UPDATE SET amount_rupiah = journal_line.amount_rupiah + excluded.amount_rupiah
)sql";

inline constexpr std::string_view kAddCoverageCounter = R"sql(
INSERT INTO coverage_counter
  (cohort_id, month, registered, begun, paid_through, restarted, months_bought,
   received_rupiah)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (cohort_id, month) DO UPDATE SET
  registered = coverage_counter.registered + excluded.registered,
  begun = coverage_counter.begun + excluded.begun,
  paid_through = coverage_counter.paid_through + excluded.paid_through,
  restarted = coverage_counter.restarted + excluded.restarted,
  months_bought = coverage_counter.months_bought + excluded.months_bought,
  received_rupiah = coverage_counter.received_rupiah + excluded.received_rupiah
)sql";

inline constexpr std::string_view kAddClosingCounter = R"sql(
INSERT INTO closing_counter (cohort_id, month, paid_through, spells) VALUES ($1, $2, $3, $4)
ON CONFLICT (cohort_id, month, paid_through)
DO UPDATE SET spells = closing_counter.spells + excluded.spells
)sql";

inline constexpr std::string_view kAddVillageCounter = R"sql(
INSERT INTO village_counter
  (village_code, month, registered, begun, paid_through, restarted, ended, closed, months_bought,
   received_rupiah)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (village_code, month) DO UPDATE SET
  registered = village_counter.registered + excluded.registered,
  begun = village_counter.begun + excluded.begun,
  paid_through = village_counter.paid_through + excluded.paid_through,
  restarted = village_counter.restarted + excluded.restarted,
  ended = village_counter.ended + excluded.ended,
  closed = village_counter.closed + excluded.closed,
  months_bought = village_counter.months_bought + excluded.months_bought,
  received_rupiah = village_counter.received_rupiah + excluded.received_rupiah
)sql";

inline constexpr std::string_view kAddVillageClosing = R"sql(
INSERT INTO village_closing (village_code, paid_through, month, spells) VALUES ($1, $2, $3, $4)
ON CONFLICT (village_code, paid_through, month)
DO UPDATE SET spells = village_closing.spells + excluded.spells
)sql";

inline constexpr std::string_view kFindCohortPlace = R"sql(
SELECT branch_id, regency_code, sector, group_id, door FROM cohort WHERE cohort_id = $1
)sql";

inline constexpr std::string_view kAddCoverageSum = R"sql(
INSERT INTO coverage_sum
  (dimension, month, first_value, second_value, registered, begun, paid_through, restarted, ended,
   closed, months_bought, received_rupiah)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (dimension, month, first_value, second_value) DO UPDATE SET
  registered = coverage_sum.registered + excluded.registered,
  begun = coverage_sum.begun + excluded.begun,
  paid_through = coverage_sum.paid_through + excluded.paid_through,
  restarted = coverage_sum.restarted + excluded.restarted,
  ended = coverage_sum.ended + excluded.ended,
  closed = coverage_sum.closed + excluded.closed,
  months_bought = coverage_sum.months_bought + excluded.months_bought,
  received_rupiah = coverage_sum.received_rupiah + excluded.received_rupiah
)sql";

inline constexpr std::string_view kAddClosingSum = R"sql(
INSERT INTO closing_sum (dimension, paid_through, first_value, second_value, month, spells)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (dimension, paid_through, first_value, second_value, month)
DO UPDATE SET spells = closing_sum.spells + excluded.spells
)sql";

inline constexpr std::string_view kListCoverageSums = R"sql(
SELECT month, first_value, second_value, registered, begun, paid_through, restarted, ended, closed,
       months_bought, received_rupiah
FROM coverage_sum WHERE dimension = $1 AND month = $2 AND first_value BETWEEN $3 AND $4
)sql";

inline constexpr std::string_view kListPaidThroughSums = R"sql(
SELECT month, first_value, second_value, paid_through
FROM coverage_sum WHERE dimension = $1 AND month = $2 AND first_value BETWEEN $3 AND $4
)sql";

inline constexpr std::string_view kListClosingSums = R"sql(
SELECT paid_through, first_value, second_value, month, spells FROM closing_sum
WHERE dimension = $1 AND paid_through = $2 AND first_value BETWEEN $3 AND $4
)sql";

inline constexpr std::string_view kFindLastSumMonth = R"sql(
SELECT MAX(month) FROM coverage_sum WHERE dimension = $1
)sql";

inline constexpr std::string_view kFindLastClosingMonth = R"sql(
SELECT MAX(paid_through) FROM closing_sum WHERE dimension = $1
)sql";

inline constexpr std::string_view kTakeSequence = R"sql(
UPDATE sequence SET next_value = next_value + $2 WHERE name = $1
)sql";

inline constexpr std::string_view kReadSequence = R"sql(
SELECT next_value FROM sequence WHERE name = $1
)sql";

inline constexpr std::string_view kFindLastClosedMonth = R"sql(
SELECT month FROM closed_month ORDER BY month DESC LIMIT 1
)sql";

inline constexpr std::string_view kListClosedMonths = R"sql(
SELECT m.month, m.closed_at,
       COALESCE((SELECT CAST(SUM(b.amount_rupiah) AS BIGINT) FROM closed_balance b
                 WHERE b.month = m.month AND b.amount_rupiah > 0), 0)
FROM closed_month m ORDER BY m.month DESC
)sql";

inline constexpr std::string_view kInsertClosedMonth = R"sql(
INSERT INTO closed_month (month, closed_at) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kInsertClosedBalance = R"sql(
INSERT INTO closed_balance (month, partner_id, account, amount_rupiah) VALUES ($1, $2, $3, $4)
)sql";

// Of all accounts at the end of the day before.
inline constexpr std::string_view kListBalancesBefore = R"sql(
SELECT partner_id, account, CAST(SUM(amount_rupiah) AS BIGINT) FROM journal_line
WHERE business_day < $1 GROUP BY partner_id, account HAVING SUM(amount_rupiah) <> 0
ORDER BY partner_id, account
)sql";

inline constexpr std::array kLedgerStatements = {
    kAddJournalLine,      kAddCoverageCounter,  kAddClosingCounter, kAddVillageCounter,
    kAddVillageClosing,   kTakeSequence,        kFindCohortPlace,   kAddCoverageSum,
    kListPaidThroughSums, kAddClosingSum,       kListCoverageSums,  kListClosingSums,
    kReadSequence,        kFindLastClosedMonth, kListClosedMonths,  kInsertClosedMonth,
    kInsertClosedBalance, kListBalancesBefore};

}  // namespace jaring::sql
