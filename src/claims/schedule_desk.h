#pragma once

// Schedules follow their claims, and on its day each opens the next instalment.

#include <functional>

#include "claims/claim_desk.h"
#include "claims/claim_schedule.h"

namespace jaring {

/// After a step of a claim: opens the schedules it gives a right to (one for each child, once it is
/// approved; one for a treatment, once a month unable to work is told of somebody who was covered),
/// and lets those it has to do with go on or end. A place that has school years by another claim of
/// hers gets no second ones.
Result<Done> KeepSchedules(Tx& tx, const Agency& agency, const Claim& claim);

/// What a claim has to do with: the schedules it gave the right to, or the one it is an instalment
/// of.
struct ScheduleView {
  ClaimSchedule schedule;
  std::vector<ClaimNumber> instalments;  // Opened so far, oldest first.
  std::vector<PaperNeed> papers;         // That the next one will need.
};
Result<std::vector<ScheduleView>> ViewSchedules(Tx& tx, const Agency& agency, const Claim& claim);

/// Where a run over the schedules that are due has come to.
struct DuePlace {
  std::int64_t next_on = 0;  // As it is stored.
  std::int64_t person_id = 0;
  int schedule_no = 0;
};

/// Opens what is due `on` a day of at most `limit` schedules after `place`, which is moved on. None
/// is opened for a person who has all the claims she can have.
struct DueStep {
  std::int64_t looked_at = 0;
  std::int64_t opened = 0;
};
Result<DueStep> OpenDueInstalments(Tx& tx, const Agency& agency, Date on, std::int64_t limit,
                                   DuePlace& place, const ClaimAct& act);

/// All that are due, `per_step` in a transaction. Stopped or killed anywhere, the next run goes on;
/// a second one on the same day opens none.
///
/// Errors: claim.due_in_future (`on` is after today), those of Tx.
Result<std::int64_t> OpenAllDue(Database& database, const Agency& agency, Date on,
                                std::int64_t per_step, const ClaimAct& act,
                                const std::function<bool()>& stop);

}  // namespace jaring
