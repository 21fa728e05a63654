#include "collection/person_merge.h"

#include <algorithm>

#include "collection/money_shift.h"
#include "collection/month_progress.h"
#include "registry/kept_person.h"

namespace jaring {
namespace {

/// A spell of one of the parties.
struct SpellPlace {
  Party* party = nullptr;
  std::size_t place = 0;

  const Membership& spell() const { return party->account.spells[place].membership; }
  Month first() const { return *spell().spell.first_month; }
  Month through() const { return *spell().spell.paid_through; }
  /// The last month in which it covers: a membership may have been closed before.
  Month covers_through() const {
    const auto& ended_on = spell().ended_on;
    return ended_on ? std::min(through(), ended_on->AddDays(-1).month()) : through();
  }
};

/// Takes months that two persons have both paid back from one of them.
class DoubleMonths {
 public:
  DoubleMonths(Tx& tx, const Agency& agency, MoneyShift& shift, std::int64_t merge_id)
      : tx_(tx), agency_(agency), shift_(shift), merge_id_(merge_id) {}

  Result<Done> TakeBackAll() {
    while (const auto pair = FindPair()) {
      const auto& [earlier, later] = *pair;
      const bool later_is_longer = later.through() > earlier.through();
      const bool later_is_needed = later.through() > earlier.covers_through() || IsLast(later);
      if (!IsLast(earlier) && (later_is_longer || later_is_needed)) {
        JARING_RETURN_IF_ERROR(CutFrom(earlier, later.first()));
      } else {
        JARING_RETURN_IF_ERROR(CutFrom(later, later.first()));
      }
    }
    return Done{};
  }

 private:
  /// The kept person's last months: what she pays next goes on from there.
  bool IsLast(const SpellPlace& at) const {
    return at.party == &shift_.parties.front() && at.through() == *at.party->last_month();
  }

  /// Two spells of different parties that share a month; the one that begins earlier first.
  std::optional<std::pair<SpellPlace, SpellPlace>> FindPair() {
    std::vector<SpellPlace> spells;
    for (Party& party : shift_.parties) {
      for (std::size_t i = 0; i < party.account.spells.size(); ++i) {
        if (party.account.spells[i].membership.spell.first_month) {
          spells.push_back({&party, i});
        }
      }
    }
    // Of two that begin together the longer is taken for the earlier, and the kept person's.
    std::stable_sort(spells.begin(), spells.end(), [](const SpellPlace& a, const SpellPlace& b) {
      return std::pair(a.first(), -a.through().number()) <
             std::pair(b.first(), -b.through().number());
    });
    for (std::size_t i = 0; i < spells.size(); ++i) {
      for (std::size_t k = i + 1; k < spells.size(); ++k) {
        if (spells[i].party != spells[k].party && spells[k].first() <= spells[i].through()) {
          return std::pair(spells[i], spells[k]);
        }
      }
    }
    return std::nullopt;
  }

  /// Takes a spell's months back from `month` on.
  Result<Done> CutFrom(const SpellPlace& at, Month month) {
    Party& party = *at.party;
    const Membership spell = at.spell();
    for (std::size_t i = party.history.contributions.size(); i-- > 0;) {
      const StoredContribution c = party.history.contributions[i];
      if (c.membership_seq != spell.member.membership_seq || c.last_month() < month) {
        continue;
      }
      if (c.contribution_id != 0) {  // Else made by this merge and cut once more.
        JARING_RETURN_IF_ERROR(
            tx_.Run(sql::kInsertMergeTrim, {party.person_id, merge_id_, c.contribution_id}));
      }
      JARING_RETURN_IF_ERROR(Shorten(party, i, spell, month));
    }
    shift_.Restate(party);
    return Done{};
  }

  Result<Done> Shorten(Party& party, std::size_t at, const Membership& spell, Month month) {
    JARING_ASSIGN_OR_RETURN(
        const StoredContribution rest,
        RestBefore(agency_.scheme, party, spell.terms, party.history.contributions[at], month));
    if (party.history.contributions[at].contribution_id == 0) {
      return Internal("merge.cut_twice");
    }
    shift_.TakeBack(party, at);
    if (rest.months > 0) {
      shift_.Buy(party, rest);
    }
    return Done{};
  }

