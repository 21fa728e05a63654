#pragma once

// Codes of regions: province 33, regency 3372, district 337201, village 3372011001. Each begins
// with the one that holds it.

#include <cstdint>
#include <utility>

namespace jaring {

inline constexpr std::int64_t kLastProvince = 99;
inline constexpr std::int64_t kFirstRegency = 1'000;
inline constexpr std::int64_t kLastRegency = 9'999;
inline constexpr std::int64_t kLastDistrict = 999'999;
inline constexpr std::int64_t kVillagesPerDistrict = 10'000;
inline constexpr std::int64_t kVillagesPerRegency = 1'000'000;

/// True when region `outer` is `inner` or holds it: 33 holds 3372, 337201 and 3372011001.
bool RegionHolds(std::int64_t outer, std::int64_t inner);

/// The regency that a district or a village lies in; a regency or a province itself.
std::int64_t RegencyOf(std::int64_t region_code);

/// The first and the last code a regency of a province may have; else the regency that a region is
/// or lies in.
std::pair<std::int64_t, std::int64_t> RegenciesOf(std::int64_t region_code);

/// The first and the last code a village of a regency or a district may have; a village itself.
/// The first of a regency, which no village has, is where those are counted whose village in it is
/// not known.
std::pair<std::int64_t, std::int64_t> VillagesOf(std::int64_t region_code);

}  // namespace jaring
