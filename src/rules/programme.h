#pragma once

// The programmes of the scheme and the values that belong one to each.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/money.h"

namespace jaring {

/// JKK: work accident. JKM: death. JHT: old-age savings. The value is the place in ByProgramme and
/// the bit in ProgrammeSet; it is stored, so it never changes.
enum class Programme : std::uint8_t { kJkk = 0, kJkm = 1, kJht = 2 };

inline constexpr std::size_t kProgrammeCount = 3;
inline constexpr std::array<Programme, kProgrammeCount> kProgrammes = {
    Programme::kJkk, Programme::kJkm, Programme::kJht};

/// "JKK", "JKM", "JHT".
std::string_view ProgrammeCode(Programme programme);

/// Accepts any case; nothing for an unknown code.
std::optional<Programme> FindProgramme(std::string_view code);

/// A set of programmes; stored as its bits.
class ProgrammeSet {
 public:
  constexpr ProgrammeSet() = default;
  static constexpr ProgrammeSet FromBits(std::int64_t bits) {
    return ProgrammeSet(static_cast<std::uint8_t>(bits & 7));
  }
  constexpr ProgrammeSet With(Programme programme) const {
    return ProgrammeSet(static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(programme)));
  }
  constexpr bool Has(Programme programme) const {
    return (bits_ >> static_cast<unsigned>(programme) & 1U) != 0;
  }
  constexpr bool Includes(ProgrammeSet other) const { return (bits_ & other.bits_) == other.bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::int64_t bits() const { return bits_; }
  friend constexpr bool operator==(ProgrammeSet, ProgrammeSet) = default;

 private:
  explicit constexpr ProgrammeSet(std::uint8_t bits) : bits_(bits) {}
  std::uint8_t bits_ = 0;
};

/// Reads "JKK,JKM" (any case; ',', '+', ';' or spaces between). Which sets one may join is a rule
/// of the scheme, not of this.
///
/// Errors: programmes.unknown, programmes.empty.
Result<ProgrammeSet> ParseProgrammes(std::string_view text);

/// "JKK,JKM,JHT".
std::string ProgrammesText(ProgrammeSet programmes);

/// One amount for each programme; those not in the set are zero.
struct ByProgramme {
  std::array<Money, kProgrammeCount> amounts;

  Money& operator[](Programme p) { return amounts[static_cast<std::size_t>(p)]; }
  Money operator[](Programme p) const { return amounts[static_cast<std::size_t>(p)]; }
  Money total() const { return amounts[0] + amounts[1] + amounts[2]; }
  ByProgramme& operator+=(const ByProgramme& other) {
    for (std::size_t i = 0; i < kProgrammeCount; ++i) {
      amounts[i] += other.amounts[i];
    }
    return *this;
  }
  ByProgramme operator-() const { return {{-amounts[0], -amounts[1], -amounts[2]}}; }
  friend bool operator==(const ByProgramme&, const ByProgramme&) = default;
};

}  // namespace jaring
