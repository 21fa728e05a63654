#pragma once

// The files of a job: in the database, sealed, in parts.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "channels/files/input_file.h"
#include "channels/jobs/job_sql.h"
#include "db/database.h"
#include "registry/seal.h"
#include "registry/sealed_column.h"

namespace jaring {

/// Stored, so the numbers never change.
enum class JobFilePart : std::int64_t { kUpload = 1, kRejections = 2 };

/// What jobs seal; `jaring key rotate` goes through it.
inline constexpr std::array kJobSealedColumns = {
    SealedColumn{.place = "job_part/bytes_sealed",
                 .list_sql = sql::kListJobPartsSealed,
                 .update_sql = sql::kUpdateJobPartSealed,
                 .count_sql = sql::kCountJobPartsSealed,
                 .most_rows = 8}};

/// Forgets one file of a job.
Result<Done> DeleteJobFile(Tx& tx, std::int64_t job_id, JobFilePart file);

/// Stores what came in, read from `source`, in the transaction that creates the job.
///
/// Errors: seal.text_too_long (never), those of the source and of Tx.
Result<Done> AddJobFile(Tx& tx, const Sealer& sealer, std::int64_t job_id, ByteSource& source);

/// The refused rows of a job as CSV; empty when there are none.
///
/// Errors: seal.not_a_text, those of Tx.
Result<std::string> ReadJobRejections(Tx& tx, const Sealer& sealer, std::int64_t job_id);

/// An upload as a file to take in. Parts are read one at a time, each in a snapshot of its own.
///
/// Thread: one caller at a time. What it is given must outlive it.
class JobUpload final : public InputFile {
 public:
  /// `guard` is asked in each transaction that writes refused rows; may be empty.
  JobUpload(Database& db, const Sealer& sealer, std::int64_t job_id, std::int64_t bytes,
            std::function<Result<Done>(Tx&)> guard = {})
      : db_(db), sealer_(sealer), job_id_(job_id), bytes_(bytes), guard_(std::move(guard)) {}

  Result<std::unique_ptr<ByteSource>> Open() const override;
  std::unique_ptr<ByteSink> Rejections() const override;
  std::string rejection_path() const override { return ""; }

 private:
  Database& db_;
  const Sealer& sealer_;
  const std::int64_t job_id_;
  const std::int64_t bytes_;
  const std::function<Result<Done>(Tx&)> guard_;
};

}  // namespace jaring
