#pragma once

// Exact money and exact shares of it. Nothing here knows a rate of the law.

#include <compare>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/result.h"

namespace jaring {

/// How a fraction of a rupiah becomes whole. Every caller names it; there is no default.
enum class Rounding : std::uint8_t { kDown, kHalfUp, kUp };

/// A share of something.
///
/// Units: parts per million; 1 % is 10'000.
/// Limit: 0 to 100'000'000 (a hundredfold), so that benefit multiples fit too.
class Rate {
 public:
  static constexpr std::int64_t kMaxPpm = 100'000'000;

  static constexpr Rate FromPpm(std::int64_t ppm) {
    JARING_CHECK(ppm >= 0);
    JARING_CHECK(ppm <= kMaxPpm);
    return Rate(ppm);
  }

  constexpr std::int64_t ppm() const { return ppm_; }
  friend constexpr auto operator<=>(const Rate&, const Rate&) = default;

 private:
  explicit constexpr Rate(std::int64_t ppm) : ppm_(ppm) {}
  std::int64_t ppm_;
};

/// An exact amount of money; negative means owed the other way.
///
/// Units: whole rupiah.
/// Limit: ±9 * 10^15 rupiah. It stays under 2^53, so a JSON or JavaScript number holds it exactly.
class Money {
 public:
  static constexpr std::int64_t kMaxRupiah = 9'000'000'000'000'000;

  constexpr Money() : rupiah_(0) {}

  /// For amounts our own code computed; going past the limit is a bug.
  static constexpr Money FromRupiah(std::int64_t rupiah) {
    JARING_CHECK(rupiah >= -kMaxRupiah);
    JARING_CHECK(rupiah <= kMaxRupiah);
    return Money(rupiah);
  }

  /// For amounts from outside: requests, files, rows.
  ///
  /// Errors: money.out_of_range.
  static Result<Money> ParseRupiah(std::int64_t rupiah);

  constexpr std::int64_t rupiah() const { return rupiah_; }
  constexpr bool is_zero() const { return rupiah_ == 0; }

  friend constexpr auto operator<=>(const Money&, const Money&) = default;
  friend constexpr Money operator+(Money a, Money b) { return FromRupiah(a.rupiah_ + b.rupiah_); }
  friend constexpr Money operator-(Money a, Money b) { return FromRupiah(a.rupiah_ - b.rupiah_); }
  constexpr Money operator-() const { return Money(-rupiah_); }
  constexpr Money& operator+=(Money other) { return *this = *this + other; }
  constexpr Money& operator-=(Money other) { return *this = *this - other; }

 private:
  explicit constexpr Money(std::int64_t rupiah) : rupiah_(rupiah) {}
  std::int64_t rupiah_;
};

/// Returns `rate` of `amount`, rounded to a whole rupiah. `amount` must not be negative.
Money Share(Money amount, Rate rate, Rounding rounding);

/// "1.234.567", as Indonesians write it; no currency sign.
std::string FormatRupiah(Money amount);

}  // namespace jaring
