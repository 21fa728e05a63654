#include "channels/jobs/job_runner.h"

#include <chrono>

#include "access/audit.h"
#include "access/permissions.h"
#include "channels/files/collect_file.h"
#include "channels/files/enrol_file.h"
#include "channels/jobs/job_file.h"

namespace jaring {
namespace {

// How a run ends that did not come to its end; these never leave this file.
constexpr const char* kCancelled = "cancelled on purpose";
constexpr const char* kStopped = "the server stops";
constexpr const char* kLost = "another server took it over";

/// The job is still ours to do; asked in each transaction that does some of it.
Result<Done> Guard(Tx& tx, const Job& job, const std::string& claim) {
  JARING_ASSIGN_OR_RETURN(const bool holds, HoldsJob(tx, job.job_id, claim));
  return holds ? Result<Done>(Done{}) : Internal(kLost);
}

/// The group of an id. The list is short and a job is long.
Result<std::optional<Group>> GroupOf(Tx& tx, std::int64_t group_id) {
  JARING_ASSIGN_OR_RETURN(const auto groups, ListGroupsOf(tx, {.group_id = group_id}, 0, 1));
  return groups.empty() ? std::optional<Group>() : std::optional<Group>(groups[0]);
}

std::string_view ActionOf(JobKind kind) {
  return ActionName(kind == JobKind::kEnrolment ? Action::kUploadPeople : Action::kUploadPayments);
}

}  // namespace

JobRunner::JobRunner(Database& db, const Agency& agency, const Messages& messages,
                     std::function<Instant()> now, std::function<std::string()> claim)
    : db_(db),
      agency_(agency),
      messages_(messages),
      now_(std::move(now)),
      claim_(std::move(claim)) {}

JobRunner::~JobRunner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  awake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void JobRunner::Start() {
  thread_ = std::thread([this] { Work(); });
}

void JobRunner::Wake() {
  {
    const std::lock_guard lock(mutex_);
    has_work_ = true;
  }
  awake_.notify_all();
}

bool JobRunner::IsStopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void JobRunner::Work() {
  // Another server may have stopped, or taken a job in for us; files grow old.
  constexpr std::chrono::seconds kLookAgain{30};
  while (!IsStopping()) {
    (void)db_.Write([&](Tx& tx) { return ReturnLostJobs(tx, claim_()); });
    auto more = RunNext();
    if (more && *more) {
      continue;
    }
    (void)db_.Write([&](Tx& tx) { return ForgetOldJobs(tx, now_()); });
    std::unique_lock lock(mutex_);
    awake_.wait_for(lock, kLookAgain, [this] { return stopping_ || has_work_; });
    has_work_ = false;
  }
}

Result<bool> JobRunner::RunNext() {
  const std::string claim = claim_();
  if (claim.empty()) {
    return false;
  }
  std::optional<Job> job;
  JARING_RETURN_IF_ERROR(db_.Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(job, StartNextJob(tx, claim, now_()));
    return Done{};
  }));
  if (!job) {
    return false;
  }
  constexpr std::int64_t kMostStarts = 10;
  if (job->starts > kMostStarts) {  // Whatever stops the server each time must not do so for ever.
    JARING_RETURN_IF_ERROR(db_.Write(
        [&](Tx& tx) { return End(tx, *job, JobState::kFailed, "job.interrupted_too_often"); }));
    return true;
  }
  const Result<Done> ran = Run(*job, claim);
  if (!ran && ran.error().rule != kLost) {
    // The database is away, or the server stops: it goes on from the beginning later.
    (void)db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(Guard(tx, *job, claim));
      return ReturnJob(tx, job->job_id);
    });
    return ran.error();
  }
  return true;
}

