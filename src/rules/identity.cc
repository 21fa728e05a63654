#include "rules/identity.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace jaring {
namespace {

constexpr std::size_t kNikDigits = 16;
constexpr std::size_t kMemberNumberDigits = 11;
constexpr std::size_t kBillCodeDigits = kMemberNumberDigits + 1;

// The 38 provinces of 2022, 54 (East Timor, until 1999) and 97 (used for the Papuan highlands in
// statistics). A NIK keeps the code of the place that issued it, so codes are never taken away.
constexpr std::string_view kProvinces =
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 54 61 62 63 64 65 "
    "71 72 73 74 75 76 81 82 91 92 93 94 95 96 97";

constexpr int TwoDigits(std::string_view digits, std::size_t at) {
  return (digits[at] - '0') * 10 + (digits[at + 1] - '0');
}

bool IsProvince(std::string_view code) {
  for (std::size_t at = 0; at < kProvinces.size(); at += 3) {
    if (kProvinces.substr(at, 2) == code) {
      return true;
    }
  }
  return false;
}

/// The day of birth in a NIK, without the 40 that marks women.
int NikDay(std::string_view digits) {
  const int day = TwoDigits(digits, 6);
  return day > 40 ? day - 40 : day;
}

bool HasPossibleDate(std::string_view digits) {
  constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int day = NikDay(digits);
  const int month = TwoDigits(digits, 8);
  if (month < 1 || month > 12 || day < 1 || day > kDays[static_cast<std::size_t>(month - 1)]) {
    return false;
  }
  // Year 00 may be 2000, a leap year.
  return day != 29 || month != 2 || TwoDigits(digits, 10) % 4 == 0;
}

/// The digits of a printed code without the spaces and '-' between them; nothing when other
/// characters are there or the count is not `Count`.
template <std::size_t Count>
std::optional<std::array<char, Count>> TakeDigits(std::string_view text) {
  std::array<char, Count> digits = {};
  std::size_t count = 0;
  if (text.empty() || !IsDigit(text.back())) {
    return std::nullopt;
  }
  for (const char c : text) {
    if (IsDigit(c) && count < Count) {
      digits[count++] = c;
    } else if (count == 0 || (c != ' ' && c != '-')) {
      return std::nullopt;
    }
  }
  return count == Count ? std::optional(digits) : std::nullopt;
}

}  // namespace

Result<Nik> Nik::Parse(std::string_view text, bool allow_fake) {
  if (text.size() != kNikDigits || !IsAllDigits(text)) {
    return Invalid("nik.not_sixteen_digits");
  }
  if (!IsProvince(text.substr(0, 2))) {
    return Invalid("nik.unknown_province");
  }
  if (!HasPossibleDate(text)) {
    return Invalid("nik.impossible_date");
  }
  if (!allow_fake && text.substr(12) == "0000") {
    return Invalid("nik.serial_zero");
  }
  return Nik(std::string(text));
}

std::string Nik::Masked() const {
  return digits_.substr(0, 6) + "******" + digits_.substr(12);
}

Sex Nik::sex() const {
  return TwoDigits(digits_, 6) > 40 ? Sex::kFemale : Sex::kMale;
}

bool Nik::AgreesWithBirth(Date birth) const {
  return NikDay(digits_) == birth.day() && TwoDigits(digits_, 8) == birth.month_of_year() &&
         TwoDigits(digits_, 10) == birth.year() % 100;
}

Result<MemberNumber> MemberNumber::Parse(std::string_view text) {
  const auto number =
      text.size() == kMemberNumberDigits && IsAllDigits(text) ? ParseInteger(text) : std::nullopt;
  if (!number) {
    return Invalid("member_number.malformed");
  }
  const MemberNumber member{*number / 100, static_cast<int>(*number % 100)};
  if (member.person_id < kFirstPersonId || member.membership_seq < 1) {
    return Invalid("member_number.malformed");
  }
  return member;
}

std::string MemberNumber::ToString() const {
  JARING_CHECK(person_id >= kFirstPersonId && person_id <= kLastPersonId);
  JARING_CHECK(membership_seq >= 1 && membership_seq <= kMaxMemberships);
  return std::to_string(number());
}

std::string BillCodeOf(const MemberNumber& member) {
  std::string code = member.ToString();
  code += DammDigit(code);
  return code;
}

Result<MemberNumber> ParseBillCode(std::string_view text) {
  const auto digits = TakeDigits<kBillCodeDigits>(Trim(text));
  if (!digits) {
    return Invalid("bill_code.malformed");
  }
  const std::string_view code(digits->data(), digits->size());
  if (DammDigit(code.substr(0, kMemberNumberDigits)) != code.back()) {
    return Invalid("bill_code.check_digit");
  }
  auto member = MemberNumber::Parse(code.substr(0, kMemberNumberDigits));
  if (!member) {
    return Invalid("bill_code.malformed");
  }
  return member;
}

char DammDigit(std::string_view digits) {
  constexpr std::array<std::string_view, 10> kQuasigroup = {
      "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
      "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"};
  std::size_t interim = 0;
  for (const char c : digits) {
    JARING_CHECK(IsDigit(c));
    interim =
        static_cast<std::size_t>(kQuasigroup[interim][static_cast<std::size_t>(c - '0')] - '0');
  }
  return static_cast<char>('0' + interim);
}

Result<std::string> ParsePhone(std::string_view text) {
  constexpr std::size_t kMinNational = 8;
  constexpr std::size_t kMaxNational = 13;
  text = Trim(text);
  const bool plus = !text.empty() && text.front() == '+';
  text.remove_prefix(plus ? 1 : 0);
  std::string digits;
  for (const char c : text) {
    if (IsDigit(c)) {
      digits += c;
    } else if (c != ' ' && c != '.' && c != '-') {
      return Invalid("phone.malformed");
    }
  }
  std::string_view national = digits;
  if (national.substr(0, 2) == "62") {
    national.remove_prefix(2);
  } else if (!plus && national.substr(0, 1) == "0") {
    national.remove_prefix(1);
  } else if (plus || national.substr(0, 1) != "8") {
    return Invalid("phone.malformed");
  }
  // Neither an area nor a mobile prefix begins with 0 or 1.
  if (national.size() < kMinNational || national.size() > kMaxNational || national[0] < '2') {
    return Invalid("phone.malformed");
  }
  return "62" + std::string(national);
}

}  // namespace jaring
