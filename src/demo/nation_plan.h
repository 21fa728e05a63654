#pragma once

// Where the people of the invented nation live and what kind of member each is, by her number: the
// n-th person is the same whoever asks, in whatever order, on however many threads.

#include <cstdint>
#include <vector>

#include "demo/nation_data.h"
#include "rules/identity.h"

namespace jaring {

enum class NationKind : std::uint8_t {
  kEmployed,     // Wage earners whose employer pays.
  kWasEmployed,  // Nobody pays for them any more.
  kPaying,       // Informal workers who pay.
  kStopped,      // Informal workers who do not.
  kClaimed,      // Were employed; last month they claimed and their membership ended.
};
inline constexpr std::size_t kNationKinds = 5;

inline bool IsFormal(NationKind kind) {
  return kind != NationKind::kPaying && kind != NationKind::kStopped;
}

/// People from 0 to `people` - 1, in the order of their villages.
class NationPlan {
 public:
  /// `people` of the registered; all other counts in the same proportion, each exact.
  ///
  /// Limit: 0 to 1.5 times the registered of the statistics.
  NationPlan(const NationData& data, std::int64_t people, std::uint64_t seed);

  struct Place {
    std::size_t regency = 0;   // Place in NationData::regencies.
    std::size_t district = 0;  // Place in NationData::districts.
    std::int64_t village = 0;
    NationKind kind = NationKind::kEmployed;
  };
  Place PlaceOf(std::int64_t n) const;

  /// What the identity number says: no two people have the same.
  struct Identity {
    std::int64_t district = 0;  // Where it was given.
    Date birth_date;
    Sex sex;
  };
  Identity IdentityOf(std::int64_t n, std::size_t district, Date on) const;

  std::int64_t people() const { return first_of_village_.back(); }
  std::int64_t count(NationKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }

 private:
  /// A day somebody may be born on, counted back from today.
  struct Birth {
    std::int32_t days_ago = 0;
    Sex sex = Sex::kMale;
  };

  void PlaceVillages(const NationData& data);
  void MakeBirths(std::uint64_t seed);
  void MakeRoomElsewhere();

  const NationData& data_;
  std::vector<std::int64_t> counts_;                   // By kind.
  std::vector<std::vector<std::int64_t>> until_kind_;  // By regency: sums over kinds.
  std::vector<std::int64_t> first_of_regency_;         // And the end.
  std::vector<std::int64_t> villages_;                 // Codes.
  std::vector<std::int64_t> first_of_village_;         // And the end.
  std::vector<std::size_t> regency_of_village_;
  std::vector<std::size_t> district_of_village_;
  std::vector<std::int64_t> first_of_district_;  // And the end.
  std::vector<Birth> births_;                    // In no order: any stretch of it has all ages.
  std::vector<std::int64_t> crowded_until_;  // By district: people it has no number for, summed up.
  std::vector<std::int64_t> room_until_;     // By district: numbers to spare, summed up.
};

}  // namespace jaring
