#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kListWaiting = R"sql(
SELECT s.payment_id, c.code, p.reference, p.amount_rupiah, p.paid_at, p.posted_at, s.reason,
       s.bill_code
FROM suspense s JOIN payment p ON p.person_id = 0 AND p.payment_id = s.payment_id
JOIN partner c ON c.partner_id = p.partner_id
WHERE s.placed_payment_id IS NULL AND s.payment_id > $1 AND ($2 = 0 OR p.partner_id = $2)
ORDER BY s.payment_id LIMIT $3
)sql";

// $1: payment_id, of one in suspense or placed since.
inline constexpr std::string_view kFindWaiting = R"sql(
SELECT s.payment_id, c.code, p.reference, p.amount_rupiah, p.paid_at, p.posted_at, s.reason,
       s.bill_code
FROM suspense s JOIN payment p ON p.person_id = 0 AND p.payment_id = s.payment_id
JOIN partner c ON c.partner_id = p.partner_id
WHERE s.payment_id = $1
)sql";

inline constexpr std::string_view kListReferences = R"sql(
SELECT kind, payment_id, person_id FROM payment_reference
WHERE partner_id = $1 AND reference = $2 ORDER BY kind
)sql";

inline constexpr std::array kPaymentViewStatements = {kListWaiting, kFindWaiting, kListReferences};

}  // namespace jaring::sql
