#include "claims/claim_ground.h"

#include <algorithm>

#include "access/person_place.h"
#include "claims/claim_book.h"
#include "claims/claims_sql.h"
#include "collection/collection_sql.h"
#include "collection/life.h"
#include "collection/savings_withdrawal.h"
#include "registry/kept_person.h"
#include "registry/registry_sql.h"

namespace jaring {
namespace {

/// Memberships of persons found to be one are told apart by more than their number.
constexpr int kSeqOfNextPerson = 100;

class GroundLoader {
 public:
  GroundLoader(Tx& tx, const Agency& agency, const ClaimNumber& number, const ClaimFacts& facts)
      : tx_(tx), agency_(agency), number_(number), facts_(facts) {}

  Result<ClaimGround> Load() {
    JARING_RETURN_IF_ERROR(LoadPerson());
    JARING_ASSIGN_OR_RETURN(const auto persons, PersonsOf(tx_, number_.person_id));
    for (std::size_t i = 0; i < persons.size(); ++i) {
      JARING_RETURN_IF_ERROR(LoadMoney(persons[i], static_cast<int>(i) * kSeqOfNextPerson));
      JARING_RETURN_IF_ERROR(LoadOthers(persons[i]));
    }
    JARING_ASSIGN_OR_RETURN(ground_.branch_id, BranchOfPerson(tx_, number_.person_id));
    JARING_ASSIGN_OR_RETURN(ground_.savings, FindSavings(tx_, number_.person_id));
    JARING_RETURN_IF_ERROR(LoadRefund());
    JARING_RETURN_IF_ERROR(LoadOwn());
    return std::move(ground_);
  }

 private:
  Result<Done> LoadPerson() {
    bool found = false;
    JARING_RETURN_IF_ERROR(
        tx_.Query(sql::kFindPersonIdentity, {number_.person_id}, [&](const Row& row) {
          const auto birth = Date::ParseNumber(row.Int(1));
          JARING_CHECK(birth.has_value());
          ground_.name = row.Text(0);
          ground_.birth = *birth;
          found = true;
        }));
    return found ? Result<Done>(Done{}) : NotFound("member.unknown");
  }

  /// Spells and what bought their months, of one person of the register.
  Result<Done> LoadMoney(std::int64_t person_id, int seq_from) {
    JARING_ASSIGN_OR_RETURN(const auto memberships,
                            LoadMemberships(tx_, agency_.scheme, person_id));
    for (const Membership& m : memberships) {
      AddSpell(m, seq_from);
    }
    std::map<std::int64_t, Date> paid_on;
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kListPaymentsOfPerson, {person_id}, [&](const Row& row) {
      paid_on.emplace(row.Int(0), Instant::FromMicros(row.Int(5)).JakartaDate());
    }));
    return tx_.Query(sql::kListContributionsOfPerson, {person_id}, [&](const Row& row) {
      const auto first = Month::ParseNumber(row.Int(3));
      JARING_CHECK(first.has_value());
      const auto months = static_cast<int>(row.Int(4));
      CountMonths(*first, months, row.Int(7) != 0);
      const auto paid = paid_on.find(row.Int(2));
      if (months > 0 &&
          paid != paid_on.end()) {  // Money moved by a merge bought on no day of its own.
        ground_.payments.push_back(
            {static_cast<int>(row.Int(1)) + seq_from, *first, months, paid->second});
      }
    });
  }

  /// A reversing row has its months negative, from the same first month.
  void CountMonths(Month first, int months, bool saves) {
    const int count = std::abs(months);
    const int until_event = std::clamp(facts_.on.month() - first + 1, 0, count);
    const int counted = months < 0 ? -until_event : until_event;
    ground_.contribution_months += counted;
    ground_.savings_months += saves ? counted : 0;
  }

