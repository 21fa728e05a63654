#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kFindReference = R"sql(
SELECT payment_id, person_id, amount_rupiah FROM payment_reference
WHERE partner_id = $1 AND reference = $2 AND kind = $3
)sql";

inline constexpr std::string_view kInsertReference = R"sql(
INSERT INTO payment_reference (partner_id, reference, kind, payment_id, person_id, amount_rupiah)
VALUES ($1, $2, $3, $4, $5, $6)
)sql";

inline constexpr std::string_view kFindNewestPayment = R"sql(
SELECT payment_id, posted_at FROM payment WHERE person_id = $1 ORDER BY payment_id DESC LIMIT 1
)sql";

inline constexpr std::string_view kRenumberReference = R"sql(
UPDATE payment_reference SET payment_id = $4
WHERE partner_id = $1 AND reference = $2 AND kind = 1 AND payment_id = $3
)sql";

inline constexpr std::string_view kIsPosted = R"sql(
SELECT 1 FROM payment WHERE person_id = $1 AND payment_id = $2
)sql";

inline constexpr std::string_view kReserveReference = R"sql(
INSERT INTO payment_reference (partner_id, reference, kind, payment_id, person_id, amount_rupiah)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (partner_id, reference, kind) DO NOTHING
)sql";

inline constexpr std::string_view kMoveReference = R"sql(
UPDATE payment_reference SET person_id = $4
WHERE partner_id = $1 AND reference = $2 AND kind = $3
)sql";

inline constexpr std::string_view kInsertPayment = R"sql(
INSERT INTO payment
  (person_id, payment_id, partner_id, reference, kind, amount_rupiah, paid_at, posted_at, channel,
   of_payment_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

inline constexpr std::string_view kInsertLatePosting = R"sql(
INSERT INTO late_posting (person_id, payment_id, booked_on) VALUES ($1, $2, $3)
)sql";

inline constexpr std::string_view kInsertContribution = R"sql(
INSERT INTO contribution
  (person_id, contribution_id, membership_seq, payment_id, first_month, months, jkk_rupiah,
   jkm_rupiah, jht_rupiah, posted_at, reverses_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
)sql";

inline constexpr std::string_view kListPaymentsOfPerson = R"sql(
SELECT payment_id, partner_id, reference, kind, amount_rupiah, paid_at, posted_at, of_payment_id
FROM payment WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::string_view kListContributionsOfPerson = R"sql(
SELECT contribution_id, membership_seq, payment_id, first_month, months, jkk_rupiah, jkm_rupiah,
       jht_rupiah, posted_at, reverses_id
FROM contribution WHERE person_id = $1 ORDER BY contribution_id
)sql";

inline constexpr std::string_view kInsertSuspense = R"sql(
INSERT INTO suspense (payment_id, reason, bill_code, amount_rupiah, placed_payment_id)
VALUES ($1, $2, $3, $4, $5)
)sql";

inline constexpr std::string_view kListSuspense = R"sql(
SELECT s.payment_id, p.partner_id, p.reference, p.amount_rupiah, p.paid_at, s.reason, s.bill_code
FROM suspense s JOIN payment p ON p.person_id = 0 AND p.payment_id = s.payment_id
WHERE s.placed_payment_id IS NULL ORDER BY s.payment_id LIMIT $1
)sql";

inline constexpr std::string_view kFindSuspense = R"sql(
SELECT p.paid_at, p.amount_rupiah, s.placed_payment_id, p.channel
FROM suspense s JOIN payment p ON p.person_id = 0 AND p.payment_id = s.payment_id
WHERE s.payment_id = $1
)sql";

inline constexpr std::string_view kPlaceSuspense = R"sql(
UPDATE suspense SET placed_payment_id = $2 WHERE payment_id = $1
)sql";

inline constexpr std::string_view kFindPersonOfPlacement = R"sql(
SELECT person_id FROM payment_reference WHERE partner_id = $1 AND reference = $2 AND kind = 3
)sql";

inline constexpr std::string_view kFindReferenceAnyPartner = R"sql(
SELECT r.payment_id, r.person_id, r.partner_id, p.name, r.kind
FROM payment_reference r JOIN partner p ON p.partner_id = r.partner_id
WHERE r.reference = $1 ORDER BY r.partner_id, r.kind
)sql";

inline constexpr std::array kCollectionStatements = {
    kFindReference,      kInsertReference,       kInsertPayment,
    kInsertLatePosting,  kMoveReference,         kReserveReference,
    kIsPosted,           kFindNewestPayment,     kRenumberReference,
    kInsertContribution, kListPaymentsOfPerson,  kListContributionsOfPerson,
    kInsertSuspense,     kListSuspense,          kFindSuspense,
    kPlaceSuspense,      kFindPersonOfPlacement, kFindReferenceAnyPartner};

}  // namespace jaring::sql
