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

Result<StoredContribution> RestBefore(const Scheme& scheme, const Party& party, const Terms& terms,
                                      const StoredContribution& contribution, Month month) {
  StoredContribution rest = contribution;
  const Date paid_on = party.PaymentOf(rest.payment_id).paid_at.JakartaDate();
  rest.months = std::max(0, month - rest.first_month);
  rest.parts = {};
  for (int k = 0; k < rest.months; ++k) {
    JARING_ASSIGN_OR_RETURN(const MonthPrice price,
                            PriceMonth(scheme, terms, rest.first_month + k, paid_on));
    rest.parts += price.due;
  }
  return rest;
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
