#pragma once

// A membership row as the services use it, and the cohort it is counted in.

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

#include "db/database.h"
#include "ledger/coverage_tally.h"
#include "rules/identity.h"
#include "rules/purchase.h"

namespace jaring {

/// One row of membership.
struct Membership {
  MemberNumber member;
  Terms terms;
  int trade = 0;
  Spell spell;
  std::int64_t cohort_id = 0;
  std::int64_t village_code = 0;  // Where she lived when it began.
  std::optional<Date> cover_from;
  Money credit;
  std::optional<Date> ended_on;
};

/// Where the membership is counted.
inline CountedIn CountedWith(const Membership& membership) {
  return {membership.cohort_id, membership.village_code};
}

/// Its months as they are counted: there have to be some.
inline CountedSpell CountedSpellOf(const Membership& membership) {
  return {CountedWith(membership), static_cast<std::int64_t>(membership.terms.payer),
          *membership.spell.first_month, *membership.spell.paid_through};
}

/// Reads a row of kFindNewestMembership or kListMembershipsOfPerson. A trade the scheme does not
/// know is a bug in the scheme folder: trades are never removed.
Membership ReadMembership(const Scheme& scheme, const Row& row);

/// Appends the parameters of kInsertMembership.
void AddMembershipRow(const Membership& membership, ValueRows& rows);

/// Appends the parameters of kUpdateMembership.
void AddMembershipUpdate(const Membership& membership, ValueRows& rows);

/// True when money can be paid on it or it awaits its first: neither lapsed nor closed on `on`.
bool IsOpen(const Scheme& scheme, const Membership& membership, Date on);

/// Counts (`sign` +1) or uncounts (-1) a spell in the coverage counters; nothing without months.
/// `next`: the first later spell of the person with months, or nullptr.
void TallySpell(CoverageTally& tally, const Membership& spell, const Membership* next, int sign);

/// Why a membership was closed. Stored, so the numbers never change.
enum class EndReason : std::int64_t {
  kStoppedWorking = 1,
  kEmployed = 2,  // Has become a wage earner, whom the employer enrols.
  kLeftCountry = 3,
  kDied = 4,
  kTotalDisability = 5,  // Can never work again.
  kOldAge = 6,           // Savings paid out at the age the scheme says.
};

/// "stopped-working", "employed", "left-country", "died", "total-disability", "old-age".
std::string_view EndReasonCode(EndReason reason);
std::optional<EndReason> FindEndReason(std::string_view code);

/// Finds or makes cohorts; one for the length of a transaction.
class CohortBook {
 public:
  struct Key {
    std::int64_t branch_id = 0;
    std::int64_t regency_code = 0;
    std::int64_t sector = 0;
    std::int64_t group_id = 0;
    std::int64_t door = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  Result<std::int64_t> FindOrCreate(Tx& tx, const Key& key);

 private:
  std::map<Key, std::int64_t> ids_;
};

}  // namespace jaring
