#pragma once

// Uploaded files that are taken in while their sender does something else.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/principal.h"
#include "base/calendar.h"
#include "channels/files/file_run.h"
#include "db/database.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class JobKind : std::int64_t { kEnrolment = 1, kPayments = 2 };

/// "enrolment", "payments".
std::string_view JobKindCode(JobKind kind);
std::optional<JobKind> FindJobKind(std::string_view code);

/// Stored, so the numbers never change.
enum class JobState : std::int64_t {
  kWaiting = 1,
  kRunning = 2,
  kDone = 3,
  kCancelled = 4,  // What was done before stays done.
  kFailed = 5,     // `failure` says why; what was done before stays done.
};

/// "waiting", "running", "done", "cancelled", "failed".
std::string_view JobStateCode(JobState state);

struct Job {
  std::int64_t job_id = 0;
  JobKind kind = JobKind::kEnrolment;
  JobState state = JobState::kWaiting;
  bool dry_run = false;
  std::int64_t group_id = 0;
  std::int64_t branch_id = 0;
  std::int64_t partner_id = 0;
  Principal who;
  std::string request_id;
  Instant created_at = Instant::FromMicros(0);
  std::optional<Instant> started_at;
  std::optional<Instant> finished_at;
  std::int64_t starts = 0;  // Begun again after the server stopped: what was done is then repeated.
  std::int64_t total_bytes = 0;
  std::int64_t done_bytes = 0;
  std::int64_t rows = 0;
  std::int64_t accepted = 0;
  std::int64_t repeated = 0;
  std::int64_t rejected = 0;
  std::int64_t suspended = 0;
  std::int64_t warned = 0;
  bool cancelled = false;  // Somebody asked for it to stop.
  std::string failure;
  std::optional<Instant> forgotten_at;  // Its files are gone.
};

inline constexpr std::int64_t kMostWaitingJobs = 100;

/// Adds a job that waits; its file is added by AddJobFile in the same transaction.
///
/// Errors: job.too_many_waiting.
Result<std::int64_t> CreateJob(Tx& tx, const Job& job);

/// Errors: job.unknown.
Result<Job> FindJob(Tx& tx, std::int64_t job_id);

/// Whose jobs: those of `who`, and those asked for in her scope; of everybody for the nation.
bool SeesJob(const Principal& who, const Job& job);

/// Newest first, those before `before` (0: all) that `who` sees; at most `limit`.
Result<std::vector<Job>> ListJobs(Tx& tx, const Principal& who, std::int64_t before,
                                  std::int64_t limit);

/// A waiting job stops at once, a running one after the set it is at.
///
/// Errors: job.unknown, job.finished.
Result<Done> CancelJob(Tx& tx, std::int64_t job_id, Instant now);

/// The next that waits, marked as running under the claim `server` (ServerRoll::claim); nothing
/// when none does.
Result<std::optional<Job>> StartNextJob(Tx& tx, std::string_view server, Instant now);

/// Notes how far it is; false when it was asked to stop.
Result<bool> SaveJobProgress(Tx& tx, std::int64_t job_id, const FileSummary& so_far,
                             std::int64_t done_bytes, Instant now);

Result<Done> EndJob(Tx& tx, std::int64_t job_id, JobState state, std::string_view failure,
                    Instant now);

/// Lets it wait again: its server stops.
Result<Done> ReturnJob(Tx& tx, std::int64_t job_id);

/// True while the job runs under this claim. Asked in each transaction of a job: a server that
/// slept and was struck off the roll does nothing more, because somebody else may be at it.
Result<bool> HoldsJob(Tx& tx, std::int64_t job_id, std::string_view server);

/// Lets jobs wait again that nobody is at: those of servers that are not in the roll, and those of
/// `server`, which is at none.
Result<Done> ReturnLostJobs(Tx& tx, std::string_view server);

/// Deletes the files of jobs that ended a week ago or before.
Result<Done> ForgetOldJobs(Tx& tx, Instant now);

}  // namespace jaring
