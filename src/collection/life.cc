#include "collection/life.h"

#include <algorithm>

#include "registry/registry_sql.h"

namespace jaring {
namespace {

/// Counts a spell that another person's spell takes over from in month `next`.
void TallySuperseded(CoverageTally& tally, const Membership& m, Month next, int sign) {
  const CountedSpell spell = CountedSpellOf(m);
  tally.AddSpell(spell, sign);
  Month closed = next;
  if (m.ended_on) {
    closed = std::min(std::max(m.ended_on->month(), spell.first_month), next);
  }
  tally.AddClosing(spell, closed, sign);
  tally.AddRejoined(spell.in, next, sign);
}

}  // namespace

void TallyLife(CoverageTally& tally, std::span<const Membership> spells, int sign) {
  // The spells of one person stay in their order, whatever their months: each is placed no earlier
  // than the one before it.
  std::vector<std::pair<Month, const Membership*>> placed;
  for (const Membership& spell : spells) {
    if (!spell.spell.first_month) {
      continue;
    }
    Month place = *spell.spell.first_month;
    if (!placed.empty() && placed.back().second->member.person_id == spell.member.person_id) {
      place = std::max(place, placed.back().first);
    }
    placed.emplace_back(place, &spell);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Membership*> chain;
  chain.reserve(placed.size());
  for (const auto& [place, spell] : placed) {
    chain.push_back(spell);
  }
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Membership* next = i + 1 < chain.size() ? chain[i + 1] : nullptr;
    if (next == nullptr || next->member.person_id == chain[i]->member.person_id) {
      TallySpell(tally, *chain[i], next, sign);
    } else {
      TallySuperseded(tally, *chain[i], *next->spell.first_month, sign);
    }
  }
}

void TallyRegistered(CoverageTally& tally, std::span<const Membership> spells, int sign) {
  const Membership* first = nullptr;
  for (const Membership& m : spells) {
    if (m.member.membership_seq == 1 &&
        (first == nullptr || std::pair(m.spell.acquired_on, m.member) <
                                 std::pair(first->spell.acquired_on, first->member))) {
      first = &m;
    }
  }
  if (first != nullptr) {
    tally.AddRegistered(CountedWith(*first), first->spell.acquired_on.month(), sign);
  }
}

Result<std::vector<Membership>> LoadMemberships(Tx& tx, const Scheme& scheme,
                                                std::int64_t person_id) {
  std::vector<Membership> memberships;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListMembershipsOfPerson, {person_id}, [&](const Row& row) {
    memberships.push_back(ReadMembership(scheme, row));
  }));
  return memberships;
}

Result<std::vector<Membership>> LoadLife(Tx& tx, const Scheme& scheme,
                                         std::span<const std::int64_t> persons) {
  std::vector<Membership> life;
  for (const std::int64_t person_id : persons) {
    JARING_ASSIGN_OR_RETURN(const auto memberships, LoadMemberships(tx, scheme, person_id));
    life.insert(life.end(), memberships.begin(), memberships.end());
  }
  return life;
}

}  // namespace jaring
