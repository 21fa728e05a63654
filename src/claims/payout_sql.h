#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertPayout = R"sql(
INSERT INTO payout (person_id, claim_seq, payout_no, payee_no, run_id, state, amount_rupiah,
                    penalty_rupiah, changed_at, paid_on, sent_at, sent_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
)sql";

inline constexpr std::string_view kUpdatePayout = R"sql(
UPDATE payout SET run_id = $4, state = $5, penalty_rupiah = $6, changed_at = $7, paid_on = $8,
                  sent_at = $9, sent_by = $10
WHERE person_id = $1 AND claim_seq = $2 AND payout_no = $3
)sql";

inline constexpr std::string_view kListPayoutsOfClaim = R"sql(
SELECT person_id, claim_seq, payout_no, payee_no, run_id, state, amount_rupiah, penalty_rupiah,
       paid_on, sent_at, sent_by
FROM payout WHERE person_id = $1 AND claim_seq = $2 ORDER BY payout_no
)sql";

// Those of a state, in the order of claims, after a place.
inline constexpr std::string_view kListPayoutsOfState = R"sql(
SELECT person_id, claim_seq, payout_no, payee_no, run_id, state, amount_rupiah, penalty_rupiah,
       paid_on, sent_at, sent_by
FROM payout
WHERE state = $1 AND (person_id, claim_seq, payout_no) > ($2, $3, $4)
ORDER BY person_id, claim_seq, payout_no LIMIT $5
)sql";

inline constexpr std::string_view kListPayoutsOfRun = R"sql(
SELECT person_id, claim_seq, payout_no, payee_no, run_id, state, amount_rupiah, penalty_rupiah,
       paid_on, sent_at, sent_by
FROM payout WHERE run_id = $1 ORDER BY person_id, claim_seq, payout_no
)sql";

// Nothing when the same line of the same file was taken before.
inline constexpr std::string_view kInsertBankWord = R"sql(
INSERT INTO bank_word (person_id, claim_seq, payout_no, source, line, word, said_on, taken_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (person_id, claim_seq, payout_no, source, line) DO NOTHING
)sql";

inline constexpr std::string_view kInsertPayoutRun = R"sql(
INSERT INTO payout_run (run_id, state, pay_on, made_at, made_by_kind, made_by_id, payout_count,
                        amount_rupiah)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

inline constexpr std::string_view kFindPayoutRun = R"sql(
SELECT run_id, state, pay_on, made_at, made_by_kind, made_by_id, payout_count, amount_rupiah
FROM payout_run WHERE run_id = $1
)sql";

inline constexpr std::string_view kListPayoutRuns = R"sql(
SELECT run_id, state, pay_on, made_at, made_by_kind, made_by_id, payout_count, amount_rupiah
FROM payout_run WHERE run_id < $1 ORDER BY run_id DESC LIMIT $2
)sql";

inline constexpr std::string_view kReleasePayoutRun = R"sql(
UPDATE payout_run SET state = $2, released_at = $3, released_by_kind = $4, released_by_id = $5
WHERE run_id = $1
)sql";

inline constexpr std::string_view kCancelPayoutRun = R"sql(
UPDATE payout_run SET state = $2 WHERE run_id = $1
)sql";

inline constexpr std::array kPayoutStatements = {
    kInsertPayout,     kUpdatePayout,    kListPayoutsOfClaim, kListPayoutsOfState,
    kListPayoutsOfRun, kInsertPayoutRun, kFindPayoutRun,      kListPayoutRuns,
    kReleasePayoutRun, kCancelPayoutRun, kInsertBankWord};

}  // namespace jaring::sql
