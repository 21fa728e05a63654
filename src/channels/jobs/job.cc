#include "channels/jobs/job.h"

#include <array>
#include <limits>

#include "channels/jobs/job_file.h"
#include "ledger/sequence.h"

namespace jaring {
namespace {

constexpr std::array<std::string_view, 2> kKindCodes = {"enrolment", "payments"};
constexpr std::array<std::string_view, 5> kStateCodes = {"waiting", "running", "done", "cancelled",
                                                         "failed"};
constexpr std::int64_t kKeptMicros = std::int64_t{7} * 86'400'000'000;

std::optional<Instant> InstantOf(const Row& row, int column) {
  return row.IsNull(column) ? std::nullopt : std::optional(Instant::FromMicros(row.Int(column)));
}

Job ReadJob(const Row& row) {
  Job job{.job_id = row.Int(0),
          .kind = static_cast<JobKind>(row.Int(1)),
          .state = static_cast<JobState>(row.Int(2)),
          .dry_run = row.Int(3) == 1,
          .group_id = row.Int(4),
          .branch_id = row.Int(5),
          .partner_id = row.Int(6)};
  job.who = {.kind = static_cast<ActorKind>(row.Int(7)),
             .id = row.Int(8),
             .role = static_cast<Role>(row.Int(9)),
             .scope = {static_cast<ScopeKind>(row.Int(10)), row.Int(11)},
             .device_id = row.Int(12)};
  job.request_id = row.Text(13);
  job.created_at = Instant::FromMicros(row.Int(14));
  job.started_at = InstantOf(row, 15);
  job.finished_at = InstantOf(row, 16);
  job.starts = row.Int(17);
  job.total_bytes = row.Int(18);
  job.done_bytes = row.Int(19);
  job.rows = row.Int(20);
  job.accepted = row.Int(21);
  job.repeated = row.Int(22);
  job.rejected = row.Int(23);
  job.suspended = row.Int(24);
  job.warned = row.Int(25);
  job.cancelled = row.Int(26) == 1;
  job.failure = row.Text(27);
  job.forgotten_at = InstantOf(row, 28);
  return job;
}

}  // namespace

std::string_view JobKindCode(JobKind kind) {
  return kKindCodes.at(static_cast<std::size_t>(kind) - 1);
}

std::optional<JobKind> FindJobKind(std::string_view code) {
  for (std::size_t i = 0; i < kKindCodes.size(); ++i) {
    if (kKindCodes[i] == code) {
      return static_cast<JobKind>(i + 1);
    }
  }
  return std::nullopt;
}

std::string_view JobStateCode(JobState state) {
  return kStateCodes.at(static_cast<std::size_t>(state) - 1);
}

Result<std::int64_t> CreateJob(Tx& tx, const Job& job) {
  std::int64_t waiting = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kCountWaitingJobs, {}, [&](const Row& row) { waiting = row.Int(0); }));
  if (waiting >= kMostWaitingJobs) {
    return Error{ErrorCode::kUnavailable, "job.too_many_waiting", ""};
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t job_id, TakeNumbers(tx, "job", 1));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertJob,
             {job_id, static_cast<std::int64_t>(job.kind), job.dry_run ? 1 : 0, job.group_id,
              job.branch_id, job.partner_id, static_cast<std::int64_t>(job.who.kind), job.who.id,
              static_cast<std::int64_t>(job.who.role),
              static_cast<std::int64_t>(job.who.scope.kind), job.who.scope.id, job.who.device_id,
              job.request_id, job.created_at.micros(), job.total_bytes}));
  return job_id;
}

Result<Job> FindJob(Tx& tx, std::int64_t job_id) {
  std::optional<Job> job;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindJob, {job_id}, [&](const Row& row) { job = ReadJob(row); }));
  return job ? Result<Job>(std::move(*job)) : NotFound("job.unknown");
}

bool SeesJob(const Principal& who, const Job& job) {
  return who.scope.kind == ScopeKind::kNation || who.IsSameActor(job.who.kind, job.who.id) ||
         who.scope == job.who.scope;
}

