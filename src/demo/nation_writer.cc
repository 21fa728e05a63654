#include "demo/nation_writer.h"

#include <tuple>

#include "base/check.h"
#include "collection/posting.h"
#include "demo/demo_clock.h"
#include "ledger/sequence.h"
#include "registry/group.h"
#include "registry/person_care_sql.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

struct GroupWords {
  const char* code;
  const char* name;
  GroupKind kind;
  Payer payer;
};
// By NationGroup; the first is none.
constexpr std::array<GroupWords, kNationGroups> kGroupWords = {{
    {"", "", GroupKind::kCommunity, Payer::kSelf},
    {"perusahaan-", "Perusahaan-perusahaan ", GroupKind::kEmployer, Payer::kEmployer},
    {"wadah-", "Wadah pekerja ", GroupKind::kAssociation, Payer::kSelf},
    {"sponsor-", "Pemerintah daerah ", GroupKind::kSponsor, Payer::kGovernment},
}};

std::string ThreeDigits(std::size_t number) {
  return std::to_string(1'000 + number % 1'000).substr(1);
}

std::string PartnerCode(std::size_t partner) {
  return "mitra-" + ThreeDigits(partner + 1);
}

}  // namespace

std::string NationWriter::ReferenceOf(std::size_t partner, std::int64_t n) {
  return "M" + ThreeDigits(partner + 1) + "-" + std::to_string(1'000'000'000 + n).substr(1);
}

bool Before(const Keyed<std::int64_t>& a, const Keyed<std::int64_t>& b) {
  return std::tie(a.key, a.n) < std::tie(b.key, b.n);
}

bool Before(const Keyed<SealedBlock>& a, const Keyed<SealedBlock>& b) {
  return std::tuple(a.key.view(), a.n) < std::tuple(b.key.view(), b.n);
}

Result<Done> NationWriter::WriteBlocks(Tx& tx, std::string_view insert,
                                       const std::vector<Keyed<SealedBlock>>& keys,
                                       std::size_t from, std::size_t until) {
  ValueRows rows(2);
  rows.Reserve(until - from);
  for (std::size_t i = from; i < until; ++i) {
    rows.Add({Bytes{keys[i].key.view()}, PersonId(keys[i].n)});
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(insert, rows));
  return Done{};
}

Result<Done> NationWriter::WriteLikenesses(Tx& tx, const std::vector<Keyed<std::int64_t>>& keys,
                                           std::size_t from, std::size_t until, Instant now) {
  ValueRows rows(2);
  ValueRows pairs(3);
  ValueRows marked(1);
  rows.Reserve(until - from);
  for (std::size_t i = from; i < until; ++i) {
    rows.Add({keys[i].key, PersonId(keys[i].n)});
    for (std::size_t k = i; k > 0 && keys[k - 1].key == keys[i].key; --k) {
      pairs.Add({PersonId(keys[i].n), PersonId(keys[k - 1].n), now.micros()});
    }
    if (i > 0 && keys[i - 1].key == keys[i].key) {
      marked.Add({PersonId(keys[i].n)});
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertLikeness, rows));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertSuspectedDuplicate, pairs));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kMarkLookAlike, marked));
  return Done{};
}

Result<Done> NationWriter::CreateGroupsAndPartners(Tx& tx) {
  for (const NationRegency& regency : data_.regencies) {
    JARING_ASSIGN_OR_RETURN(const auto branch_id, FindBranchOfRegency(tx, regency.code));
    if (!branch_id) {
      return NotFound("demo.regions_missing", std::to_string(regency.code));
    }
    const std::string code = std::to_string(regency.code);
    for (std::size_t i = 1; i < kNationGroups; ++i) {
      const GroupWords& words = kGroupWords[i];
      JARING_RETURN_IF_ERROR(CreateGroup(tx, {.code = words.code + code,
                                              .name = words.name + code,
                                              .kind = words.kind,
                                              .branch_id = *branch_id,
                                              .payer = words.payer}));
    }
  }
  for (std::size_t i = 0; i < kNationPartners; ++i) {
    JARING_RETURN_IF_ERROR(
        CreatePartner(tx, PartnerCode(i), "Mitra contoh " + std::to_string(i + 1)));
  }
  return Done{};
}

