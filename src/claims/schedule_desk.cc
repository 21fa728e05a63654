#include "claims/schedule_desk.h"

#include <algorithm>

#include "access/person_place.h"
#include "claims/claim_schedule_sql.h"
#include "rules/scholarship_due.h"

namespace jaring {
namespace {

/// What one person's claims, schedules and instalments are.
struct PersonSchedules {
  std::vector<Claim> claims;
  std::vector<ClaimSchedule> schedules;
  std::vector<Instalment> instalments;

  static Result<PersonSchedules> Load(Tx& tx, std::int64_t person_id) {
    PersonSchedules all;
    JARING_ASSIGN_OR_RETURN(all.schedules, ListSchedulesOfPerson(tx, person_id));
    JARING_ASSIGN_OR_RETURN(all.instalments, ListInstalmentsOfPerson(tx, person_id));
    JARING_ASSIGN_OR_RETURN(all.claims, ListClaimsOfPerson(tx, person_id));
    return all;
  }

  const Claim& ClaimOf(const ClaimNumber& number) const {
    const auto at = std::find_if(claims.begin(), claims.end(),
                                 [&](const Claim& claim) { return claim.number == number; });
    JARING_CHECK(at != claims.end());
    return *at;
  }

  std::vector<ClaimNumber> InstalmentsOf(const ClaimSchedule& schedule) const {
    std::vector<ClaimNumber> numbers;
    for (const Instalment& each : instalments) {
      if (each.schedule_no == schedule.schedule_no) {
        numbers.push_back(each.claim);
      }
    }
    return numbers;
  }

