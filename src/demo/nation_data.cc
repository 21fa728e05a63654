#include "demo/nation_data.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <numeric>

#include "base/check.h"
#include "base/text.h"
#include "registry/region_files.h"

namespace jaring {
namespace {

// The state of the country that the invented one is like.
constexpr std::string_view kPeriod = "2021-12";

/// What somebody of an industry (a column of data/nation/province-workers.csv) works as here: a
/// sector of the scheme, and how often in a thousand. The pairing is ours.
struct Work {
  std::string_view industry;
  std::string_view sector;
  int informal;
  int formal;  // Of the land few earn wages.
};
constexpr std::array<Work, 20> kWork = {{
    {"agri_forestry_fishery", "farming", 780, 80},
    {"agri_forestry_fishery", "livestock", 140, 20},
    {"agri_forestry_fishery", "fisheries", 80, 20},
    {"mining", "daily", 1000, 1000},
    {"manufacturing", "crafts", 1000, 1000},
    {"electricity_gas", "other", 1000, 1000},
    {"water_waste", "other", 1000, 1000},
    {"construction", "building", 1000, 1000},
    {"trade_vehicle_repair", "trade", 1000, 600},
    {"transport_storage", "transport", 1000, 1000},
    {"accommodation_food", "trade", 1000, 600},
    {"info_comm", "creative", 1000, 1000},
    {"finance_insurance", "professions", 1000, 1000},
    {"real_estate", "professions", 1000, 1000},
    {"business_services", "professions", 1000, 1000},
    {"public_admin", "other", 0, 1000},
    {"education", "education", 1000, 1000},
    {"health_social", "professions", 1000, 1000},
    {"other_services", "household", 700, 700},
    {"other_services", "daily", 300, 300},
}};

using Table = std::vector<std::vector<std::string>>;  // The first row names the columns.

/// A CSV file without quotes in the columns that are read.
Result<Table> ReadTable(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  Table table;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row;
    for (const std::string_view field : Split(Trim(line), ',')) {
      row.emplace_back(field);
    }
    table.push_back(std::move(row));
  }
  if (table.size() < 2) {
    return NotFound("demo.statistics_unreadable", file.string());
  }
  return table;
}

/// Reads numbers of one row; remembers whether all were there.
class RowReader {
 public:
  RowReader(const Table& table, const std::vector<std::string>& row) : head_(table[0]), row_(row) {}

  std::string_view Text(std::string_view column) {
    const auto at = std::find(head_.begin(), head_.end(), column);
    const auto place = static_cast<std::size_t>(at - head_.begin());
    is_whole_ = is_whole_ && at != head_.end() && place < row_.size();
    return is_whole_ ? std::string_view(row_[place]) : std::string_view();
  }
  std::int64_t Number(std::string_view column) {
    const auto number = ParseInteger(Text(column));
    is_whole_ = is_whole_ && number && *number >= 0;
    return number.value_or(0);
  }
  bool is_whole() const { return is_whole_; }

