#pragma once

// The files a new agency's regions and branches come from.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace jaring {

struct RegionRow {
  std::int64_t code = 0;
  std::int64_t parent_code = 0;  // 0 for a province.
  std::string name;
};

struct BranchRow {
  std::string code;
  std::string name;
  std::vector<std::int64_t> regency_codes;
};

/// Reads provinces.csv, regencies.csv, districts.csv and villages.csv (each plain or .gz) of
/// `folder`; columns code, parent, name.
///
/// Limit: 1'000'000 rows. Errors: region_file.unreadable, region_file.malformed.
Result<std::vector<RegionRow>> ReadRegionFiles(const std::filesystem::path& folder);

/// Reads branches.csv; columns code, name, regencies (codes with spaces between), status.
///
/// Errors: region_file.unreadable, region_file.malformed.
Result<std::vector<BranchRow>> ReadBranchFile(const std::filesystem::path& file);

}  // namespace jaring
