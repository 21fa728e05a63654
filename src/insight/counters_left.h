#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "ledger/coverage_tally.h"

namespace jaring {

/// Counters as they should be, less those stored: what is left is wrong.
class CountersLeft {
 public:
  explicit CountersLeft(CounterSet counters)
      : counters_(std::move(counters)), all_months_(counters_.AllMonths()) {}

  void TakeOff(std::int64_t unit, std::int64_t month_number, const SumCount& sum) {
    if (month_number == kAllMonths) {
      all_months_[unit] -= sum;
      return;
    }
    const auto month = Month::ParseNumber(month_number);
    JARING_CHECK(month.has_value());
    counters_.counts[{unit, *month}] -= sum;
  }
  void TakeOff(const ClosingKey& closing, std::int64_t spells) {
    counters_.closings[closing] -= spells;
  }

  void Each(const std::function<void(std::int64_t unit, std::int64_t month)>& on_left) const {
    for (const auto& [unit, left] : all_months_) {
      if (!(left == SumCount{})) {
        on_left(unit, kAllMonths);
      }
    }
    for (const auto& [key, left] : counters_.counts) {
      if (!(left == SumCount{})) {
        on_left(key.first, key.second.number());
      }
    }
    for (const auto& [key, left] : counters_.closings) {
      if (left != 0) {
        on_left(key.unit, key.month.number());
      }
    }
  }

 private:
  CounterSet counters_;
  std::map<std::int64_t, SumCount> all_months_;
};

}  // namespace jaring
