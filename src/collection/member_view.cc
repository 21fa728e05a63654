#include "collection/member_view.h"

#include <algorithm>

#include "collection/collection_sql.h"
#include "collection/history.h"
#include "collection/payment_reservation.h"
#include "registry/kept_person.h"
#include "registry/person_care_sql.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

/// Personal data of one person into the view.
Result<Done> LoadPerson(Tx& tx, std::int64_t person_id, MemberView& view) {
  bool found = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindPerson, {person_id}, [&](const Row& row) {
    const auto birth_date = Date::ParseNumber(row.Int(1));
    JARING_CHECK(birth_date.has_value());
    view.name = row.Text(0);
    view.birth_date = *birth_date;
    view.sex = static_cast<Sex>(row.Int(2));
    view.village_code = row.Int(3);
    view.language = row.Text(5);
    found = true;
  }));
  JARING_CHECK(found);  // No membership without its person.
  return Done{};
}

/// The spells as they were known: those acquired by then, with the months known to be bought.
///
/// The day of first cover too is that of the payment which was then known to have begun the spell.
void ForgetWhatCameLater(const MoneyHistory& history, Date known_on,
                         std::vector<PersonAccount::Row>& spells) {
  std::erase_if(spells, [&](const PersonAccount::Row& row) {
    return row.membership.spell.acquired_on > known_on;
  });
  ApplyContributions(history.contributions, spells);
  for (PersonAccount::Row& row : spells) {
    Membership& m = row.membership;
    m.cover_from.reset();
    if (!m.spell.first_month) {
      continue;
    }
    for (const StoredPayment& p : history.payments) {
      const bool began = std::any_of(history.contributions.begin(), history.contributions.end(),
                                     [&](const StoredContribution& c) {
                                       return c.payment_id == p.payment_id &&
                                              c.first_month == *m.spell.first_month &&
                                              c.membership_seq == m.member.membership_seq;
                                     });
      if (began) {
        m.cover_from = CoverFrom(m.spell, p.paid_at.JakartaDate());
      }
    }
  }
}

CoveredSpell SpellOf(const Membership& m) {
  return {.membership_seq = m.member.membership_seq,
          .programmes = m.terms.programmes,
          .first_month = m.spell.first_month,
          .paid_through = m.spell.paid_through,
          .cover_from = m.cover_from,
          .ended_on = m.ended_on};
}

/// Ends that were told of later are not known yet.
Result<Done> ForgetLaterEnds(Tx& tx, std::int64_t person_id, Instant known_at,
                             std::vector<PersonAccount::Row>& spells) {
  std::vector<std::int64_t> known;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListMembershipEnds, {person_id}, [&](const Row& row) {
    if (row.Int(2) <= known_at.micros()) {
      known.push_back(row.Int(0));
    }
  }));
  for (PersonAccount::Row& row : spells) {
    std::optional<Date>& ended_on = row.membership.ended_on;
    if (ended_on && std::find(known.begin(), known.end(), ended_on->number()) == known.end()) {
      ended_on.reset();
    }
  }
  return Done{};
}

/// Oldest first; none for a number nobody has.
Result<std::vector<PersonAccount::Row>> LoadSpells(Tx& tx, const Agency& agency,
                                                   std::int64_t person_id) {
  std::vector<PersonAccount::Row> spells;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListMembershipsOfPerson, {person_id}, [&](const Row& row) {
    spells.push_back({ReadMembership(agency.scheme, row)});
  }));
  return spells;
}

/// The persons of one human: the kept one's spells, and the spells of those merged into her.
struct HumanSpells {
  std::vector<PersonAccount::Row> kept;
  std::vector<PersonAccount::Row> merged;
  std::size_t asked = 0;  // How many memberships the person asked for has.
  Money credit;
};

