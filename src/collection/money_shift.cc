#include "collection/money_shift.h"

#include "registry/registry_sql.h"

namespace jaring {

Result<Party> LoadParty(Tx& tx, const Agency& agency, std::int64_t person_id) {
  Party party{.person_id = person_id};
  JARING_ASSIGN_OR_RETURN(const auto memberships, LoadMemberships(tx, agency.scheme, person_id));
  if (memberships.empty()) {
    return NotFound("member.unknown");
  }
  for (const Membership& membership : memberships) {
    party.account.spells.push_back({membership});
  }
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPersonIdentity, {person_id}, [&](const Row& row) {
    const auto birth_date = Date::ParseNumber(row.Int(1));
    JARING_CHECK(birth_date.has_value());
    party.account.birth_date = *birth_date;
  }));
  JARING_ASSIGN_OR_RETURN(party.history, LoadHistory(tx, person_id));
  return party;
}

std::vector<Membership> SpellsOf(const std::vector<Party>& parties) {
  std::vector<Membership> spells;
  for (const Party& party : parties) {
    for (const PersonAccount::Row& row : party.account.spells) {
      spells.push_back(row.membership);
    }
  }
  return spells;
}

}  // namespace jaring
