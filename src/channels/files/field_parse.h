#pragma once

// Fields as people really write them, to the values the program works with. What could be meant two
// ways is refused: a guess about money or a birth date is worse than a question.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/money.h"
#include "base/result.h"
#include "rules/identity.h"

namespace jaring {

/// A NIK, also with spaces, dots or '-' between digits or a spreadsheet's leading apostrophe.
///
/// Errors: nik.missing, nik.lost_digits ("3.37201E+15"), and those of Nik::Parse.
Result<Nik> ParseNikField(std::string_view text, bool allow_fake);

/// A name with its spaces tidied.
///
/// Limit:  100 bytes.
/// Errors: name.missing, name.too_long, name.not_a_name (digits or control characters, no letter).
Result<std::string> ParseNameField(std::string_view text);

/// "1990-05-17", "1990/05/17", "17/05/1990", "17-5-1990", "17.05.1990", "17 Mei 1990", with month
/// names and their short forms in Indonesian or English. The day comes before the month.
///
/// Errors: date.missing, date.two_digit_year, date.malformed, date.impossible.
Result<Date> ParseDateField(std::string_view text);

/// L, laki-laki, pria, M, male; P, perempuan, wanita, F, female. P is always perempuan.
///
/// Errors: sex.missing, sex.unknown.
Result<Sex> ParseSexField(std::string_view text);

/// "16800", "16.800", "Rp 16.800,00", "16.800,-", "16,800.00"; '-' before it for a reversal.
/// "16,800" and "16.80" could be two amounts and are refused.
///
/// Units:  whole rupiah.
/// Errors: amount.missing, amount.malformed, amount.ambiguous, amount.fraction, amount.too_large.
Result<Money> ParseAmountField(std::string_view text);

/// As ParseAmountField, for a month's income.
///
/// Units:  whole rupiah per month.
/// Errors: income.missing, income.malformed, income.ambiguous, income.fraction, income.too_large,
/// income.not_positive.
Result<Money> ParseIncomeField(std::string_view text);

/// Nothing for an empty field. A number that lost its leading 0 in a spreadsheet is understood.
///
/// Errors: phone.malformed, phone.lost_digits.
Result<std::optional<std::string>> ParsePhoneField(std::string_view text);

/// "33.72.01.1001" or "3372011001" as 3372011001. Whether there is such a village is the
/// registry's question.
///
/// Errors: village_code.missing, village_code.malformed.
Result<std::int64_t> ParseVillageField(std::string_view text);

/// "id", "en", "jv", "su" or "mad", by code or by name; "id" for an empty field.
///
/// Errors: language.unknown.
Result<std::string> ParseLanguageField(std::string_view text);

/// What Instant::ParseLocal reads, and days written "15/03/2026" with or without a time.
///
/// Errors: paid_at.missing, paid_at.malformed.
Result<Instant> ParsePaidAtField(std::string_view text);

/// A partner's reference: printable, no spaces inside. The answer is a part of `text`.
///
/// Limit:  64 bytes.
/// Errors: reference.missing, reference.too_long, reference.malformed.
Result<std::string_view> ParseReferenceField(std::string_view text);

}  // namespace jaring
