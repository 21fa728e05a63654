#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kListCoverageCounters = R"sql(
SELECT c.cohort_id, k.month, k.registered, k.begun, k.paid_through, k.restarted,
       k.months_bought, k.received_rupiah, c.branch_id, c.regency_code, c.sector, c.group_id,
       c.door
FROM cohort c JOIN coverage_counter k ON k.cohort_id = c.cohort_id
  AND k.month BETWEEN $11 AND $12
WHERE c.regency_code BETWEEN $1 AND $2 AND c.branch_id BETWEEN $3 AND $4
  AND c.group_id BETWEEN $5 AND $6 AND c.sector BETWEEN $7 AND $8
  AND c.door BETWEEN $9 AND $10
)sql";

inline constexpr std::string_view kListClosingCounters = R"sql(
SELECT c.cohort_id, k.month, k.paid_through, k.spells, c.branch_id, c.regency_code, c.sector,
       c.group_id, c.door
FROM cohort c JOIN closing_counter k ON k.cohort_id = c.cohort_id
WHERE c.regency_code BETWEEN $1 AND $2 AND c.branch_id BETWEEN $3 AND $4
  AND c.group_id BETWEEN $5 AND $6 AND c.sector BETWEEN $7 AND $8
  AND c.door BETWEEN $9 AND $10
)sql";

inline constexpr std::string_view kListCohortPlaces = R"sql(
SELECT cohort_id, branch_id, regency_code, sector, group_id, door FROM cohort
)sql";

inline constexpr std::string_view kScanCoverageSums = R"sql(
SELECT dimension, first_value, second_value, month, registered, begun, paid_through, restarted,
       ended, closed, months_bought, received_rupiah
FROM coverage_sum
)sql";

inline constexpr std::string_view kScanClosingSums = R"sql(
SELECT dimension, first_value, second_value, paid_through, month, spells FROM closing_sum
)sql";

inline constexpr std::string_view kScanVillageCounters = R"sql(
SELECT village_code, month, registered, begun, paid_through, restarted, ended, closed,
       months_bought, received_rupiah
FROM village_counter WHERE village_code BETWEEN $1 AND $2
)sql";

inline constexpr std::string_view kScanVillageClosings = R"sql(
SELECT village_code, month, paid_through, spells FROM village_closing
)sql";

inline constexpr std::string_view kListVillageCounters = R"sql(
SELECT village_code, month, registered, begun, paid_through, restarted, ended, closed,
       months_bought, received_rupiah
FROM village_counter WHERE village_code = $1 AND month BETWEEN $2 AND $3
)sql";

inline constexpr std::string_view kListVillageClosings = R"sql(
SELECT village_code, month, paid_through, spells
FROM village_closing WHERE village_code = $1 AND paid_through >= $2
)sql";

inline constexpr std::string_view kListRegionNames = R"sql(
SELECT region_code, name FROM region WHERE region_code BETWEEN $1 AND $2
)sql";

inline constexpr std::string_view kListGroupNames = R"sql(
SELECT group_id, code, name FROM member_group ORDER BY group_id
)sql";

inline constexpr std::string_view kScanMemberships = R"sql(
SELECT person_id, membership_seq, acquired_on, programmes, income_rupiah, trade, payer, start_rule,
       cohort_id, first_month, paid_through, cover_from, credit_rupiah, ended_on,
       village_code
FROM membership WHERE person_id > $1 ORDER BY person_id, membership_seq LIMIT $2
)sql";

inline constexpr std::string_view kScanPayments = R"sql(
SELECT person_id, payment_id, partner_id, reference, kind, amount_rupiah, paid_at, posted_at,
       of_payment_id
FROM payment WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kScanMembershipEnds = R"sql(
SELECT person_id, membership_seq, ended_on, reason
FROM membership_end WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, membership_seq
)sql";

inline constexpr std::string_view kScanLatePostings = R"sql(
SELECT person_id, payment_id, booked_on
FROM late_posting WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kListClosedBalances = R"sql(
SELECT month, partner_id, account, amount_rupiah FROM closed_balance
)sql";

inline constexpr std::string_view kScanContributions = R"sql(
SELECT person_id, contribution_id, membership_seq, payment_id, first_month, months, jkk_rupiah,
       jkm_rupiah, jht_rupiah, reverses_id, posted_at
FROM contribution WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, contribution_id
)sql";

inline constexpr std::string_view kScanCreditMoves = R"sql(
SELECT person_id, payment_id, partner_id, merge_id, amount_rupiah, paid_at, posted_at,
       of_payment_id
FROM credit_move WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kScanRefunds = R"sql(
SELECT person_id, payment_id, amount_rupiah, refunded_at
FROM refund WHERE person_id > $1 AND person_id <= $2 ORDER BY person_id, payment_id
)sql";

inline constexpr std::string_view kCountMovesOutOfBalance = R"sql(
SELECT COUNT(*) FROM (SELECT merge_id FROM credit_move GROUP BY merge_id
                      HAVING SUM(amount_rupiah) <> 0) AS uneven
)sql";

