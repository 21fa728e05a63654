#pragma once

// The letter about a claim: how far it is, what is missing, what it comes to and how, or why it was
// refused and what can be done about that. Indonesian first, then the member's language.

#include <string>
#include <vector>

#include "channels/text/messages.h"
#include "claims/claim_desk.h"
#include "claims/payout.h"

namespace jaring {

/// Everything in the letter; nothing is looked up.
struct ClaimLetter {
  const ClaimView& view;
  const std::vector<Payout>& payouts;
  bool is_masked = true;  // Names are masked.
  Language language = Language::kIndonesian;
  Date written_on = Date::FromYearMonthDay(1900, 1, 1);
};

/// The PDF file's bytes; the same claim gives the same bytes. Accounts show their last four signs.
///
/// Limit:  Latin letters; others become '?'.
/// Errors: claim.not_reported (a draft has no letter), receipt.not_made.
Result<std::string> MakeClaimLetter(const Scheme& scheme, const Messages& texts,
                                    const ClaimLetter& letter);

}  // namespace jaring