 private:
  const std::vector<std::string>& head_;
  const std::vector<std::string>& row_;
  bool is_whole_ = true;
};

Result<NationProvince> ReadProvince(RowReader reader, const std::vector<std::string>& sectors) {
  NationProvince province{.code = reader.Number("province"),
                          .formal_members = reader.Number("formal_members"),
                          .informal_members = reader.Number("informal_members"),
                          .mean_wage = Money::FromRupiah(reader.Number("mean_wage")),
                          .minimum_wage = Money::FromRupiah(reader.Number("minimum_wage")),
                          .language = std::string(reader.Text("language")),
                          .formal_trades = std::vector<int>(sectors.size()),
                          .informal_trades = std::vector<int>(sectors.size())};
  constexpr std::int64_t kWeightStep = 10;  // Weights are added up as int.
  for (const Work& work : kWork) {
    const std::int64_t people = reader.Number(work.industry) / kWeightStep;
    const auto place = static_cast<std::size_t>(
        std::find(sectors.begin(), sectors.end(), work.sector) - sectors.begin());
    province.formal_trades[place] += static_cast<int>(people * work.formal / 1000);
    province.informal_trades[place] += static_cast<int>(people * work.informal / 1000);
  }
  return reader.is_whole()
             ? Result<NationProvince>(std::move(province))
             : NotFound("demo.statistics_unreadable", "data/nation/province-workers.csv");
}

Result<Done> LoadProvinces(const Scheme& scheme, const std::filesystem::path& folder,
                           NationData& data) {
  std::vector<std::string> sectors;
  for (const Work& work : kWork) {
    if (std::find(sectors.begin(), sectors.end(), work.sector) != sectors.end()) {
      continue;
    }
    const Trade* trade = FindTrade(scheme, work.sector);
    if (trade == nullptr) {
      return Invalid("demo.other_scheme", std::string(work.sector));
    }
    sectors.emplace_back(work.sector);
    data.trades.push_back(trade->number);
  }
  JARING_ASSIGN_OR_RETURN(const Table table, ReadTable(folder / "province-workers.csv"));
  for (std::size_t i = 1; i < table.size(); ++i) {
    JARING_ASSIGN_OR_RETURN(NationProvince province,
                            ReadProvince(RowReader(table, table[i]), sectors));
    data.provinces.push_back(std::move(province));
  }
  return Done{};
}

Result<Done> LoadRegencies(const std::filesystem::path& data_root, NationData& data) {
  JARING_ASSIGN_OR_RETURN(const Table table,
                          ReadTable(data_root / "data/nation/regency-people.csv"));
  std::map<std::int64_t, NationRegency> regencies;
  for (std::size_t i = 1; i < table.size(); ++i) {
    RowReader reader(table, table[i]);
    NationRegency regency{.code = reader.Number("regency"),
                          .population = reader.Number("population"),
                          .villages = {}};
    while (regency.province < data.provinces.size() &&
           data.provinces[regency.province].code != regency.code / 100) {
      ++regency.province;
    }
    if (!reader.is_whole() || regency.province == data.provinces.size()) {
      return NotFound("demo.statistics_unreadable", "data/nation/regency-people.csv");
    }
    regencies[regency.code] = std::move(regency);
  }
  JARING_ASSIGN_OR_RETURN(auto regions, ReadRegionFiles(data_root / "data/regions"));
  std::sort(regions.begin(), regions.end(),
            [](const RegionRow& a, const RegionRow& b) { return a.code < b.code; });
  constexpr std::int64_t kFirstDistrict = 100'000;
  constexpr std::int64_t kFirstVillage = 1'000'000'000;
  for (const RegionRow& region : regions) {
    if (region.code >= kFirstVillage) {
      regencies[region.code / 1'000'000].villages.push_back(region.code);
    } else if (region.code >= kFirstDistrict) {
      data.districts.push_back(region.code);
    }
  }
  for (auto& [code, regency] : regencies) {
    if (regency.villages.empty() || regency.population == 0) {
      return NotFound("demo.regions_missing", std::to_string(code));
    }
    data.regencies.push_back(std::move(regency));
  }
  return Done{};
}

Result<Done> LoadFigures(const std::filesystem::path& data_root, NationData& data) {
  JARING_ASSIGN_OR_RETURN(const Table table, ReadTable(data_root / "data/published-figures.csv"));
  const auto read = [&](std::string_view figure, std::int64_t& into) {
    for (std::size_t i = 1; i < table.size(); ++i) {
      if (table[i].size() > 2 && table[i][0] == figure && table[i][1] == kPeriod) {
        into = ParseInteger(table[i][2]).value_or(0);
      }
    }
  };
  read("registered_total", data.registered);
  read("active_total", data.active);
  read("active_informal", data.active_informal);
  read("claims_people", data.claiming);
  const bool is_whole = data.active_informal > 0 && data.active > data.active_informal &&
                        data.claiming > 0 && data.registered > data.active;
  return is_whole ? Result<Done>(Done{})
                  : NotFound("demo.statistics_unreadable", "data/published-figures.csv");
}

}  // namespace

Result<NationData> NationData::Load(const Scheme& scheme, const std::filesystem::path& data_root) {
  NationData data;
  JARING_RETURN_IF_ERROR(LoadProvinces(scheme, data_root / "data/nation", data));
  JARING_RETURN_IF_ERROR(LoadRegencies(data_root, data));
  JARING_RETURN_IF_ERROR(LoadFigures(data_root, data));
  return data;
}

std::vector<std::int64_t> Apportion(std::int64_t total, const std::vector<std::int64_t>& weights) {
  const std::int64_t sum = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  JARING_CHECK(sum > 0 && total >= 0);
  std::vector<std::int64_t> parts;
  std::vector<std::size_t> by_remainder(weights.size());
  std::iota(by_remainder.begin(), by_remainder.end(), std::size_t{0});
  std::int64_t left = total;
  for (const std::int64_t weight : weights) {
    parts.push_back(total * weight / sum);
    left -= parts.back();
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(), [&](std::size_t a, std::size_t b) {
    return total * weights[a] % sum > total * weights[b] % sum;
  });
  for (std::size_t i = 0; left > 0; ++i, --left) {
    ++parts[by_remainder[i]];
  }
  return parts;
}

}  // namespace jaring