inline constexpr std::string_view kScanMergedPersons = R"sql(
SELECT person_id, kept_person_id FROM merged_person ORDER BY person_id
)sql";

// Those that hold must follow from the merges that are not undone.
inline constexpr std::string_view kCountMergesOutOfStep = R"sql(
SELECT (SELECT COUNT(*) FROM person_merge m WHERE m.undone_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM merged_person p
          WHERE p.person_id = m.person_id AND p.kept_person_id = m.kept_person_id))
     + (SELECT COUNT(*) FROM merged_person p WHERE NOT EXISTS (
          SELECT 1 FROM person_merge m
          WHERE m.person_id = p.person_id AND m.kept_person_id = p.kept_person_id
            AND m.undone_at IS NULL))
)sql";

inline constexpr std::string_view kListSuspendedPayments = R"sql(
SELECT p.payment_id, p.partner_id, p.kind, p.amount_rupiah, p.paid_at, p.of_payment_id,
       s.placed_payment_id, s.amount_rupiah
FROM payment p LEFT JOIN suspense s ON s.payment_id = p.payment_id
WHERE p.person_id = 0 ORDER BY p.payment_id
)sql";

inline constexpr std::string_view kCountSuspenseWithoutPayment = R"sql(
SELECT COUNT(*) FROM suspense s
WHERE NOT EXISTS (SELECT 1 FROM payment p
                  WHERE p.person_id = 0 AND p.payment_id = s.payment_id AND p.kind = 1)
)sql";

inline constexpr std::string_view kListJournalLines = R"sql(
SELECT business_day, partner_id, account, amount_rupiah FROM journal_line
ORDER BY business_day, partner_id, account
)sql";

// "-" is the agency's own journal.
inline constexpr std::string_view kListJournalOfDays = R"sql(
SELECT j.business_day, COALESCE(p.code, '-'), j.account, j.amount_rupiah
FROM journal_line j LEFT JOIN partner p ON p.partner_id = j.partner_id
WHERE j.business_day BETWEEN $1 AND $2
ORDER BY j.business_day, 2, j.account
)sql";

inline constexpr std::string_view kCountReferences = R"sql(
SELECT COUNT(*) FROM payment_reference
)sql";

inline constexpr std::string_view kCountPeople = R"sql(
SELECT (SELECT COUNT(*) FROM person), (SELECT COUNT(*) FROM person_nik)
)sql";

inline constexpr std::string_view kCountPeopleWithoutNik = R"sql(
SELECT COUNT(*) FROM person p
WHERE NOT EXISTS (SELECT 1 FROM person_nik n
                  WHERE n.nik_sealed = p.nik_sealed AND n.person_id = p.person_id)
)sql";

inline constexpr std::string_view kCountPeopleWithoutMembership = R"sql(
SELECT COUNT(*) FROM person p
WHERE NOT EXISTS (SELECT 1 FROM membership m
                  WHERE m.person_id = p.person_id AND m.membership_seq = 1)
)sql";

inline constexpr std::string_view kCountMembershipsWithoutPerson = R"sql(
SELECT COUNT(*) FROM membership m
WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.person_id = m.person_id)
)sql";

inline constexpr std::string_view kCountPaymentsWithoutReference = R"sql(
SELECT COUNT(*) FROM payment p
WHERE NOT EXISTS (SELECT 1 FROM payment_reference r
                  WHERE r.partner_id = p.partner_id AND r.reference = p.reference
                    AND r.kind = p.kind AND r.payment_id = p.payment_id
                    AND r.person_id = p.person_id AND r.amount_rupiah = p.amount_rupiah)
)sql";

inline constexpr std::array kInsightStatements = {kListCoverageCounters,
                                                  kListClosingCounters,
                                                  kListCohortPlaces,
                                                  kScanCoverageSums,
                                                  kScanClosingSums,
                                                  kScanVillageCounters,
                                                  kScanVillageClosings,
                                                  kListVillageCounters,
                                                  kListVillageClosings,
                                                  kListRegionNames,
                                                  kListGroupNames,
                                                  kScanMemberships,
                                                  kScanPayments,
                                                  kScanContributions,
                                                  kListSuspendedPayments,
                                                  kScanCreditMoves,
                                                  kScanRefunds,
                                                  kScanMembershipEnds,
                                                  kScanLatePostings,
                                                  kListClosedBalances,
                                                  kCountMovesOutOfBalance,
                                                  kScanMergedPersons,
                                                  kCountMergesOutOfStep,
                                                  kCountSuspenseWithoutPayment,
                                                  kListJournalLines,
                                                  kListJournalOfDays,
                                                  kCountReferences,
                                                  kCountPeople,
                                                  kCountPeopleWithoutNik,
                                                  kCountPeopleWithoutMembership,
                                                  kCountMembershipsWithoutPerson,
                                                  kCountPaymentsWithoutReference};

}  // namespace jaring::sql
