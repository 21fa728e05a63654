#pragma once

// Invented people: plausible from afar, clearly fake from near (NIK serial 0000, phone 0800-0…).

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "demo/demo_branch.h"
#include "demo/demo_dice.h"
#include "demo/demo_names.h"
#include "registry/enrolment.h"
#include "rules/scheme.h"

namespace jaring {

/// Declared monthly income: many at the bottom, a long thin tail.
Money DrawIncome(DemoDice& dice, bool better_off);

/// 0800 is the free-phone prefix: no mobile phone has such a number, so nobody is ever rung.
std::string DrawPhone(DemoDice& dice);

/// Makes people one by one. Each NIK once: district, birth date and sex together are unique, since
/// the serial is always 0000. The n-th person is the same for the same seed.
class DemoPeople {
 public:
  /// Reads names and regions below `data_root`, and finds the trades in the scheme.
  ///
  /// Errors: demo.names_unreadable, demo.other_scheme; those of ReadRegionFiles.
  static Result<DemoPeople> Load(const Scheme& scheme, const std::filesystem::path& data_root,
                                 std::uint64_t seed);

  /// The next person, joining through a source on a day.
  Enrolment Next(const DemoSource& source, Date on);

 private:
  struct TradeTable {
    std::vector<int> numbers;  // Trade::number.
    std::vector<int> weights;
  };
  struct Regency {
    std::vector<std::int64_t> villages;
    std::vector<std::int64_t> districts;
    bool is_city = false;
  };

  explicit DemoPeople(std::uint64_t seed) : seed_(seed) {}
  Result<Done> LoadRegions(const std::filesystem::path& folder);
  Result<Done> LoadTrades(const Scheme& scheme);

  Nik DrawNik(DemoDice& dice, const Regency& home, std::int64_t village, Date birth, Sex sex);
  std::int64_t DrawDistrict(DemoDice& dice, const Regency& home, std::int64_t village) const;
  void DrawTradeAndIncome(DemoDice& dice, const DemoSource& source, const Regency& home,
                          Enrolment& person) const;

  std::uint64_t seed_;
  std::uint64_t made_ = 0;
  std::optional<Enrolment> previous_;
  const Scheme* scheme_ = nullptr;
  std::map<std::int64_t, Regency> regencies_;       // Of the branch, by code.
  std::vector<std::int64_t> all_districts_;         // Of the country.
  std::map<const void*, TradeTable> trade_tables_;  // By the list they were made from.
  DemoNames names_;
  std::unordered_set<std::string> niks_;
};

}  // namespace jaring
