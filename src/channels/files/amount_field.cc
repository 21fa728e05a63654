// Amounts of field_parse.h.

#include <algorithm>
#include <array>

#include "base/text.h"
#include "channels/files/field_parse.h"

namespace jaring {
namespace {

enum class Flaw : std::uint8_t { kNone, kMissing, kMalformed, kAmbiguous, kFraction, kTooLarge };

/// Each kind of amount has its own names for what is wrong, in the order of Flaw.
using FlawNames = std::array<std::string_view, 6>;
constexpr FlawNames kAmountFlaws = {"",
                                    "amount.missing",
                                    "amount.malformed",
                                    "amount.ambiguous",
                                    "amount.fraction",
                                    "amount.too_large"};
constexpr FlawNames kIncomeFlaws = {"",
                                    "income.missing",
                                    "income.malformed",
                                    "income.ambiguous",
                                    "income.fraction",
                                    "income.too_large"};

struct Amount {
  std::int64_t rupiah = 0;
  Flaw flaw = Flaw::kNone;
};

Amount Wrong(Flaw flaw) {
  return {0, flaw};
}

Amount Whole(std::string_view digits, bool negative) {
  constexpr std::size_t kMaxDigits = 16;
  if (!IsAllDigits(digits)) {
    return Wrong(Flaw::kMalformed);
  }
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const auto value = digits.size() <= kMaxDigits ? ParseInteger(digits) : std::nullopt;
  if (!value || *value > Money::kMaxRupiah) {
    return Wrong(Flaw::kTooLarge);
  }
  return {negative ? -*value : *value, Flaw::kNone};
}

/// "16.800.000" with its separators in the right places, as digits alone; empty when they are not.
std::string Ungrouped(std::string_view text, char separator) {
  std::string digits;
  bool first = true;
  for (const std::string_view group : Split(text, separator)) {
    const bool right_size =
        first ? !group.empty() && group.size() <= 3 && group[0] != '0' : group.size() == 3;
    if (!right_size || !IsAllDigits(group)) {
      return {};
    }
    digits += group;
    first = false;
  }
  return digits;
}

/// Digits after a decimal sign: only zeros are whole rupiah.
Flaw FractionFlaw(std::string_view fraction) {
  if (!IsAllDigits(fraction) || fraction.size() > 2) {
    return Flaw::kMalformed;
  }
  return fraction.find_first_not_of('0') == std::string_view::npos ? Flaw::kNone : Flaw::kFraction;
}

/// One kind of sign in the number: thousands or decimals, or it cannot be told.
Amount OneSign(std::string_view text, char sign, bool negative) {
  const std::size_t at = text.find(sign);
  const std::string_view tail = text.substr(at + 1);
  if (tail.find(sign) != std::string_view::npos || (sign == '.' && tail.size() == 3)) {
    return Whole(Ungrouped(text, sign), negative);
  }
  if (!IsAllDigits(text.substr(0, at)) || !IsAllDigits(tail)) {
    return Wrong(Flaw::kMalformed);
  }
  if (tail.size() > 2) {
    // "16,800": sixteen thousand to an English reader, sixteen and a bit to an Indonesian one.
    return Wrong(tail.size() == 3 ? Flaw::kAmbiguous : Flaw::kMalformed);
  }
  if (FractionFlaw(tail) != Flaw::kNone) {
    // A point and "80" may be eighty sen or a lost zero; a comma is the decimal sign here.
    return Wrong(sign == '.' ? Flaw::kAmbiguous : Flaw::kFraction);
  }
  return Whole(text.substr(0, at), negative);
}

/// Both signs: the last one divides the decimals.
Amount TwoSigns(std::string_view text, bool negative) {
  const std::size_t last = text.find_last_of(".,");
  const char thousands = text[last] == '.' ? ',' : '.';
  const std::string whole = Ungrouped(text.substr(0, last), thousands);
  const Flaw flaw = FractionFlaw(text.substr(last + 1));
  if (whole.empty() || flaw != Flaw::kNone) {
    return Wrong(whole.empty() ? Flaw::kMalformed : flaw);
  }
  return Whole(whole, negative);
}

bool TakePrefix(std::string_view& text, std::string_view lower) {
  if (text.size() < lower.size() || ToLower(text.substr(0, lower.size())) != lower) {
    return false;
  }
  text = Trim(text.substr(lower.size()));
  return true;
}

Amount ParseAmount(std::string_view text) {
  constexpr std::size_t kMaxBytes = 40;
  text = Trim(text);
  if (text.starts_with('\'')) {
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return Wrong(Flaw::kMissing);
  }
  if (text.size() > kMaxBytes) {
    return Wrong(Flaw::kMalformed);
  }
  if (IsDigit(text.front()) && IsAllDigits(text)) {
    return Whole(text, false);
  }
  bool negative = TakePrefix(text, "-");
  const bool rp = TakePrefix(text, "rp");
  if (rp) {
    TakePrefix(text, ".");
  }
  if ((rp || TakePrefix(text, "idr")) && !negative) {
    negative = TakePrefix(text, "-");
  }
  if (text.ends_with(",-") || text.ends_with(",--")) {
    text = text.substr(0, text.rfind(','));  // "16.800,-": no sen.
  }
  const bool has_point = text.find('.') != std::string_view::npos;
  const bool has_comma = text.find(',') != std::string_view::npos;
  if (has_point && has_comma) {
    return TwoSigns(text, negative);
  }
  return has_point || has_comma ? OneSign(text, has_point ? '.' : ',', negative)
                                : Whole(text, negative);
}

Error Refused(const FlawNames& names, Flaw flaw) {
  return Invalid(std::string(names[static_cast<std::size_t>(flaw)]));
}

}  // namespace

Result<Money> ParseAmountField(std::string_view text) {
  const Amount amount = ParseAmount(text);
  if (amount.flaw != Flaw::kNone) {
    return Refused(kAmountFlaws, amount.flaw);
  }
  return Money::FromRupiah(amount.rupiah);
}

Result<Money> ParseIncomeField(std::string_view text) {
  const Amount amount = ParseAmount(text);
  if (amount.flaw != Flaw::kNone) {
    return Refused(kIncomeFlaws, amount.flaw);
  }
  if (amount.rupiah <= 0) {
    return Invalid("income.not_positive");
  }
  return Money::FromRupiah(amount.rupiah);
}

}  // namespace jaring
