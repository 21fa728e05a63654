#pragma once

// What takes people out of cover, as it is counted. Stored, so the numbers never change.

#include <array>
#include <cstdint>

namespace jaring {

/// Runs of paid months are told apart by length: 1, 2, 3, 4 to 6, 7 to 12, 13 to 24, and longer.
inline constexpr std::array kRunLengths = {1, 2, 3, 6, 12, 24};

/// A run of paid months that is not gone on with: who paid, and how long. 10 times the payer
/// (Payer) and the place of its length, from 1.
struct LapseCause {
  std::int64_t payer = 0;
  std::size_t length = 0;  // Place in kRunLengths, or its size: longer.

  static LapseCause Of(std::int64_t payer, int months) {
    std::size_t length = 0;
    while (length < kRunLengths.size() && months > kRunLengths[length]) {
      ++length;
    }
    return {payer, length};
  }
  static LapseCause OfNumber(std::int64_t number) {
    return {number / 10, static_cast<std::size_t>(number % 10) - 1};
  }
  std::int64_t number() const { return payer * 10 + static_cast<std::int64_t>(length) + 1; }
};

/// From here on: an event that closed a membership, by its reason (EndReason).
inline constexpr std::int64_t kFirstEndCause = 50;

/// Numbers of causes are below this.
inline constexpr std::int64_t kCauses = 100;

/// A cause in a cohort, as one number.
struct LeavingUnit {
  std::int64_t cohort_id = 0;
  std::int64_t cause = 0;

  static LeavingUnit OfNumber(std::int64_t number) { return {number / kCauses, number % kCauses}; }
  std::int64_t number() const { return cohort_id * kCauses + cause; }
};

}  // namespace jaring
