#include "demo/nation_plan.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/check.h"
#include "demo/demo_dice.h"

namespace jaring {
namespace {

// Registered informal workers for each who pays. Not published; assumed.
constexpr std::int64_t kRegisteredForEachPaying = 3;

// An identity number tells district, birthday and sex; its serial is always 0000 here. So a
// district can give so many and no more; who is born in a crowded one was registered elsewhere.
constexpr std::int64_t kNumbersOfDistrict = 13'000;
constexpr std::uint64_t kBirthStream = 1ULL << 44U;
constexpr int kYoungest = 18;
constexpr int kOldest = 62;
constexpr int kMenPermille = 620;
constexpr int kTownWeight = 3;  // Of a kelurahan beside a desa's 1.

bool IsTown(std::int64_t village) {
  return village % 10'000 / 1'000 == 1;
}

/// A step through 0…`count` - 1 that meets each once.
std::int64_t StepThrough(std::int64_t count) {
  std::int64_t step = 1'000'003;
  while (std::gcd(step, count) != 1) {
    step += 2;
  }
  return step;
}

std::size_t StretchOf(const std::vector<std::int64_t>& firsts, std::int64_t n) {
  return static_cast<std::size_t>(std::upper_bound(firsts.begin(), firsts.end(), n) -
                                  firsts.begin()) -
         1;
}

template <typename T>
void Shuffle(DemoDice& dice, std::vector<T>& all) {
  for (std::size_t i = all.size(); i > 1; --i) {
    std::swap(all[i - 1], all[static_cast<std::size_t>(dice.Below(static_cast<int>(i)))]);
  }
}

std::array<std::int64_t, kNationKinds> CountKinds(const NationData& data, std::int64_t people) {
  const std::int64_t employed = data.active - data.active_informal;
  const std::int64_t informal = data.active_informal * kRegisteredForEachPaying;
  const std::vector<std::int64_t> counts =
      Apportion(people, {employed, data.registered - informal - employed - data.claiming,
                         data.active_informal, informal - data.active_informal, data.claiming});
  return {counts[0], counts[1], counts[2], counts[3], counts[4]};
}

}  // namespace

NationPlan::NationPlan(const NationData& data, std::int64_t people, std::uint64_t seed)
    : data_(data) {
  const auto counts = CountKinds(data, people);
  counts_.assign(counts.begin(), counts.end());
  std::vector<std::int64_t> of_province(data.provinces.size());
  for (const NationRegency& regency : data.regencies) {
    of_province[regency.province] += regency.population;
  }
  until_kind_.assign(data.regencies.size(), std::vector<std::int64_t>(kNationKinds));
  for (std::size_t kind = 0; kind < kNationKinds; ++kind) {
    const bool formal = IsFormal(static_cast<NationKind>(kind));
    std::vector<std::int64_t> weights;
    for (const NationRegency& regency : data.regencies) {
      const NationProvince& province = data.provinces[regency.province];
      weights.push_back((formal ? province.formal_members : province.informal_members) *
                        regency.population / of_province[regency.province]);
    }
    const std::vector<std::int64_t> parts = Apportion(counts_[kind], weights);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      until_kind_[i][kind] = parts[i] + (kind == 0 ? 0 : until_kind_[i][kind - 1]);
    }
  }
  PlaceVillages(data);
  MakeBirths(seed);
  MakeRoomElsewhere();
}

void NationPlan::PlaceVillages(const NationData& data) {
  std::int64_t next = 0;
  std::size_t district = 0;
  first_of_district_.assign(data.districts.size() + 1, 0);
  for (std::size_t r = 0; r < data.regencies.size(); ++r) {
    const NationRegency& regency = data.regencies[r];
    first_of_regency_.push_back(next);
    std::vector<std::int64_t> weights;
    for (const std::int64_t village : regency.villages) {
      weights.push_back(IsTown(village) ? kTownWeight : 1);
    }
    const std::vector<std::int64_t> parts = Apportion(until_kind_[r].back(), weights);
    for (std::size_t v = 0; v < parts.size(); ++v) {
      while (data.districts[district] < regency.villages[v] / 10'000) {
        first_of_district_[++district] = next;
      }
      villages_.push_back(regency.villages[v]);
      first_of_village_.push_back(next);
      regency_of_village_.push_back(r);
      district_of_village_.push_back(district);
      next += parts[v];
    }
  }
  first_of_regency_.push_back(next);
  first_of_village_.push_back(next);
  while (++district < first_of_district_.size()) {
    first_of_district_[district] = next;
  }
}

