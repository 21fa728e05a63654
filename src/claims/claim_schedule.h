#pragma once

// What a claim gives again and again: a child's school years, the months of a treatment. Each time
// is an instalment, a claim of its own. Rows in, rows out, and what follows from them; who opens
// instalments is told in schedule_desk.h.

#include <vector>

#include "claims/claim_book.h"
#include "rules/scheme.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class ScheduleState : std::int64_t { kOpen = 1, kEnded = 2 };

/// "open", "ended".
std::string_view ScheduleStateCode(ScheduleState state);

/// One row of claim_schedule.
struct ClaimSchedule {
  std::int64_t person_id = 0;
  int schedule_no = 0;
  ClaimKind kind = ClaimKind::kScholarship;  // Of its instalments.
  int right_seq = 0;                         // The claim of hers that gave the right.
  int place = 0;                             // Which child, from 1; 0 where there is none.
  Date first_on = Date::FromYearMonthDay(1900, 1, 1);
  Date last_on = Date::FromYearMonthDay(1900, 1, 1);  // No instalment comes after it.
  int most = 0;                                       // So many are paid at most.
  Date next_on = Date::FromYearMonthDay(1900, 1, 1);
  ScheduleState state = ScheduleState::kOpen;

  ClaimNumber right() const { return {person_id, right_seq}; }
  /// When instalment `instalment_no`, from 1, is due: when a month is over, when a school year
  /// begins.
  Date DayOf(int instalment_no) const;
  /// What is kept of it, when so many instalments were opened and so many of them are owed or paid.
  void Follow(bool right_stands, int opened, int owed);
  friend bool operator==(const ClaimSchedule&, const ClaimSchedule&) = default;
};

/// One row of claim_instalment.
struct Instalment {
  int schedule_no = 0;
  int instalment_no = 0;
  ClaimNumber claim;
};

/// Whether instalments go on: school years once the claim is approved, months while it waits for
/// the end of the treatment.
bool RightStands(ClaimKind of_instalments, ClaimState right_state, const ClaimFacts& right_facts);

/// The schedule of a treatment; nothing where the scheme opens none.
std::optional<ClaimSchedule> ScheduleOfTreatment(const Scheme& scheme, Date accident_on);

/// The schedules of children after an event, in the order told: those the scheme has a place for
/// and who are young enough for one school year, from the age of school on.
///
/// Limit: nobody is born after today.
std::vector<ClaimSchedule> SchedulesOfPupils(const Scheme& scheme, const ScholarshipTable& table,
                                             Date event_on, const std::vector<PupilTold>& pupils);

/// In the columns of kListSchedulesOfPerson.
ClaimSchedule ReadScheduleRow(const Row& row);
Result<std::vector<ClaimSchedule>> ListSchedulesOfPerson(Tx& tx, std::int64_t person_id);
Result<std::vector<Instalment>> ListInstalmentsOfPerson(Tx& tx, std::int64_t person_id);

Result<Done> InsertSchedule(Tx& tx, const ClaimSchedule& schedule);
Result<Done> UpdateSchedule(Tx& tx, const ClaimSchedule& schedule);
Result<Done> InsertInstalment(Tx& tx, const Instalment& instalment);

}  // namespace jaring
