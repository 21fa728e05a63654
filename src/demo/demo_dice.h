#pragma once

// The demo's own dice. The standard distributions may differ from library to library; these give
// the same throws everywhere.

#include <cstdint>
#include <span>

#include "base/check.h"

namespace jaring {

/// SplitMix64 (Steele, Lea, Flood 2014): each stream of a seed is a sequence of its own.
class DemoDice {
 public:
  DemoDice(std::uint64_t seed, std::uint64_t stream)
      : state_(Mix(seed) ^ Mix(stream + 0x632BE59BD9B4E019U)) {}

  /// 0 to `count` - 1. Limit: `count` from 1 to 2^31 - 1.
  int Below(int count) {
    JARING_CHECK(count > 0);
    const std::uint64_t high = Next() >> 32U;
    return static_cast<int>(high * static_cast<std::uint64_t>(count) >> 32U);
  }

  /// `low` to `high`, both included.
  int Between(int low, int high) { return low + Below(high - low + 1); }

  /// True `count` times in a thousand.
  bool Permille(int count) { return Below(1000) < count; }

  /// A place in `weights`, each as often as its weight says. At least one weight is above 0.
  std::size_t Pick(std::span<const int> weights) {
    int total = 0;
    for (const int weight : weights) {
      total += weight;
    }
    int left = Below(total);
    std::size_t i = 0;
    while (left >= weights[i]) {
      left -= weights[i++];
    }
    return i;
  }

 private:
  std::uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    return Mix(state_);
  }

  static std::uint64_t Mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  std::uint64_t state_;
};

}  // namespace jaring