Result<std::vector<Job>> ListJobs(Tx& tx, const Principal& who, std::int64_t before,
                                  std::int64_t limit) {
  std::vector<Job> jobs;
  const std::int64_t end = before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
  JARING_RETURN_IF_ERROR(tx.Query(
      sql::kListJobs,
      {end, who.scope.kind == ScopeKind::kNation ? 1 : 0, static_cast<std::int64_t>(who.kind),
       who.id, static_cast<std::int64_t>(who.scope.kind), who.scope.id, limit},
      [&](const Row& row) { jobs.push_back(ReadJob(row)); }));
  return jobs;
}

Result<Done> CancelJob(Tx& tx, std::int64_t job_id, Instant now) {
  JARING_ASSIGN_OR_RETURN(const Job job, FindJob(tx, job_id));
  if (job.state == JobState::kWaiting) {
    JARING_RETURN_IF_ERROR(tx.Run(sql::kAskJobToStop, {job_id}));
    return EndJob(tx, job_id, JobState::kCancelled, "", now);
  }
  if (job.state != JobState::kRunning) {
    return Conflict("job.finished");
  }
  JARING_RETURN_IF_ERROR(tx.Run(sql::kAskJobToStop, {job_id}));
  return Done{};
}

Result<std::optional<Job>> StartNextJob(Tx& tx, std::string_view server, Instant now) {
  std::int64_t job_id = 0;
  JARING_RETURN_IF_ERROR(
      tx.Query(sql::kFindWaitingJob, {}, [&](const Row& row) { job_id = row.Int(0); }));
  if (job_id == 0) {
    return std::optional<Job>();
  }
  JARING_ASSIGN_OR_RETURN(const std::int64_t changed,
                          tx.Run(sql::kStartJob, {job_id, server, now.micros()}));
  if (changed == 0) {
    return std::optional<Job>();
  }
  // Refused rows of an earlier start are told anew.
  JARING_RETURN_IF_ERROR(DeleteJobFile(tx, job_id, JobFilePart::kRejections));
  JARING_ASSIGN_OR_RETURN(Job job, FindJob(tx, job_id));
  return std::optional<Job>(std::move(job));
}

Result<bool> SaveJobProgress(Tx& tx, std::int64_t job_id, const FileSummary& so_far,
                             std::int64_t done_bytes, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kSaveJobProgress, {job_id, now.micros(), done_bytes, so_far.rows, so_far.accepted,
                              so_far.repeated, so_far.rejected, so_far.suspended, so_far.warned}));
  JARING_ASSIGN_OR_RETURN(const Job job, FindJob(tx, job_id));
  return !job.cancelled;
}

Result<Done> EndJob(Tx& tx, std::int64_t job_id, JobState state, std::string_view failure,
                    Instant now) {
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kEndJob, {job_id, static_cast<std::int64_t>(state), failure, now.micros()}));
  return Done{};
}

Result<Done> ReturnJob(Tx& tx, std::int64_t job_id) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kReturnJob, {job_id}));
  return Done{};
}

Result<bool> HoldsJob(Tx& tx, std::int64_t job_id, std::string_view server) {
  bool holds = false;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindJobHolder, {job_id},
                                  [&](const Row& row) { holds = row.Text(0) == server; }));
  return holds;
}

Result<Done> ReturnLostJobs(Tx& tx, std::string_view server) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kReturnLostJobs, {server}));
  return Done{};
}

Result<Done> ForgetOldJobs(Tx& tx, Instant now) {
  std::vector<std::int64_t> old;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kListOldJobs, {now.micros() - kKeptMicros},
                                  [&](const Row& row) { old.push_back(row.Int(0)); }));
  for (const std::int64_t job_id : old) {
    JARING_RETURN_IF_ERROR(DeleteJobFile(tx, job_id, JobFilePart::kUpload));
    JARING_RETURN_IF_ERROR(DeleteJobFile(tx, job_id, JobFilePart::kRejections));
    JARING_RETURN_IF_ERROR(tx.Run(sql::kForgetJob, {job_id, now.micros()}));
  }
  return Done{};
}

}  // namespace jaring
