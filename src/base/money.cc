#include "base/money.h"

namespace jaring {

Result<Money> Money::ParseRupiah(std::int64_t rupiah) {
  if (rupiah < -kMaxRupiah || rupiah > kMaxRupiah) {
    return Invalid("money.out_of_range");
  }
  return Money(rupiah);
}

Money Share(Money amount, Rate rate, Rounding rounding) {
  JARING_CHECK(amount >= Money());
  constexpr std::int64_t kWhole = 1'000'000;
  // Split first: 9e15 times 1e8 would pass 64 bits, and wasm32 has no cheap 128-bit product.
  const std::int64_t millions = amount.rupiah() / kWhole;
  const std::int64_t rest = (amount.rupiah() % kWhole) * rate.ppm();
  JARING_CHECK(rate.ppm() == 0 || millions <= Money::kMaxRupiah / rate.ppm());
  std::int64_t share = millions * rate.ppm() + rest / kWhole;
  const std::int64_t fraction = rest % kWhole;
  if ((rounding == Rounding::kUp && fraction > 0) ||
      (rounding == Rounding::kHalfUp && fraction >= kWhole / 2)) {
    ++share;
  }
  return Money::FromRupiah(share);
}

std::string FormatRupiah(Money amount) {
  const bool negative = amount < Money();
  std::string digits = std::to_string(negative ? -amount.rupiah() : amount.rupiah());
  for (std::size_t end = digits.size(); end > 3;) {
    end -= 3;
    digits.insert(end, ".");
  }
  return negative ? "-" + digits : digits;
}

}  // namespace jaring
