#pragma once

// The numbers people are known by: NIK, member number, bill code. Shape and check digits only.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/result.h"

namespace jaring {

enum class Sex : std::uint8_t { kMale = 1, kFemale = 2 };

/// Identity number: sixteen digits, PPKKCC DDMMYY SSSS, day + 40 for women. Never logged; there is
/// no operator<<.
class Nik {
 public:
  /// Errors, first match wins: nik.not_sixteen_digits, nik.unknown_province, nik.impossible_date,
  /// nik.serial_zero (unless `allow_fake`: demo identities have serial 0000).
  static Result<Nik> Parse(std::string_view text, bool allow_fake);

  /// The sixteen digits. Easy to search for: each use needs a reason.
  const std::string& Reveal() const { return digits_; }
  /// "331201******0001": first six and last four.
  std::string Masked() const;

  Sex sex() const;
  /// Does the birth date in the NIK agree with `birth`? The year has two digits, so centuries
  /// agree.
  bool AgreesWithBirth(Date birth) const;

  friend bool operator==(const Nik&, const Nik&) = default;

 private:
  explicit Nik(std::string digits) : digits_(std::move(digits)) {}
  std::string digits_;
};

/// Member number (KPJ): 11 digits, the person's 9 and the membership's 2. Never reused.
///
/// Limit: person ids 100'000'000 to 999'999'999; 99 memberships for a person.
struct MemberNumber {
  static constexpr std::int64_t kFirstPersonId = 100'000'000;
  static constexpr std::int64_t kLastPersonId = 999'999'999;
  static constexpr int kMaxMemberships = 99;

  std::int64_t person_id = 0;
  int membership_seq = 0;

  /// Errors: member_number.malformed.
  static Result<MemberNumber> Parse(std::string_view text);
  std::int64_t number() const { return person_id * 100 + membership_seq; }
  std::string ToString() const;
  friend auto operator<=>(const MemberNumber&, const MemberNumber&) = default;
};

/// Bill code: the member number and one check digit (Damm), so that any single wrong digit and any
/// swap of neighbours is caught. 12 digits.
std::string BillCodeOf(const MemberNumber& member);

/// Spaces and '-' between digits are allowed, as printed codes have them.
///
/// Errors: bill_code.malformed, bill_code.check_digit.
Result<MemberNumber> ParseBillCode(std::string_view text);

/// The Damm check digit of a run of digits. Source: H. M. Damm, 2004 (quasigroup of order 10).
char DammDigit(std::string_view digits);

/// An Indonesian phone number as digits in international form: "6281234567890".
///
/// Accepts +62…, 62…, 0…, and 8… (spreadsheets drop the 0), with spaces, dots and '-'.
/// Limit: 8 to 13 digits after the country code; mobile and fixed lines.
/// Errors: phone.malformed.
Result<std::string> ParsePhone(std::string_view text);

}  // namespace jaring
