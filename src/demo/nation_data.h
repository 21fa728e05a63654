#pragma once

// What the statistics say of the country, for the invented nation. Counts of people are from
// data/nation and data/published-figures.csv.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "rules/scheme.h"

namespace jaring {

struct NationProvince {
  std::int64_t code = 0;
  std::int64_t formal_members = 0;  // Active, as published; weights, not counts of ours.
  std::int64_t informal_members = 0;
  Money mean_wage;  // Of employees, a month.
  Money minimum_wage;
  std::string language;
  std::vector<int> formal_trades;  // Weights, one for each of NationData::trades.
  std::vector<int> informal_trades;
};

struct NationRegency {
  std::int64_t code = 0;
  std::int64_t population = 0;
  std::size_t province = 0;            // Place in NationData::provinces.
  std::vector<std::int64_t> villages;  // Rising.
};

struct NationData {
  std::vector<NationProvince> provinces;  // Rising by code, as all lists here.
  std::vector<NationRegency> regencies;
  std::vector<std::int64_t> districts;
  std::vector<int> trades;  // Trade::number.
  std::int64_t registered = 0;
  std::int64_t active = 0;
  std::int64_t active_informal = 0;
  std::int64_t claiming = 0;  // People who claim in a month.

  /// Reads data/nation, data/regions and data/published-figures.csv below `data_root`.
  ///
  /// Errors: demo.statistics_unreadable, demo.other_scheme, and those of ReadRegionFiles.
  static Result<NationData> Load(const Scheme& scheme, const std::filesystem::path& data_root);
};

/// `total` cut into whole parts like `weights`, by largest remainders: the parts add up to it.
///
/// Limit: `total` times the largest weight is below 2^63; the sum of weights is above 0.
std::vector<std::int64_t> Apportion(std::int64_t total, const std::vector<std::int64_t>& weights);

}  // namespace jaring