  Tx& tx_;
  const Agency& agency_;
  MoneyShift& shift_;
  const std::int64_t merge_id_;
};

bool HasEnded(const std::vector<Membership>& memberships) {
  return memberships.back().ended_on.has_value();
}

std::optional<Month> LastMonth(const std::vector<Membership>& memberships) {
  std::optional<Month> last;
  for (const Membership& m : memberships) {
    if (m.spell.paid_through) {
      last = std::max(last.value_or(*m.spell.paid_through), *m.spell.paid_through);
    }
  }
  return last;
}

}  // namespace

Result<Done> CheckMerge(Tx& tx, const Agency& agency, const MergePair& pair) {
  JARING_RETURN_IF_ERROR(CheckNoMonthIsPosted(tx));
  JARING_ASSIGN_OR_RETURN(const auto kept, LoadMemberships(tx, agency.scheme, pair.kept_person_id));
  JARING_ASSIGN_OR_RETURN(const auto merged,
                          LoadMemberships(tx, agency.scheme, pair.merged_person_id));
  if (kept.empty() || merged.empty()) {
    return NotFound("member.unknown");
  }
  if (pair.kept_person_id == pair.merged_person_id) {
    return Invalid("merge.same_person");
  }
  JARING_ASSIGN_OR_RETURN(const auto of_kept, KeptPersonOf(tx, pair.kept_person_id));
  JARING_ASSIGN_OR_RETURN(const auto of_merged, KeptPersonOf(tx, pair.merged_person_id));
  JARING_ASSIGN_OR_RETURN(const auto under_merged, PersonsOf(tx, pair.merged_person_id));
  if (of_kept != pair.kept_person_id || of_merged != pair.merged_person_id ||
      under_merged.size() > 1) {
    return Conflict("merge.merged_already");
  }
  const auto last_of_merged = LastMonth(merged);
  if (last_of_merged && (!LastMonth(kept) || *LastMonth(kept) < *last_of_merged)) {
    return Conflict("merge.keep_the_other");
  }
  if (HasEnded(kept) && !HasEnded(merged)) {
    return Conflict("merge.kept_has_ended");
  }
  return Done{};
}

Result<std::int64_t> MergePersons(Tx& tx, const Agency& agency, const MergePair& pair,
                                  Instant now) {
  JARING_RETURN_IF_ERROR(CheckMerge(tx, agency, pair));
  JARING_ASSIGN_OR_RETURN(const std::int64_t merge_id, TakeNumbers(tx, "merge", 1));
  MoneyShift shift(tx, agency, merge_id, now);
  JARING_ASSIGN_OR_RETURN(auto persons, PersonsOf(tx, pair.kept_person_id));
  JARING_ASSIGN_OR_RETURN(const auto kept_life, LoadLife(tx, agency.scheme, persons));
  JARING_ASSIGN_OR_RETURN(const auto merged_life,
                          LoadMemberships(tx, agency.scheme, pair.merged_person_id));
  for (const auto& life : {kept_life, merged_life}) {
    TallyLife(shift.tally, life, -1);
    TallyRegistered(shift.tally, life, -1);
  }
  persons.push_back(pair.merged_person_id);
  JARING_RETURN_IF_ERROR(shift.Load(persons));
  JARING_RETURN_IF_ERROR(DoubleMonths(tx, agency, shift, merge_id).TakeBackAll());
  Party& kept = shift.parties.front();
  for (Party& party : shift.parties) {
    const Money credit = party.newest().credit;
    if (&party == &kept || credit.is_zero()) {
      continue;
    }
    JARING_RETURN_IF_ERROR(shift.Move(party, -credit, now, std::nullopt));
    JARING_RETURN_IF_ERROR(shift.Move(kept, credit, now, std::nullopt));
    shift.Restate(party);
    shift.Restate(kept);
  }
  const auto life = SpellsOf(shift.parties);
  TallyLife(shift.tally, life, +1);
  TallyRegistered(shift.tally, life, +1);
  JARING_RETURN_IF_ERROR(shift.Write());
  JARING_ASSIGN_OR_RETURN(const std::int64_t mark, TakeNumbers(tx, "payment", 1));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertMerge, {pair.merged_person_id, merge_id,
                                                    pair.kept_person_id, now.micros(), mark}));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertMergedPerson, {pair.merged_person_id, pair.kept_person_id}));
  return merge_id;
}

}  // namespace jaring
