#pragma once

// `jaring quote`: what the months ahead would cost, month by month, and why.

#include <cstdint>
#include <ostream>

#include "channels/json/quote.h"
#include "channels/text/messages.h"

namespace jaring {

enum class QuoteForm : std::uint8_t { kTable, kJson };

/// Prints the price of each month and programme with the relief applied and its source. Returns the
/// exit code: 0, or 2 when the request is wrong; then `err` has the rule id and its sentence.
///
/// Errors: month.malformed, date.malformed, date.impossible, money.out_of_range, income.negative,
/// programmes.unknown, programmes.empty, programmes.compulsory_missing, programmes.not_offered,
/// sector.unknown, payer.unknown, quote.months_out_of_range, quote.joined_after_start,
/// tariff.none_for_month.
int Quote(const Scheme& scheme, const Messages& messages, const QuoteRequest& request,
          QuoteForm form, std::ostream& out, std::ostream& err);

}  // namespace jaring