/// Nearly nobody is one with another: those few are asked for a second time, person by person,
/// since the rows of two persons may lie on two machines.
Result<HumanSpells> LoadHuman(Tx& tx, const Agency& agency, std::int64_t person_id) {
  HumanSpells human;
  bool is_merged = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListOwnSpells, {person_id}, [&](const Row& row) {
    human.kept.push_back({ReadMembership(agency.scheme, row)});
    is_merged = row.Int(15) == 1;
  }));
  human.asked = human.kept.size();
  if (is_merged) {
    human.kept.clear();
    JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id));
    JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, kept));
    for (const std::int64_t person : persons) {
      JARING_ASSIGN_OR_RETURN(const auto spells, LoadSpells(tx, agency, person));
      auto& into = person == kept ? human.kept : human.merged;
      into.insert(into.end(), spells.begin(), spells.end());
    }
  }
  if (!human.kept.empty()) {
    human.credit = human.kept.back().membership.credit;
  }
  return human;
}

/// One person as she was known.
Result<std::vector<PersonAccount::Row>> LoadSpellsKnown(Tx& tx, const Agency& agency,
                                                        std::int64_t person_id, Instant known_at) {
  JARING_ASSIGN_OR_RETURN(auto spells, LoadSpells(tx, agency, person_id));
  if (spells.empty()) {
    return spells;
  }
  JARING_ASSIGN_OR_RETURN(const MoneyHistory history, LoadHistory(tx, person_id, known_at));
  const Membership newest = spells.back().membership;
  ForgetWhatCameLater(history, known_at.JakartaDate(), spells);
  if (spells.empty()) {
    spells.push_back({newest});
    ApplyContributions({}, spells);
  }
  JARING_RETURN_IF_ERROR(ForgetLaterEnds(tx, person_id, known_at, spells));
  spells.back().membership.credit = history.credit();
  return spells;
}

/// The same as it was known: who was one with whom then, and with which months.
Result<HumanSpells> LoadHumanKnown(Tx& tx, const Agency& agency, std::int64_t person_id,
                                   Instant known_at) {
  HumanSpells human;
  JARING_ASSIGN_OR_RETURN(const auto now, LoadSpells(tx, agency, person_id));
  human.asked = now.size();
  JARING_ASSIGN_OR_RETURN(const std::int64_t kept, KeptPersonOf(tx, person_id, known_at));
  JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx, kept, known_at));
  for (const std::int64_t person : persons) {
    JARING_ASSIGN_OR_RETURN(const auto spells, LoadSpellsKnown(tx, agency, person, known_at));
    auto& into = person == kept ? human.kept : human.merged;
    into.insert(into.end(), spells.begin(), spells.end());
    human.credit += spells.empty() ? Money() : spells.back().membership.credit;
  }
  return human;
}

/// All spells for the question of cover: those with months in the order of their months.
std::vector<CoveredSpell> CoveredSpellsOf(const HumanSpells& human) {
  std::vector<CoveredSpell> spells;
  for (const auto* rows : {&human.merged, &human.kept}) {
    for (const PersonAccount::Row& row : *rows) {
      spells.push_back(SpellOf(row.membership));
    }
  }
  if (!human.merged.empty()) {
    const auto key = [](const CoveredSpell& s) {
      return s.first_month ? s.first_month->number() : INT64_MAX;
    };
    std::stable_sort(spells.begin(), spells.end(),
                     [&](const CoveredSpell& a, const CoveredSpell& b) { return key(a) < key(b); });
  }
  return spells;
}

}  // namespace