Result<Done> NationWriter::FindGroupsAndPartners(Tx& tx) {
  homes_.clear();
  partner_ids_.clear();
  for (const NationRegency& regency : data_.regencies) {
    Home home;
    for (std::size_t i = 1; i < kNationGroups; ++i) {
      JARING_ASSIGN_OR_RETURN(const auto group,
                              FindGroup(tx, kGroupWords[i].code + std::to_string(regency.code)));
      if (!group) {
        return NotFound("demo.regions_missing", std::to_string(regency.code));
      }
      home.branch_id = group->branch_id;
      home.group_ids[i] = group->group_id;
    }
    homes_.push_back(home);
  }
  for (std::size_t i = 0; i < kNationPartners; ++i) {
    JARING_ASSIGN_OR_RETURN(const auto partner, FindPartner(tx, PartnerCode(i)));
    if (!partner) {
      return NotFound("demo.regions_missing", PartnerCode(i));
    }
    partner_ids_.push_back(partner->partner_id);
  }
  return Done{};
}

Result<Membership> NationWriter::MembershipOf(Tx& tx, CohortBook& cohorts, std::int64_t person_id,
                                              const NationPerson& person) const {
  const Home& home = homes_[person.place.regency];
  Membership m{.member = {person_id, 1},
               .terms = person.terms,
               .trade = person.trade,
               .spell = {.acquired_on = person.acquired_on,
                         .start_rule = person.start_rule,
                         .first_month = {},
                         .paid_through = {}},
               .village_code = person.place.village,
               .cover_from = {},
               .credit = {},
               .ended_on = person.ended_on};
  JARING_ASSIGN_OR_RETURN(
      m.cohort_id,
      cohorts.FindOrCreate(tx, {.branch_id = home.branch_id,
                                .regency_code = data_.regencies[person.place.regency].code,
                                .sector = static_cast<std::int64_t>(person.terms.sector),
                                .group_id = home.group_ids[static_cast<std::size_t>(person.group)],
                                .door = static_cast<std::int64_t>(person.door)}));
  return m;
}

Result<Done> NationWriter::WritePeople(Tx& tx, std::int64_t first,
                                       const std::vector<NationPerson>& people) {
  const auto count = static_cast<std::int64_t>(people.size());
  std::int64_t paid = 0;
  for (const NationPerson& person : people) {
    paid += person.payment ? 1 : 0;
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t first_id, TakeNumbers(tx, "person", count));
  JARING_ASSIGN_OR_RETURN(std::int64_t payment_id, TakeNumbers(tx, "payment", paid));
  ValueRows rows(10);
  rows.Reserve(people.size());
  ValueRows ends(5);
  std::vector<std::string> references;
  references.reserve(people.size());
  PostingBatch batch(agency_, opened_);
  batch.Reserve(people.size());
  CoverageTally registered;
  CohortBook cohorts;
  PersonAccount account;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const NationPerson& p = people[i];
    const std::int64_t person_id = first_id + static_cast<std::int64_t>(i);
    rows.Add({person_id, Bytes{p.nik.view()}, p.name, p.birth_date.number(),
              static_cast<std::int64_t>(p.sex), p.place.village,
              p.phone ? Value(Bytes{p.phone->view()}) : Value(), p.language, p.warnings,
              DemoInstant(p.acquired_on, kDemoOpens).micros()});
    JARING_ASSIGN_OR_RETURN(const Membership m, MembershipOf(tx, cohorts, person_id, p));
    registered.AddRegistered(CountedWith(m), p.acquired_on.month(), +1);
    account.spells.assign(1, {.membership = m, .stored = false});
    account.birth_date = p.birth_date;
    if (p.payment) {
      references.push_back(ReferenceOf(p.payment->partner, first + static_cast<std::int64_t>(i)));
      const PaymentRecord payment{.person_id = person_id,
                                  .payment_id = payment_id++,
                                  .partner_id = partner_ids_[p.payment->partner],
                                  .reference = references.back(),
                                  .amount = p.payment->amount,
                                  .paid_at = p.payment->paid_at,
                                  .channel = "bank",
                                  .of_payment_id = {}};
      batch.AddPayment(payment);
      const Purchase bought = batch.Spend(payment, account);
      JARING_CHECK(bought.months > 0 && bought.leftover == Money());
      batch.TallySpells(account, +1);
    }
    batch.SaveAccount(account);
    if (p.ended_on) {
      const auto reason = static_cast<std::int64_t>(p.end_reason);
      ends.Add({person_id, m.member.membership_seq, p.ended_on->number(), reason,
                DemoInstant(*p.ended_on, kDemoCloses).micros()});
      registered.AddEnd(CountedWith(m), p.ended_on->month(), reason, +1);
    }
  }
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertPerson, rows));
  JARING_RETURN_IF_ERROR(tx.RunEach(sql::kInsertMembershipEnd, ends));
  JARING_RETURN_IF_ERROR(batch.Write(tx));
  return registered.Post(tx);
}

}  // namespace jaring
