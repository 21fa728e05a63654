#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertMerge = R"sql(
INSERT INTO person_merge (person_id, merge_id, kept_person_id, merged_at, payment_mark)
VALUES ($1, $2, $3, $4, $5)
)sql";

inline constexpr std::string_view kFindMerge = R"sql(
SELECT person_id, kept_person_id, payment_mark, undone_at FROM person_merge WHERE merge_id = $1
)sql";

// $1: a person; of the merges into her that hold, the newest.
inline constexpr std::string_view kFindNewestMergeInto = R"sql(
SELECT merge_id, payment_mark FROM person_merge
WHERE kept_person_id = $1 AND undone_at IS NULL ORDER BY merge_id DESC LIMIT 1
)sql";

inline constexpr std::string_view kUndoMerge = R"sql(
UPDATE person_merge SET undone_at = $2 WHERE merge_id = $1 AND undone_at IS NULL
)sql";

inline constexpr std::string_view kInsertMergedPerson = R"sql(
INSERT INTO merged_person (person_id, kept_person_id) VALUES ($1, $2)
)sql";

inline constexpr std::string_view kDeleteMergedPerson = R"sql(
DELETE FROM merged_person WHERE person_id = $1
)sql";

inline constexpr std::string_view kInsertMergeTrim = R"sql(
INSERT INTO merge_trim (person_id, merge_id, contribution_id) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kListMergeTrims = R"sql(
SELECT t.contribution_id, c.membership_seq, c.payment_id, c.first_month, c.months, c.jkk_rupiah,
       c.jkm_rupiah, c.jht_rupiah
FROM merge_trim t
JOIN contribution c ON c.person_id = t.person_id AND c.contribution_id = t.contribution_id
WHERE t.person_id = $1 AND t.merge_id = $2 ORDER BY t.contribution_id
)sql";

inline constexpr std::string_view kInsertCreditMove = R"sql(
INSERT INTO credit_move (person_id, payment_id, merge_id, partner_id, amount_rupiah, paid_at,
                         posted_at, of_payment_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

inline constexpr std::string_view kListCreditMovesOfPerson = R"sql(
SELECT payment_id, partner_id, amount_rupiah, paid_at, posted_at, of_payment_id, merge_id
FROM credit_move WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::string_view kInsertRedirected = R"sql(
INSERT INTO redirected_payment (person_id, payment_id, sent_to_person_id) VALUES ($1, $2, $3)
)sql";

// Payments of a kept person that were sent to another number after payment $2.
inline constexpr std::string_view kListRedirected = R"sql(
SELECT payment_id FROM redirected_payment
WHERE person_id = $1 AND payment_id > $2 AND sent_to_person_id = $3 ORDER BY payment_id
)sql";

inline constexpr std::array kMergeStatements = {
    kInsertMerge,        kFindMerge,        kFindNewestMergeInto,     kUndoMerge,
    kInsertMergedPerson, kInsertMergeTrim,  kDeleteMergedPerson,      kListMergeTrims,
    kInsertCreditMove,   kInsertRedirected, kListCreditMovesOfPerson, kListRedirected};

}  // namespace jaring::sql
