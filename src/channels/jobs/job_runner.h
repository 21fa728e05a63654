#pragma once

// The thread that takes uploaded files in, one at a time, beside the single payments.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "channels/jobs/job.h"
#include "channels/text/messages.h"
#include "registry/agency.h"
#include "registry/enrolment.h"

namespace jaring {

/// Small sets, so that single payments find their turn between them. Stopped, it lets its job wait
/// again; killed, another server does when the roll says that this one is gone: rows done before
/// are then repeated, which changes nothing.
///
/// Thread: Wake from any; it works on a thread of its own, once Start was called. What the
///         constructor is given must outlive it.
class JobRunner {
 public:
  static constexpr std::size_t kRowsPerStep = 1'000;

  JobRunner(Database& db, const Agency& agency, const Messages& messages,
            std::function<Instant()> now, std::function<std::string()> claim);
  ~JobRunner();
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

  void Start();

  /// There may be something to do.
  void Wake();

  /// Runs the next job to its end; false when there is none, or no claim (ServerRoll::claim) to run
  /// it under. For the thread, and for tests.
  Result<bool> RunNext();

 private:
  void Work();
  bool IsStopping();
  Result<Done> Run(const Job& job, const std::string& claim);
  Result<FileSummary> TakeIn(const Job& job, const std::string& claim);
  Result<FileSummary> Enrol(const Job& job, const InputFile& file, const FileOptions& options);
  Result<Done> NoteEnrolled(Tx& tx, const Job& job,
                            std::span<const EnrolmentOutcome> outcomes) const;
  Result<Done> End(Tx& tx, const Job& job, JobState state, const std::string& failure);

  Database& db_;
  const Agency& agency_;
  const Messages& messages_;
  const std::function<Instant()> now_;
  const std::function<std::string()> claim_;

  std::mutex mutex_;
  std::condition_variable awake_;
  bool has_work_ = true;
  bool stopping_ = false;
  std::thread thread_;  // Last: it uses all the others.
};

}  // namespace jaring
