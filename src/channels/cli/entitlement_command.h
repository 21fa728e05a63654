#pragma once

// `jaring entitlement`: what an accident, a death or the end of saving gives by the scheme, with
// its working. Asks no database: the facts are those that are given.

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "channels/text/messages.h"
#include "rules/entitlement.h"
#include "rules/savings_claim.h"

namespace jaring {

/// As on the command line.
struct AccidentRequest {
  std::string on;                  // The day, YYYY-MM-DD.
  std::int64_t income = 0;         // Rupiah a month, which gives the bracket of that day.
  std::string outcome;             // See AccidentOutcomeCode.
  std::vector<std::string> spent;  // "jkk-transport-land=1000000", with "/PRICE" where needed.
  int months_unable = 0;
  int days_unable = 0;
  std::vector<std::string> lost;      // "thumb-right", "scalp=20": per cent the doctor found.
  std::vector<std::string> lessened;  // "hand-left-from-wrist=50": per cent of its function.
  int contribution_months = 0;
  int children = 0;
};

/// Errors: date.malformed, date.impossible, money.out_of_range, income.negative,
/// tariff.none_for_month, question.outcome_unknown, question.words_malformed.
Result<AccidentFacts> ReadAccident(const Scheme& scheme, const AccidentRequest& request);

/// A table with the working of every amount, and what is withheld.
void PrintEntitlement(const Entitlement& work, const Messages& messages, std::ostream& out);

/// Gross, tax, net with their workings.
void PrintSavingsClaim(const SavingsClaim& claim, std::ostream& out);

}  // namespace jaring
