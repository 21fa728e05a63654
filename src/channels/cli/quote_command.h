#pragma once

// `jaring quote`: what the months ahead would cost, month by month, and why.

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "channels/text/messages.h"
#include "rules/tariff.h"

namespace jaring {

enum class QuoteForm : std::uint8_t { kTable, kJson };

/// The command line as typed; Quote reads and checks it.
struct QuoteRequest {
  std::int64_t income = 0;  // Rupiah per month.
  std::string programmes = "JKK,JKM";
  std::string sector = "other";        // A sector's code.
  std::string from;                    // First month, "YYYY-MM".
  std::int64_t months = 1;             // 1 to 120.
  std::string payer = "self";          // self or government.
  std::optional<std::string> joined;   // "YYYY-MM"; without it a member already.
  std::optional<std::string> paid_on;  // "YYYY-MM-DD"; without it `today`.
  Date today = Date::FromYearMonthDay(1900, 1, 1);
  QuoteForm form = QuoteForm::kTable;
};

/// Prints the price of each month and programme with the relief applied and its source. Returns the
/// exit code: 0, or 2 when the request is wrong; then `err` has the rule id and its sentence.
///
/// Errors: month.malformed, date.malformed, date.impossible, money.out_of_range, income.negative,
/// programmes.unknown, programmes.empty, programmes.compulsory_missing, programmes.not_offered,
/// sector.unknown, payer.unknown, quote.months_out_of_range, quote.joined_after_start,
/// tariff.none_for_month.
int Quote(const Scheme& scheme, const Messages& messages, const QuoteRequest& request,
          std::ostream& out, std::ostream& err);

}  // namespace jaring