  /// Who joined after the event was no member then, whatever day her money is of.
  void AddSpell(const Membership& m, int seq_from) {
    if (m.spell.acquired_on > facts_.on) {
      return;
    }
    CoveredSpell spell{.membership_seq = m.member.membership_seq + seq_from,
                       .programmes = m.terms.programmes,
                       .first_month = m.spell.first_month,
                       .paid_through = m.spell.paid_through,
                       .cover_from = m.cover_from,
                       .ended_on = m.ended_on};
    if (spell.ended_on && *spell.ended_on >= facts_.on) {
      spell.ended_on.reset();  // By the event, or after it.
    }
    ground_.terms = m.terms;
    ground_.spells.push_back(spell);
  }

  /// Claims of one person of the register.
  Result<Done> LoadOthers(std::int64_t person_id) {
    JARING_ASSIGN_OR_RETURN(const auto claims, ListClaimsOfPerson(tx_, person_id));
    for (const Claim& claim : claims) {
      if (claim.number == number_) {
        ground_.begun_on = claim.begun_at.JakartaDate();
      }
      if (claim.number == number_ || claim.state == ClaimState::kWithdrawn) {
        continue;
      }
      ground_.others.push_back(claim);
      const bool is_month = claim.kind == ClaimKind::kIncapacity && claim.event_on == facts_.on;
      ground_.paid_before += is_month && IsOwed(claim.state) ? claim.gross : Money();
      if (IsOwed(claim.state) && claim.kind == ClaimKind::kSavings) {
        JARING_RETURN_IF_ERROR(LookForPart(claim.number));
      }
      if (facts_.kind == ClaimKind::kDeath && claim.kind == ClaimKind::kAccident) {
        JARING_RETURN_IF_ERROR(LookForDeath(claim));
      }
    }
    return Done{};
  }

  Result<Done> LookForDeath(const Claim& accident) {
    JARING_ASSIGN_OR_RETURN(const ClaimRecords records, ReadRecords(tx_, agency_, accident.number));
    if (records.facts.is_of_death() && accident.state != ClaimState::kRefused) {
      ground_.death_by_accident = accident.number;
    }
    return Done{};
  }

  Result<Done> LookForPart(const ClaimNumber& number) {
    const ClaimEvents parts =
        ClaimEvents().With(ClaimEvent::kSavingsHousing).With(ClaimEvent::kSavingsOther);
    JARING_ASSIGN_OR_RETURN(const auto lines, ListLines(tx_, number));
    for (const ClaimLine& line : lines) {
      for (const Benefit& benefit : agency_.scheme.benefits) {
        ground_.part_taken =
            ground_.part_taken || (benefit.id == line.benefit && benefit.events.HasAny(parts));
      }
    }
    return Done{};
  }

  /// Which instalment it is.
  Result<Done> LoadSchedule() {
    JARING_ASSIGN_OR_RETURN(const auto schedules, ListSchedulesOfPerson(tx_, number_.person_id));
    JARING_ASSIGN_OR_RETURN(const auto all, ListInstalmentsOfPerson(tx_, number_.person_id));
    for (const ClaimSchedule& schedule : schedules) {
      for (const Instalment& each : all) {
        if (each.schedule_no == schedule.schedule_no && each.claim == number_) {
          JARING_RETURN_IF_ERROR(LoadInstalment(schedule, each, all));
        }
      }
    }
    return Done{};
  }

  /// Of a membership that the event ends; ended before, its claim gave back what there was. Months
  /// whose savings were all paid out already are left as they are: their part would be given twice.
  Result<Done> LoadRefund() {
    JARING_ASSIGN_OR_RETURN(const auto memberships,
                            LoadMemberships(tx_, agency_.scheme, number_.person_id));
    if (!EndingOf(facts_) || memberships.empty() || memberships.back().ended_on) {
      return Done{};
    }
    JARING_ASSIGN_OR_RETURN(const Refund refund,
                            PlanRefund(tx_, agency_, number_.person_id, facts_.on));
    ground_.savings_gone = ground_.savings < refund.parts[Programme::kJht];
    if (!ground_.savings_gone) {
      ground_.refund = refund;
      ground_.savings -= refund.parts[Programme::kJht];
    }
    return Done{};
  }

