#include "registry/region_code.h"

namespace jaring {
namespace {

std::int64_t HolderOf(std::int64_t region_code) {
  return region_code / (region_code > kLastDistrict ? kVillagesPerDistrict : 100);
}

}  // namespace

bool RegionHolds(std::int64_t outer, std::int64_t inner) {
  while (inner > outer) {
    inner = HolderOf(inner);
  }
  return outer > 0 && inner == outer;
}

std::int64_t RegencyOf(std::int64_t region_code) {
  while (region_code > kLastRegency) {
    region_code = HolderOf(region_code);
  }
  return region_code;
}

std::pair<std::int64_t, std::int64_t> RegenciesOf(std::int64_t region_code) {
  const std::int64_t regency = RegencyOf(region_code);
  const bool is_province = regency > 0 && regency <= kLastProvince;
  return is_province ? std::pair{regency * 100, regency * 100 + 99} : std::pair{regency, regency};
}

std::pair<std::int64_t, std::int64_t> VillagesOf(std::int64_t region_code) {
  const std::int64_t villages = region_code <= kLastRegency    ? kVillagesPerRegency
                                : region_code <= kLastDistrict ? kVillagesPerDistrict
                                                               : 1;
  return {region_code * villages, region_code * villages + villages - 1};
}

}  // namespace jaring
