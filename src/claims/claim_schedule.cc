#include "claims/claim_schedule.h"

#include <algorithm>

#include "claims/claim_schedule_sql.h"

namespace jaring {
namespace {

Date ReadDay(const Row& row, int column) {
  const auto day = Date::ParseNumber(row.Int(column));
  JARING_CHECK(day.has_value());
  return *day;
}

/// The first school year that begins on or after a day, for a child who is old enough by then.
Date FirstSchoolYear(Date on, std::int64_t month_of_year, Date birth, std::int64_t from_age) {
  Date begins = FirstDay(Month::FromYearMonth(on.year(), static_cast<int>(month_of_year)));
  while (begins < on || AgeOn(birth, begins) < from_age) {
    begins = FirstDay(begins.month() + 12);
  }
  return begins;
}

}  // namespace

std::string_view ScheduleStateCode(ScheduleState state) {
  return state == ScheduleState::kOpen ? "open" : "ended";
}

Date ClaimSchedule::DayOf(int instalment_no) const {
  const int months = kind == ClaimKind::kScholarship ? 12 : 1;
  return jaring::DayOf(first_on.month() + (instalment_no - 1) * months, first_on.day());
}

void ClaimSchedule::Follow(bool right_stands, int opened, int owed) {
  next_on = DayOf(opened + 1);
  const bool goes_on = right_stands && next_on <= last_on && owed < most;
  state = goes_on ? ScheduleState::kOpen : ScheduleState::kEnded;
}

bool RightStands(ClaimKind of_instalments, ClaimState right_state, const ClaimFacts& right_facts) {
  if (of_instalments == ClaimKind::kScholarship) {
    return IsOwed(right_state);
  }
  return right_state == ClaimState::kReported && right_facts.kind == ClaimKind::kAccident &&
         right_facts.outcome == AccidentOutcome::kInTreatment && right_facts.months_unable > 0;
}

std::optional<ClaimSchedule> ScheduleOfTreatment(const Scheme& scheme, Date accident_on) {
  const FigureRow* most = FindFigure(scheme, "claim-incapacity-instalments", accident_on);
  if (most == nullptr) {
    return std::nullopt;
  }
  ClaimSchedule schedule{.kind = ClaimKind::kIncapacity,
                         .first_on = DayOf(accident_on.month() + 1, accident_on.day()),
                         .most = static_cast<int>(most->value)};
  schedule.last_on = schedule.DayOf(schedule.most);
  return schedule;
}

std::vector<ClaimSchedule> SchedulesOfPupils(const Scheme& scheme, const ScholarshipTable& table,
                                             Date event_on, const std::vector<PupilTold>& pupils) {
  const FigureRow* begins = FindFigure(scheme, "school-year-begins", event_on);
  const FigureRow* age = FindFigure(scheme, "school-from-age", event_on);
  std::vector<ClaimSchedule> schedules;
  if (begins == nullptr || age == nullptr) {
    return schedules;
  }
  int years = 0;
  for (const ScholarshipLevel& level : table.levels) {
    years += level.max_years;
  }
  for (std::size_t i = 0; i < pupils.size(); ++i) {
    ClaimSchedule schedule{
        .kind = ClaimKind::kScholarship,
        .place = static_cast<int>(i) + 1,
        .first_on = FirstSchoolYear(event_on, begins->value, pupils[i].birth, age->value),
        .most = years};
    int young = 0;
    while (AgeOn(pupils[i].birth, schedule.DayOf(young + 1)) < table.child_below_age) {
      ++young;
    }
    schedule.last_on = schedule.DayOf(young);
    if (schedule.place <= table.max_children && young > 0) {
      schedules.push_back(schedule);
    }
  }
  return schedules;
}

ClaimSchedule ReadScheduleRow(const Row& row) {
  return {.person_id = row.Int(0),
          .schedule_no = static_cast<int>(row.Int(1)),
          .kind = static_cast<ClaimKind>(row.Int(2)),
          .right_seq = static_cast<int>(row.Int(3)),
          .place = static_cast<int>(row.Int(4)),
          .first_on = ReadDay(row, 5),
          .last_on = ReadDay(row, 6),
          .most = static_cast<int>(row.Int(7)),
          .next_on = ReadDay(row, 8),
          .state = static_cast<ScheduleState>(row.Int(9))};
}

Result<std::vector<ClaimSchedule>> ListSchedulesOfPerson(Tx& tx, std::int64_t person_id) {
  std::vector<ClaimSchedule> schedules;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListSchedulesOfPerson, {person_id}, [&](const Row& row) {
    schedules.push_back(ReadScheduleRow(row));
  }));
  return schedules;
}

Result<std::vector<Instalment>> ListInstalmentsOfPerson(Tx& tx, std::int64_t person_id) {
  std::vector<Instalment> instalments;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListInstalmentsOfPerson, {person_id}, [&](const Row& row) {
    instalments.push_back({.schedule_no = static_cast<int>(row.Int(0)),
                           .instalment_no = static_cast<int>(row.Int(1)),
                           .claim = {person_id, static_cast<int>(row.Int(2))}});
  }));
  return instalments;
}

Result<Done> InsertSchedule(Tx& tx, const ClaimSchedule& schedule) {
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kInsertSchedule,
      {schedule.person_id, schedule.schedule_no, static_cast<std::int64_t>(schedule.kind),
       schedule.right_seq, schedule.place, schedule.first_on.number(), schedule.last_on.number(),
       schedule.most, schedule.next_on.number(), static_cast<std::int64_t>(schedule.state)}));
  return Done{};
}

Result<Done> UpdateSchedule(Tx& tx, const ClaimSchedule& schedule) {
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kUpdateSchedule, {schedule.person_id, schedule.schedule_no, schedule.next_on.number(),
                             static_cast<std::int64_t>(schedule.state)}));
  return Done{};
}

Result<Done> InsertInstalment(Tx& tx, const Instalment& instalment) {
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertInstalment, {instalment.claim.person_id, instalment.schedule_no,
                                      instalment.instalment_no, instalment.claim.claim_seq}));
  return Done{};
}

}  // namespace jaring