  Result<Done> LoadInstalment(const ClaimSchedule& schedule, const Instalment& own,
                              const std::vector<Instalment>& all) {
    InstalmentGround& of = ground_.instalment.emplace();
    of.schedule = schedule;
    of.instalment_no = own.instalment_no;
    of.due_on = schedule.DayOf(own.instalment_no);
    JARING_ASSIGN_OR_RETURN(of.right, FindClaim(tx_, schedule.right()));
    for (const Instalment& each : all) {
      const bool counts = schedule.kind == ClaimKind::kScholarship &&
                          each.schedule_no == schedule.schedule_no && IsOwedOther(each.claim);
      if (counts) {
        JARING_ASSIGN_OR_RETURN(const ClaimRecords told, ReadRecords(tx_, agency_, each.claim));
        for (const PupilTold& pupil : told.facts.pupils) {
          ++of.years_by_level[pupil.level];
        }
      }
    }
    return Done{};
  }

  bool IsOwedOther(const ClaimNumber& number) const {
    return std::any_of(ground_.others.begin(), ground_.others.end(), [&](const Claim& other) {
      return other.number == number && IsOwed(other.state);
    });
  }

  /// What was brought for the claim itself.
  Result<Done> LoadOwn() {
    if (number_.claim_seq == 0) {
      return Done{};
    }
    if (IsInstalment(facts_.kind)) {
      JARING_RETURN_IF_ERROR(LoadSchedule());
    }
    std::vector<std::string> digests;
    JARING_RETURN_IF_ERROR(tx_.Query(sql::kListClaimPapers, {number_.person_id, number_.claim_seq},
                                     [&](const Row& row) {
                                       ground_.papers.emplace_back(row.Text(1));
                                       digests.emplace_back(row.Blob(2));
                                     }));
    JARING_ASSIGN_OR_RETURN(const ClaimRecords records, ReadRecords(tx_, agency_, number_));
    ground_.payees = records.payees;
    for (const ClaimPayee& payee : ground_.payees) {
      JARING_ASSIGN_OR_RETURN(
          const std::int64_t people,
          CountPeopleOfTrait(tx_, agency_, "account", payee.institution + " " + payee.account));
      ground_.people_of_account = std::max(ground_.people_of_account, people);
    }
    if (!records.facts.doctor.empty()) {
      JARING_ASSIGN_OR_RETURN(
          ground_.people_of_doctor,
          CountPeopleOfTrait(tx_, agency_, "doctor", FoldWords(records.facts.doctor)));
    }
    for (const std::string& digest : digests) {
      JARING_ASSIGN_OR_RETURN(const std::int64_t people,
                              CountPeopleOfTrait(tx_, agency_, "paper", digest));
      ground_.people_of_paper = std::max(ground_.people_of_paper, people);
    }
    return Done{};
  }

  Tx& tx_;
  const Agency& agency_;
  const ClaimNumber& number_;
  const ClaimFacts& facts_;
  ClaimGround ground_;
};

}  // namespace

std::optional<EndReason> EndingOf(const ClaimFacts& facts) {
  if (IsInstalment(facts.kind)) {
    return std::nullopt;
  }
  if (facts.is_of_death()) {
    return EndReason::kDied;
  }
  if (facts.kind == ClaimKind::kAccident) {
    return facts.outcome == AccidentOutcome::kTotalDisability
               ? std::optional(EndReason::kTotalDisability)
               : std::nullopt;
  }
  switch (facts.reason) {
    case SavingsReason::kAge:
      return EndReason::kOldAge;
    case SavingsReason::kTotalDisability:
      return EndReason::kTotalDisability;
    case SavingsReason::kLeftCountry:
      return EndReason::kLeftCountry;
    case SavingsReason::kStoppedWorking:
    case SavingsReason::kLeftEmployer:
      return EndReason::kStoppedWorking;
    case SavingsReason::kHousing:
    case SavingsReason::kOther:
    case SavingsReason::kDeath:
      break;
  }
  return std::nullopt;
}

Result<ClaimGround> LoadClaimGround(Tx& tx, const Agency& agency, const ClaimNumber& number,
                                    const ClaimFacts& facts) {
  return GroundLoader(tx, agency, number, facts).Load();
}

}  // namespace jaring
