#include "registry/membership.h"

#include <algorithm>
#include <array>

#include "ledger/sequence.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 6> kEndReasonCodes = {
    "stopped-working", "employed", "left-country", "died", "total-disability", "old-age"};

/// What we stored ourselves and cannot read back is a bug, not somebody's bad input.
Date StoredDate(std::int64_t number) {
  const auto date = Date::ParseNumber(number);
  JARING_CHECK(date.has_value());
  return *date;
}

Month StoredMonth(std::int64_t number) {
  const auto month = Month::ParseNumber(number);
  JARING_CHECK(month.has_value());
  return *month;
}

template <typename T>
Value Optional(const std::optional<T>& value) {
  return value ? Value(value->number()) : Value();
}

}  // namespace

Membership ReadMembership(const Scheme& scheme, const Row& row) {
  Membership m;
  m.member = {row.Int(0), static_cast<int>(row.Int(1))};
  m.spell.acquired_on = StoredDate(row.Int(2));
  m.terms.programmes = ProgrammeSet::FromBits(row.Int(3));
  m.terms.income = Money::FromRupiah(row.Int(4));
  m.trade = static_cast<int>(row.Int(5));
  const Trade* trade = FindTrade(scheme, row.Int(5));
  JARING_CHECK(trade != nullptr);
  m.terms.sector = trade->sector;
  m.terms.payer = static_cast<Payer>(row.Int(6));
  m.spell.start_rule = static_cast<StartRule>(row.Int(7));
  m.cohort_id = row.Int(8);
  if (!row.IsNull(9)) {
    m.spell.first_month = StoredMonth(row.Int(9));
    m.spell.paid_through = StoredMonth(row.Int(10));
    m.terms.spell_first_month = m.spell.first_month;
  }
  if (!row.IsNull(11)) {
    m.cover_from = StoredDate(row.Int(11));
  }
  m.credit = Money::FromRupiah(row.Int(12));
  if (!row.IsNull(13)) {
    m.ended_on = StoredDate(row.Int(13));
  }
  m.village_code = row.Int(14);
  return m;
}

void AddMembershipRow(const Membership& m, ValueRows& rows) {
  rows.Add({m.member.person_id, m.member.membership_seq, m.spell.acquired_on.number(),
            m.terms.programmes.bits(), m.terms.income.rupiah(), m.trade,
            static_cast<std::int64_t>(m.terms.payer), static_cast<std::int64_t>(m.spell.start_rule),
            m.cohort_id, Optional(m.spell.first_month), Optional(m.spell.paid_through),
            Optional(m.cover_from), m.credit.rupiah(), Optional(m.ended_on), m.village_code});
}

void AddMembershipUpdate(const Membership& m, ValueRows& rows) {
  rows.Add({m.member.person_id, m.member.membership_seq, Optional(m.spell.first_month),
            Optional(m.spell.paid_through), Optional(m.cover_from), m.credit.rupiah()});
}

bool IsOpen(const Scheme& scheme, const Membership& m, Date on) {
  return !m.ended_on && AgeOfSpell(scheme, m.spell, on) != SpellAge::kLapsed;
}

void TallySpell(CoverageTally& tally, const Membership& m, const Membership* next, int sign) {
  if (!m.spell.first_month) {
    return;
  }
  const CountedSpell spell = CountedSpellOf(m);
  tally.AddSpell(spell, sign);
  const bool is_followed = next != nullptr;
  if (m.ended_on) {
    const Month closed = std::max(m.ended_on->month(), spell.first_month);
    // An end closes every spell of the person; one that another has followed by then just lapsed.
    if (!is_followed ||
        (closed <= *next->spell.first_month && *m.ended_on <= next->spell.acquired_on)) {
      tally.AddClosing(spell, closed, sign);
      if (is_followed) {
        tally.AddRejoined(spell.in, *next->spell.first_month, sign);
      }
      return;
    }
  }
  if (is_followed) {
    tally.AddRestarted(spell.in, *next->spell.first_month, sign);
  }
}

std::string_view EndReasonCode(EndReason reason) {
  return kEndReasonCodes[static_cast<std::size_t>(reason) - 1];
}

std::optional<EndReason> FindEndReason(std::string_view code) {
  const auto found = std::find(kEndReasonCodes.begin(), kEndReasonCodes.end(), code);
  return found == kEndReasonCodes.end()
             ? std::nullopt
             : std::optional(static_cast<EndReason>(found - kEndReasonCodes.begin() + 1));
}

Result<std::int64_t> CohortBook::FindOrCreate(Tx& tx, const Key& key) {
  if (const auto known = ids_.find(key); known != ids_.end()) {
    return known->second;
  }
  std::int64_t cohort_id = 0;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kFindCohort, {key.branch_id, key.regency_code, key.sector, key.group_id, key.door},
      [&](const Row& row) { cohort_id = row.Int(0); }));
  if (cohort_id == 0) {
    JARING_ASSIGN_OR_RETURN(cohort_id, TakeNumbers(tx, "cohort", 1));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertCohort, {cohort_id, key.branch_id, key.regency_code,
                                                       key.sector, key.group_id, key.door}));
  }
  ids_.emplace(key, cohort_id);
  return cohort_id;
}

}  // namespace jaring