Result<Done> JobRunner::Run(const Job& job, const std::string& claim) {
  const auto end = [&](JobState state, const std::string& failure) {
    return db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(Guard(tx, job, claim));
      return End(tx, job, state, failure);
    });
  };
  const Result<FileSummary> summary = TakeIn(job, claim);
  if (summary) {
    return db_.Write([&](Tx& tx) -> Result<Done> {
      JARING_RETURN_IF_ERROR(Guard(tx, job, claim));
      JARING_RETURN_IF_ERROR(SaveJobProgress(tx, job.job_id, *summary, job.total_bytes, now_()));
      return End(tx, job, JobState::kDone, "");
    });
  }
  const Error& error = summary.error();
  if (error.rule == kCancelled) {
    return end(JobState::kCancelled, "");
  }
  if (error.rule == kStopped || error.rule == kLost || error.code == ErrorCode::kUnavailable) {
    return error;
  }
  return end(JobState::kFailed, error.rule);
}

Result<FileSummary> JobRunner::TakeIn(const Job& job, const std::string& claim) {
  const auto guard = [&](Tx& tx) { return Guard(tx, job, claim); };
  const JobUpload file(db_, agency_.sealer, job.job_id, job.total_bytes, guard);
  const FileOptions options{
      .mode = job.dry_run ? FileMode::kDryRunInSteps : FileMode::kGoodRows,
      .now = now_(),
      .rows_per_step = kRowsPerStep,
      // Staff who upload a file do not take payments back alone.
      .may_reverse = job.who.role == Role::kPartner,
      .on_step = [&](const FileSummary& so_far, std::int64_t bytes,
                     std::int64_t /*total*/) -> Result<Done> {
        bool goes_on = true;
        JARING_RETURN_IF_ERROR(db_.Write([&](Tx& tx) -> Result<Done> {
          if (const auto held = guard(tx); !held) {
            return held.error();
          }
          JARING_ASSIGN_OR_RETURN(goes_on, SaveJobProgress(tx, job.job_id, so_far, bytes, now_()));
          return Done{};
        }));
        if (!goes_on) {
          return Internal(kCancelled);
        }
        return IsStopping() ? Internal(kStopped) : Result<Done>(Done{});
      },
      .guard = guard};
  return job.kind == JobKind::kEnrolment
             ? Enrol(job, file, options)
             : CollectFile(db_, agency_, job.partner_id, file, options, messages_);
}

Result<FileSummary> JobRunner::Enrol(const Job& job, const InputFile& file,
                                     const FileOptions& options) {
  EnrolmentSource source{.door = Door::kList, .now = options.now};
  if (job.branch_id != 0) {
    source.branch_id = job.branch_id;
  }
  JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(source.group, GroupOf(tx, job.group_id));
    return Done{};
  }));
  return EnrolFile(
      db_, agency_, source, file, options, messages_,
      {.in_step = [&](Tx& tx, std::span<const EnrolmentOutcome> outcomes) -> Result<Done> {
        return NoteEnrolled(tx, job, outcomes);
      }});
}

/// Each new member is in the audit trail, as from any other door.
Result<Done> JobRunner::NoteEnrolled(Tx& tx, const Job& job,
                                     std::span<const EnrolmentOutcome> outcomes) const {
  std::vector<AuditEntry> entries;
  for (const EnrolmentOutcome& outcome : outcomes) {
    if (outcome.status == EnrolmentStatus::kAccepted) {
      entries.push_back({.at = now_(),
                         .who = job.who,
                         .note = {.action = std::string(ActionName(Action::kEnrolPeople)),
                                  .person_id = outcome.member.person_id,
                                  .subject = "job " + std::to_string(job.job_id)},
                         .request_id = job.request_id});
    }
  }
  return RecordAudit(tx, agency_.sealer.audit_key(), entries);
}

Result<Done> JobRunner::End(Tx& tx, const Job& job, JobState state, const std::string& failure) {
  JARING_RETURN_IF_ERROR(EndJob(tx, job.job_id, state, failure, now_()));
  JARING_ASSIGN_OR_RETURN(const Job ended, FindJob(tx, job.job_id));
  const AuditEntry entry{
      .at = now_(),
      .who = job.who,
      .note = {.action = std::string(ActionOf(job.kind)),
               .subject = "job " + std::to_string(job.job_id) + " " +
                          std::string(JobStateCode(state)) + ": " + std::to_string(ended.accepted) +
                          " of " + std::to_string(ended.rows) + " rows"},
      .request_id = job.request_id};
  return RecordAudit(tx, agency_.sealer.audit_key(), std::span(&entry, 1));
}

}  // namespace jaring