Result<MemberView> ViewMember(Tx& tx, const Agency& agency, const CoverageQuestion& question) {
  MemberView view;
  const std::int64_t asked_id = question.member.person_id;
  JARING_ASSIGN_OR_RETURN(const HumanSpells human,
                          question.known_at
                              ? LoadHumanKnown(tx, agency, asked_id, *question.known_at)
                              : LoadHuman(tx, agency, asked_id));
  const int seq = question.member.membership_seq;
  if (seq < 1 || static_cast<std::size_t>(seq) > human.asked || human.kept.empty()) {
    return NotFound("member.unknown");
  }
  const std::vector<PersonAccount::Row>& spells = human.kept;
  view.spells = CoveredSpellsOf(human);
  const Membership& newest = spells.back().membership;
  view.member = newest.member;
  view.terms = newest.terms;
  view.trade = newest.trade;
  view.credit = human.credit;
  view.coverage = CoverageOn(agency.scheme, view.spells, question.on);
  const std::size_t to_pay =
      std::min(SpellToPay(agency.scheme, spells, question.on), spells.size() - 1);
  const Membership& paid = spells[to_pay].membership;
  // Only who begins anew is asked for an age; the others are answered without reading the person.
  const bool begins = AgeOfSpell(agency.scheme, paid.spell, question.on) != SpellAge::kOpen;
  if (question.with_person || begins) {
    JARING_RETURN_IF_ERROR(LoadPerson(tx, newest.member.person_id, view));
  }
  if (newest.ended_on && *newest.ended_on <= question.on) {
    view.restoration = {.kind = Restoration::Kind::kNotPossible,
                        .covered_from = question.on,
                        .covered_until = question.on};
  } else {
    view.restoration =
        HowToRestore(agency.scheme, paid.terms, paid.spell, view.birth_date, question.on);
  }
  return view;
}

namespace {

struct FoundReference {
  std::int64_t payment_id = 0;
  std::int64_t person_id = 0;
  std::int64_t partner_id = 0;
  std::string partner_name;
};

/// The payments behind a reference, each partner's once: where it is placed, else where it waits.
Result<std::vector<FoundReference>> FindPayments(Tx& tx, std::string_view reference,
                                                 std::optional<std::int64_t> partner_id) {
  std::vector<FoundReference> found;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindReferenceAnyPartner, {reference}, [&](const Row& row) {
    const auto kind = static_cast<PaymentKind>(row.Int(4));
    if (kind == PaymentKind::kReversal || (partner_id && row.Int(2) != *partner_id)) {
      return;
    }
    const FoundReference next{row.Int(0), row.Int(1), row.Int(2), std::string(row.Text(3))};
    if (!found.empty() && found.back().partner_id == next.partner_id) {
      found.back() = next;
    } else {
      found.push_back(next);
    }
  }));
  return found;
}

void FillPayment(const MoneyHistory& history, std::int64_t payment_id, ReceiptView& receipt) {
  for (const StoredPayment& p : history.payments) {
    if (p.payment_id == payment_id) {
      receipt.reference = p.reference;
      receipt.amount = p.amount;
      receipt.paid_at = p.paid_at;
      receipt.posted_at = p.posted_at;
      receipt.reversed = p.reversed;
    }
  }
  for (const StoredContribution& c : history.contributions) {
    if (c.payment_id == payment_id) {
      receipt.member.membership_seq = c.membership_seq;
      receipt.first_month = c.first_month;
      receipt.months = c.months;
      receipt.parts = c.parts;
      receipt.cover_until = LastDay(c.last_month());
    }
  }
}

}  // namespace

Result<std::vector<ReceiptView>> FindReceipts(Tx& tx, const Agency& agency,
                                              std::string_view reference,
                                              std::optional<std::int64_t> partner_id) {
  JARING_ASSIGN_OR_RETURN(const auto found, FindPayments(tx, reference, partner_id));
  if (found.empty()) {
    return NotFound("payment.unknown_reference");
  }
  std::vector<ReceiptView> receipts;
  for (const FoundReference& payment : found) {
    JARING_RETURN_IF_ERROR(CheckPosted(tx, payment.person_id, payment.payment_id));
    if (payment.person_id == 0) {
      continue;
    }
    MemberView person;
    JARING_RETURN_IF_ERROR(LoadPerson(tx, payment.person_id, person));
    JARING_ASSIGN_OR_RETURN(const auto spells, LoadSpells(tx, agency, payment.person_id));
    JARING_ASSIGN_OR_RETURN(const MoneyHistory history, LoadHistory(tx, payment.person_id));
    ReceiptView receipt;
    receipt.member = spells.back().membership.member;
    receipt.name = person.name;
    receipt.partner_name = payment.partner_name;
    receipt.credit = spells.back().membership.credit;
    FillPayment(history, payment.payment_id, receipt);
    receipts.push_back(std::move(receipt));
  }
  if (receipts.empty()) {
    return Conflict("payment.in_suspense");
  }
  return receipts;
}

}  // namespace jaring
