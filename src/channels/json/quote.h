#pragma once

// What months would cost: a calculation, the same for the command line and for HTTP.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/tariff.h"

namespace jaring {

/// A question as it came in; MakeQuote reads and checks it.
struct QuoteRequest {
  std::int64_t income = 0;  // Rupiah per month.
  std::string programmes = "JKK,JKM";
  std::string sector = "other";        // A sector's code.
  std::string from;                    // First month, "YYYY-MM".
  std::int64_t months = 1;             // 1 to 120.
  std::string payer = "self";          // A PayerCode.
  std::optional<std::string> joined;   // "YYYY-MM"; without it a member already.
  std::optional<std::string> paid_on;  // "YYYY-MM-DD"; without it `today`.
  Date today = Date::FromYearMonthDay(1900, 1, 1);
};

struct QuotedMonth {
  MonthPrice price;
  std::vector<const Relief*> reliefs;   // Applied; each once.
  std::vector<const Relief*> excluded;  // Would apply if no public budget paid.
};

struct QuoteAnswer {
  Terms terms;
  Date paid_on = Date::FromYearMonthDay(1900, 1, 1);
  std::vector<QuotedMonth> months;
  ByProgramme sum;
};

/// Errors: month.malformed, date.malformed, date.impossible, money.out_of_range, income.negative,
/// programmes.unknown, programmes.empty, programmes.compulsory_missing, programmes.not_offered,
/// sector.unknown, payer.unknown, quote.months_out_of_range, quote.joined_after_start,
/// tariff.none_for_month.
Result<QuoteAnswer> MakeQuote(const Scheme& scheme, const QuoteRequest& request);

/// {"months":[{"month","programmes","total","notes"}…],"total"}.
std::string QuoteJson(const QuoteAnswer& answer);

}  // namespace jaring
