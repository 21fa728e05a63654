#pragma once

// Reads what a question states, and writes what an answer holds.

#include "rules/coverage.h"
#include "wasm/question.h"

namespace jaring {

std::string AnswerText(Money amount);
std::string AnswerText(const std::optional<Date>& date);  // "none" without one.
std::string YesNo(bool yes);

/// Errors, of all: question.given_missing, and those of the value's own kind.
Result<Money> ReadMoney(const Givens& givens, std::string_view key);
Result<Month> ReadMonth(const Givens& givens, std::string_view key);
Result<Date> ReadDate(const Givens& givens, std::string_view key);
Result<std::optional<Date>> ReadDateIfGiven(const Givens& givens, std::string_view key);

/// Errors: question.number_malformed, also of a number outside the limits. Not given: `otherwise`.
Result<std::int64_t> ReadNumber(const Givens& givens, std::string_view key, std::int64_t least,
                                std::int64_t most, std::int64_t otherwise);

/// "yes" or "no"; not given is no. Errors: question.yes_or_no.
Result<bool> ReadYes(const Givens& givens, std::string_view key);

/// "2025-01..2025-03". Errors: month.malformed.
Result<MonthSpan> ReadSpan(std::string_view text);

/// "1 JKK,JKM 2025-01..2025-03 from DATE ended DATE". Errors: question.membership_malformed.
Result<CoveredSpell> ReadMembership(std::string_view text);

}  // namespace jaring