  bool HasToDoWith(const ClaimSchedule& schedule, const ClaimNumber& claim) const {
    const auto numbers = InstalmentsOf(schedule);
    return schedule.right() == claim ||
           std::find(numbers.begin(), numbers.end(), claim) != numbers.end();
  }
};

/// The schedules that a claim gives a right to as it stands, not numbered yet.
Result<std::vector<ClaimSchedule>> PlanSchedules(Tx& tx, const Agency& agency, const Claim& claim,
                                                 const ClaimFacts& facts) {
  const bool gives_months = RightStands(ClaimKind::kIncapacity, claim.state, facts);
  const bool by_work =
      facts.kind == ClaimKind::kAccident && (facts.outcome == AccidentOutcome::kDied ||
                                             facts.outcome == AccidentOutcome::kTotalDisability);
  const bool gives_years = RightStands(ClaimKind::kScholarship, claim.state, facts) &&
                           (by_work || facts.kind == ClaimKind::kDeath) && !facts.pupils.empty();
  std::vector<ClaimSchedule> plan;
  if (!gives_months && !gives_years) {
    return plan;
  }
  JARING_ASSIGN_OR_RETURN(const ClaimGround ground,
                          LoadClaimGround(tx, agency, claim.number, facts));
  if (gives_years) {
    const ScholarshipTable* table = ScholarshipFor(
        agency.scheme,
        {.event = facts.on, .by_work = by_work, .contribution_months = ground.contribution_months});
    return table == nullptr ? plan
                            : SchedulesOfPupils(agency.scheme, *table, facts.on, facts.pupils);
  }
  // Months that another claim of the accident gave are not begun anew: the end gives the rest.
  if (IsCovered(agency.scheme, facts, ground) && ground.paid_before.is_zero()) {
    if (auto schedule = ScheduleOfTreatment(agency.scheme, facts.on)) {
      plan.push_back(*schedule);
    }
  }
  return plan;
}

/// Notes those of the plan that are not there yet.
Result<Done> AddMissing(Tx& tx, const Claim& right, const std::vector<ClaimSchedule>& plan,
                        PersonSchedules& all) {
  for (ClaimSchedule schedule : plan) {
    schedule.person_id = right.number.person_id;
    schedule.right_seq = right.number.claim_seq;
    const bool is_there =
        std::any_of(all.schedules.begin(), all.schedules.end(), [&](const ClaimSchedule& each) {
          const bool goes_on_by_another =
              each.kind == ClaimKind::kScholarship && each.state == ScheduleState::kOpen;
          return each.kind == schedule.kind && each.place == schedule.place &&
                 (each.right() == right.number || goes_on_by_another);
        });
    if (!is_there) {
      schedule.schedule_no = all.schedules.empty() ? 1 : all.schedules.back().schedule_no + 1;
      schedule.Follow(/*right_stands=*/true, 0, 0);
      JARING_RETURN_IF_ERROR(InsertSchedule(tx, schedule));
      all.schedules.push_back(schedule);
    }
  }
  return Done{};
}

/// The schedule as its claims have it now; stored when that is news.
Result<ClaimSchedule> FollowClaims(Tx& tx, const PersonSchedules& all, ClaimSchedule schedule,
                                   const ClaimFacts& right_facts) {
  const ClaimSchedule before = schedule;
  const auto numbers = all.InstalmentsOf(schedule);
  const auto owed = std::count_if(numbers.begin(), numbers.end(), [&](const ClaimNumber& number) {
    return IsOwed(all.ClaimOf(number).state);
  });
  const ClaimState right_state = all.ClaimOf(schedule.right()).state;
  schedule.Follow(RightStands(schedule.kind, right_state, right_facts),
                  static_cast<int>(numbers.size()), static_cast<int>(owed));
  if (schedule != before) {
    JARING_RETURN_IF_ERROR(UpdateSchedule(tx, schedule));
  }
  return schedule;
}

/// Whose accounts may be told again for the new instalment.
std::vector<ClaimPayee> PayeesFrom(ClaimKind kind, const std::vector<ClaimPayee>& payees) {
  const bool may_all = std::all_of(payees.begin(), payees.end(), [kind](const ClaimPayee& payee) {
    return kind == ClaimKind::kScholarship ? IsOfPupil(payee) : !payee.relation.has_value();
  });
  return may_all ? payees : std::vector<ClaimPayee>{};
}

/// What is told of an instalment when it opens: what was told of the one before, or of the claim
/// that gave the right.
ClaimReport ReportOfNext(const ClaimSchedule& schedule, const ClaimRecords& right,
                         const ClaimRecords& newest) {
  ClaimReport report{.person_id = schedule.person_id, .facts = newest.facts, .payees = {}};
  if (newest.facts.kind != schedule.kind) {
    report.facts = ClaimFacts{.kind = schedule.kind, .on = right.facts.on};
    if (schedule.place > 0) {
      report.facts.pupils = {right.facts.pupils.at(static_cast<std::size_t>(schedule.place) - 1)};
    }
  }
  report.payees = PayeesFrom(schedule.kind, newest.payees);
  return report;
}

/// The schedule afterwards; as it was when the person has no number left for a claim.
Result<ClaimSchedule> OpenNext(Tx& tx, const Agency& agency, const ClaimSchedule& schedule,
                               const ClaimAct& act) {
  JARING_ASSIGN_OR_RETURN(PersonSchedules all, PersonSchedules::Load(tx, schedule.person_id));
  if (all.claims.back().number.claim_seq == ClaimNumber::kMost) {
    return schedule;
  }
  const auto numbers = all.InstalmentsOf(schedule);
  JARING_ASSIGN_OR_RETURN(const ClaimRecords right, ReadRecords(tx, agency, schedule.right()));
  JARING_ASSIGN_OR_RETURN(
      const ClaimRecords newest,
      ReadRecords(tx, agency, numbers.empty() ? schedule.right() : numbers.back()));
  JARING_ASSIGN_OR_RETURN(const std::int64_t branch_id, BranchOfPerson(tx, schedule.person_id));
  JARING_ASSIGN_OR_RETURN(
      const Claim claim,
      StoreClaim(tx, agency, branch_id, ReportOfNext(schedule, right, newest), act));
  const Instalment opened{.schedule_no = schedule.schedule_no,
                          .instalment_no = static_cast<int>(numbers.size()) + 1,
                          .claim = claim.number};
  JARING_RETURN_IF_ERROR(InsertInstalment(tx, opened));
  all.instalments.push_back(opened);
  all.claims.push_back(claim);
  return FollowClaims(tx, all, schedule, right.facts);
}

}  // namespace

Result<Done> KeepSchedules(Tx& tx, const Agency& agency, const Claim& claim) {
  if (claim.kind == ClaimKind::kSavings) {
    return Done{};
  }
  JARING_ASSIGN_OR_RETURN(PersonSchedules all, PersonSchedules::Load(tx, claim.number.person_id));
  if (!IsInstalment(claim.kind)) {
    JARING_ASSIGN_OR_RETURN(const ClaimRecords told, ReadRecords(tx, agency, claim.number));
    JARING_ASSIGN_OR_RETURN(const auto plan, PlanSchedules(tx, agency, claim, told.facts));
    JARING_RETURN_IF_ERROR(AddMissing(tx, claim, plan, all));
  }
  for (const ClaimSchedule& schedule : all.schedules) {
    if (all.HasToDoWith(schedule, claim.number)) {
      JARING_ASSIGN_OR_RETURN(const ClaimRecords right, ReadRecords(tx, agency, schedule.right()));
      JARING_RETURN_IF_ERROR(FollowClaims(tx, all, schedule, right.facts));
    }
  }
  return Done{};
}

Result<std::vector<ScheduleView>> ViewSchedules(Tx& tx, const Agency& agency, const Claim& claim) {
  std::vector<ScheduleView> views;
  JARING_ASSIGN_OR_RETURN(const PersonSchedules all,
                          PersonSchedules::Load(tx, claim.number.person_id));
  for (const ClaimSchedule& schedule : all.schedules) {
    if (all.HasToDoWith(schedule, claim.number)) {
      ClaimFacts next;
      next.kind = schedule.kind;
      next.on = claim.event_on;
      views.push_back({.schedule = schedule,
                       .instalments = all.InstalmentsOf(schedule),
                       .papers = PapersOf(agency.scheme, next, {}, Money())});
    }
  }
  return views;
}

Result<DueStep> OpenDueInstalments(Tx& tx, const Agency& agency, Date on, std::int64_t limit,
                                   DuePlace& place, const ClaimAct& act) {
  std::vector<ClaimSchedule> due;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListDueSchedules,
                                  {static_cast<std::int64_t>(ScheduleState::kOpen), on.number(),
                                   place.next_on, place.person_id, place.schedule_no, limit},
                                  [&](const Row& row) { due.push_back(ReadScheduleRow(row)); }));
  DueStep step;
  for (const ClaimSchedule& schedule : due) {
    place = {schedule.next_on.number(), schedule.person_id, schedule.schedule_no};
    ++step.looked_at;
    ClaimSchedule at = schedule;
    bool goes_on = true;
    while (goes_on) {
      JARING_ASSIGN_OR_RETURN(const ClaimSchedule after, OpenNext(tx, agency, at, act));
      step.opened += after == at ? 0 : 1;
      goes_on = after != at && after.state == ScheduleState::kOpen && after.next_on <= on;
      at = after;
    }
  }
  return step;
}

Result<std::int64_t> OpenAllDue(Database& database, const Agency& agency, Date on,
                                std::int64_t per_step, const ClaimAct& act,
                                const std::function<bool()>& stop) {
  if (on > act.today()) {
    return Invalid("claim.due_in_future");
  }
  std::int64_t opened = 0;
  DuePlace place;
  bool more = true;
  while (more && !stop()) {
    DueStep step;
    JARING_RETURN_IF_ERROR(database.Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(step, OpenDueInstalments(tx, agency, on, per_step, place, act));
      return Done{};
    }));
    opened += step.opened;
    more = step.looked_at == per_step;
  }
  return opened;
}

}  // namespace jaring