/// Ages as two dice throw them: most in the middle.
void NationPlan::MakeBirths(std::uint64_t seed) {
  DemoDice dice(seed, kBirthStream);
  constexpr int kMiddle = (kYoungest + kOldest) / 2;
  std::vector<std::int64_t> weights;
  for (int age = kYoungest; age <= kOldest; ++age) {
    weights.push_back(kMiddle - kYoungest + 1 - std::abs(age - kMiddle));
  }
  const std::vector<std::int64_t> of_age = Apportion(kNumbersOfDistrict, weights);
  for (std::size_t i = 0; i < of_age.size(); ++i) {
    const int age = kYoungest + static_cast<int>(i);
    const std::int64_t men = of_age[i] * kMenPermille / 1000;
    for (const Sex sex : {Sex::kMale, Sex::kFemale}) {
      std::vector<int> days(365);
      std::iota(days.begin(), days.end(), age * 365 + age / 4 + 1);
      Shuffle(dice, days);
      const std::int64_t count = sex == Sex::kMale ? men : of_age[i] - men;
      JARING_CHECK(count <= static_cast<std::int64_t>(days.size()));
      for (std::int64_t k = 0; k < count; ++k) {
        births_.push_back({days[static_cast<std::size_t>(k)], sex});
      }
    }
  }
  Shuffle(dice, births_);
}

void NationPlan::MakeRoomElsewhere() {
  crowded_until_.push_back(0);
  room_until_.push_back(0);
  for (std::size_t d = 0; d + 1 < first_of_district_.size(); ++d) {
    const std::int64_t here = first_of_district_[d + 1] - first_of_district_[d];
    crowded_until_.push_back(crowded_until_.back() +
                             std::max<std::int64_t>(here - kNumbersOfDistrict, 0));
    room_until_.push_back(room_until_.back() +
                          std::max<std::int64_t>(kNumbersOfDistrict - here, 0));
  }
  JARING_CHECK(crowded_until_.back() <= room_until_.back());
}

NationPlan::Place NationPlan::PlaceOf(std::int64_t n) const {
  const std::size_t village = StretchOf(first_of_village_, n);
  Place place{.regency = regency_of_village_[village],
              .district = district_of_village_[village],
              .village = villages_[village]};
  const std::vector<std::int64_t>& until = until_kind_[place.regency];
  const std::int64_t rank = n - first_of_regency_[place.regency];
  const std::int64_t mixed = rank * StepThrough(until.back()) % until.back();
  place.kind =
      static_cast<NationKind>(std::upper_bound(until.begin(), until.end(), mixed) - until.begin());
  return place;
}

NationPlan::Identity NationPlan::IdentityOf(std::int64_t n, std::size_t district, Date on) const {
  std::int64_t rank = n - first_of_district_[district];
  if (rank >= kNumbersOfDistrict) {
    const std::int64_t guest = crowded_until_[district] + rank - kNumbersOfDistrict;
    const std::int64_t room = room_until_.back();
    const std::int64_t place = guest * StepThrough(room) % room;
    district = StretchOf(room_until_, place);
    rank = first_of_district_[district + 1] - first_of_district_[district] + place -
           room_until_[district];
  }
  // Each district begins elsewhere in the list, so that neighbours are not born on the same days.
  const std::int64_t at = (rank + static_cast<std::int64_t>(district) * 1'009) % kNumbersOfDistrict;
  const Birth& birth = births_[static_cast<std::size_t>(at)];
  return {data_.districts[district], on.AddDays(-birth.days_ago), birth.sex};
}

}  // namespace jaring
