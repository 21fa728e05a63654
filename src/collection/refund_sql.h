#pragma once

#include <array>
#include <string_view>

namespace jaring::sql {

inline constexpr std::string_view kInsertRefund = R"sql(
INSERT INTO refund (person_id, payment_id, claim_person_id, claim_seq, amount_rupiah, refunded_at)
VALUES ($1, $2, $3, $4, $5, $6)
)sql";

inline constexpr std::string_view kListRefundsOfPerson = R"sql(
SELECT payment_id, amount_rupiah, refunded_at FROM refund WHERE person_id = $1 ORDER BY payment_id
)sql";

inline constexpr std::array kRefundStatements = {kInsertRefund, kListRefundsOfPerson};

}  // namespace jaring::sql
