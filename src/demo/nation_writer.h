#pragma once

// Writes the people of the invented nation and the books they open with.

#include <array>
#include <string>
#include <vector>

#include "demo/nation_people.h"
#include "ledger/coverage_tally.h"
#include "registry/agency.h"
#include "registry/membership.h"

namespace jaring {

/// The n-th person by a value she is found by.
template <typename Key>
struct Keyed {
  Key key;
  std::uint32_t n = 0;
};
bool Before(const Keyed<std::int64_t>& a, const Keyed<std::int64_t>& b);
bool Before(const Keyed<SealedBlock>& a, const Keyed<SealedBlock>& b);

class NationWriter {
 public:
  /// `opened` is when the books were opened: all money is told then. All outlive it.
  NationWriter(const Agency& agency, const NationData& data, Instant opened)
      : agency_(agency), data_(data), opened_(opened) {}

  /// Makes the groups of each regency, and the partners.
  Result<Done> CreateGroupsAndPartners(Tx& tx);
  /// Learns their numbers.
  ///
  /// Errors: demo.regions_missing.
  Result<Done> FindGroupsAndPartners(Tx& tx);

  /// Writes `people`, the first of whom is the `first`-th: persons, memberships, payments, months,
  /// journals and counters, in the order of keys. All that is found by a value comes later.
  Result<Done> WritePeople(Tx& tx, std::int64_t first, const std::vector<NationPerson>& people);

  /// Writes rows `from` to `until` - 1 of keys that are in their order: a block and who has it.
  static Result<Done> WriteBlocks(Tx& tx, std::string_view insert,
                                  const std::vector<Keyed<SealedBlock>>& keys, std::size_t from,
                                  std::size_t until);
  /// The same of likenesses, with the pairs to look at: each with all that are like her before her.
  static Result<Done> WriteLikenesses(Tx& tx, const std::vector<Keyed<std::int64_t>>& keys,
                                      std::size_t from, std::size_t until, Instant now);

  static std::int64_t PersonId(std::uint32_t n) { return MemberNumber::kFirstPersonId + n; }
  std::int64_t partner_id(std::size_t partner) const { return partner_ids_[partner]; }
  /// The partner's name for the payment of the n-th person.
  static std::string ReferenceOf(std::size_t partner, std::int64_t n);

 private:
  struct Home {
    std::int64_t branch_id = 0;
    std::array<std::int64_t, kNationGroups> group_ids = {};  // 0 for NationGroup::kNone.
  };

  Result<Membership> MembershipOf(Tx& tx, CohortBook& cohorts, std::int64_t person_id,
                                  const NationPerson& person) const;

  const Agency& agency_;
  const NationData& data_;
  const Instant opened_;
  std::vector<Home> homes_;  // By regency.
  std::vector<std::int64_t> partner_ids_;
};

}  // namespace jaring
