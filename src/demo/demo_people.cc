#include "demo/demo_people.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "registry/region_files.h"

namespace jaring {
namespace {

constexpr int kYoungest = 18;
constexpr int kAgeSpread = 22;         // Thrown twice: 18 to 62, most near 40.
constexpr int kLookAlikeEvery = 2500;  // One in so many seems to be the person before again.

std::string TwoDigits(int number) {
  std::string text = std::to_string(number % 100);
  return text.size() < 2 ? "0" + text : text;
}

Date DrawBirth(DemoDice& dice, Date on) {
  const int age = kYoungest + dice.Below(kAgeSpread + 1) + dice.Below(kAgeSpread + 1);
  // Well under the joining age of 65, since a list may wait some months for its day.
  return on.AddDays(-(age * 365 + (age + 3) / 4 + dice.Below(360)));
}

}  // namespace

Money DrawIncome(DemoDice& dice, bool better_off) {
  struct Range {
    int from;
    int to;
  };
  constexpr std::array<Range, 9> kThousands = {{{600, 1'000},
                                                {1'000, 1'050},
                                                {1'100, 1'450},
                                                {1'500, 2'050},
                                                {2'100, 2'650},
                                                {2'700, 3'650},
                                                {3'700, 5'150},
                                                {5'200, 8'150},
                                                {8'200, 22'000}}};
  constexpr std::array<int, 9> kMost = {120, 350, 180, 140, 90, 65, 35, 15, 5};
  constexpr std::array<int, 9> kBetter = {20, 120, 130, 180, 200, 180, 100, 50, 20};
  const Range range = kThousands[dice.Pick(better_off ? kBetter : kMost)];
  constexpr int kStep = 50;
  const int thousands = dice.Between(range.from / kStep, range.to / kStep) * kStep;
  return Money::FromRupiah(std::int64_t{thousands} * 1000);
}

std::string DrawPhone(DemoDice& dice) {
  std::string phone = "628000";
  for (int i = 0; i < 7; ++i) {
    phone += static_cast<char>('0' + dice.Below(10));
  }
  return phone;
}

Result<DemoPeople> DemoPeople::Load(const Scheme& scheme, const std::filesystem::path& data_root,
                                    std::uint64_t seed) {
  DemoPeople people(seed);
  JARING_ASSIGN_OR_RETURN(people.names_, DemoNames::Load(data_root, NamesOf::kJava));
  JARING_RETURN_IF_ERROR(people.LoadRegions(data_root / "data" / "regions"));
  JARING_RETURN_IF_ERROR(people.LoadTrades(scheme));
  return people;
}

Result<Done> DemoPeople::LoadRegions(const std::filesystem::path& folder) {
  JARING_ASSIGN_OR_RETURN(auto regions, ReadRegionFiles(folder));
  std::sort(regions.begin(), regions.end(),
            [](const RegionRow& a, const RegionRow& b) { return a.code < b.code; });
  for (const DemoRegency& regency : DemoRegencies()) {
    regencies_[regency.code].is_city = regency.is_city;
  }
  constexpr std::int64_t kFirstDistrict = 100'000;
  constexpr std::int64_t kFirstVillage = 1'000'000'000;
  constexpr std::int64_t kOfExamples = 8171;  // Where those of examples/ are from: nobody else is.
  for (const RegionRow& region : regions) {
    if (region.code >= kFirstVillage) {
      const auto regency = regencies_.find(region.code / 1'000'000);
      if (regency != regencies_.end()) {
        regency->second.villages.push_back(region.code);
      }
    } else if (region.code >= kFirstDistrict && region.code / 100 != kOfExamples) {
      all_districts_.push_back(region.code);
      const auto regency = regencies_.find(region.code / 100);
      if (regency != regencies_.end()) {
        regency->second.districts.push_back(region.code);
      }
    }
  }
  for (const auto& [code, regency] : regencies_) {
    if (regency.villages.empty() || regency.districts.empty()) {
      return NotFound("demo.regions_missing", std::to_string(code));
    }
  }
  return Done{};
}

Result<Done> DemoPeople::LoadTrades(const Scheme& scheme) {
  scheme_ = &scheme;
  std::vector<std::span<const DemoTradeWeight>> lists = {DemoTradesOf(true), DemoTradesOf(false)};
  for (const DemoSource& source : DemoSources()) {
    lists.push_back(source.trades);
  }
  for (const auto list : lists) {
    TradeTable table;
    for (const DemoTradeWeight& entry : list) {
      const Trade* trade = FindTrade(scheme, entry.trade);
      if (trade == nullptr) {
        return Invalid("demo.other_scheme", entry.trade);
      }
      table.numbers.push_back(trade->number);
      table.weights.push_back(entry.weight);
    }
    trade_tables_[list.data()] = std::move(table);
  }
  return Done{};
}

/// Where somebody was registered first: mostly at home, sometimes far away.
std::int64_t DemoPeople::DrawDistrict(DemoDice& dice, const Regency& home,
                                      std::int64_t village) const {
  const std::array<int, 4> weights = {70, 14, 10, 6};
  const auto any_of = [&](const std::vector<std::int64_t>& districts) {
    return districts[static_cast<std::size_t>(dice.Below(static_cast<int>(districts.size())))];
  };
  switch (dice.Pick(weights)) {
    case 0:
      return village / 10'000;
    case 1:
      return any_of(home.districts);
    case 2:
      return any_of(std::next(regencies_.begin(), dice.Below(static_cast<int>(regencies_.size())))
                        ->second.districts);
    default:
      return any_of(all_districts_);
  }
}

Nik DemoPeople::DrawNik(DemoDice& dice, const Regency& home, std::int64_t village, Date birth,
                        Sex sex) {
  // As in life: some numbers say another day than the papers, a few another sex.
  Date said = birth;
  if (dice.Permille(15)) {
    said = dice.Permille(500) ? birth.AddDays(dice.Between(1, 400))
                              : DayOf(birth.month(), dice.Between(1, 28));
  }
  const bool woman = (sex == Sex::kFemale) != dice.Permille(3);
  const std::string date = TwoDigits(said.day() + (woman ? 40 : 0)) +
                           TwoDigits(said.month_of_year()) + TwoDigits(said.year());
  std::string digits;
  do {
    // Born on the same day in the same district: the serial cannot tell them apart, so one of
    // them was registered elsewhere.
    digits = std::to_string(DrawDistrict(dice, home, village)) + date + "0000";
  } while (!niks_.insert(digits).second);
  auto nik = Nik::Parse(digits, true);
  JARING_CHECK(nik.has_value());
  return *std::move(nik);
}

void DemoPeople::DrawTradeAndIncome(DemoDice& dice, const DemoSource& source, const Regency& home,
                                    Enrolment& person) const {
  const auto list = source.trades.empty() ? DemoTradesOf(home.is_city) : source.trades;
  const TradeTable& table = trade_tables_.at(list.data());
  person.trade = table.numbers[dice.Pick(table.weights)];
  const Trade* trade = FindTrade(*scheme_, std::int64_t{person.trade});
  const std::string& sector = scheme_->sectors[trade->sector].code;
  const bool better_off = sector == "professions" || trade->code == "ride-hail-car-driver" ||
                          trade->code == "truck-driver" || trade->code == "motorcycle-taxi-online";
  person.income = DrawIncome(dice, better_off && source.temper != DemoTemper::kSponsored);
  // About 7 in 100 save for old age too; sponsors never pay for that.
  int saves = 60;
  if (source.temper == DemoTemper::kSponsored) {
    saves = 0;
  } else if (source.door == Door::kWeb || source.door == Door::kCounter) {
    saves = 130;
  }
  person.programmes = scheme_->compulsory;
  if (dice.Permille(saves)) {
    person.programmes = person.programmes.With(Programme::kJht);
  }
}

Enrolment DemoPeople::Next(const DemoSource& source, Date on) {
  DemoDice dice(seed_, made_++);
  std::int64_t code = source.regency;
  if (code == 0) {
    std::vector<int> weights;
    for (const DemoRegency& regency : DemoRegencies()) {
      weights.push_back(regency.weight);
    }
    code = DemoRegencies()[dice.Pick(weights)].code;
  }
  const Regency& home = regencies_.at(code);
  Sex sex = dice.Permille(470) ? Sex::kFemale : Sex::kMale;
  Date birth = DrawBirth(dice, on);
  std::int64_t village =
      home.villages[static_cast<std::size_t>(dice.Below(static_cast<int>(home.villages.size())))];
  std::string name = names_.Draw(dice, sex, AgeOn(birth, on));
  if (dice.Below(kLookAlikeEvery) == 0 && previous_) {
    // The same person with another number, or a namesake? Somebody has to look.
    sex = previous_->sex;
    birth = previous_->birth_date;
    village = previous_->village_code;
    name = previous_->name;
  }
  Enrolment person{.nik = DrawNik(dice, home, village, birth, sex),
                   .name = std::move(name),
                   .birth_date = birth,
                   .sex = sex,
                   .village_code = village,
                   .phone = {},
                   .income = {},
                   .programmes = {},
                   .language = dice.Permille(640) ? "jv" : "id"};
  DrawTradeAndIncome(dice, source, home, person);
  if (dice.Permille(source.temper == DemoTemper::kSponsored ? 350 : 750)) {
    person.phone = DrawPhone(dice);
  }
  previous_ = person;
  return person;
}

}  // namespace jaring
