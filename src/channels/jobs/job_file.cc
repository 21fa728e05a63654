#include "channels/jobs/job_file.h"

#include <algorithm>

#include "registry/live_keys.h"

namespace jaring {
namespace {

constexpr std::size_t kPartBytes = std::size_t{512} << 10U;

constexpr std::int64_t kMostParts = std::int64_t{1} << 20U;

std::int64_t PartId(std::int64_t job_id, JobFilePart file, std::int64_t part) {
  return (job_id * 4 + static_cast<std::int64_t>(file)) * kMostParts + part;
}

/// What is sealed cannot be moved to another job or place.
std::string PlaceOf(std::int64_t job_id, JobFilePart file, std::int64_t part) {
  return "job_part/" + std::to_string(job_id) + "/" +
         std::to_string(static_cast<std::int64_t>(file)) + "/" + std::to_string(part);
}

Result<Done> AddPart(Tx& tx, const Sealer& sealer, std::int64_t job_id, JobFilePart file,
                     std::int64_t part, std::string_view bytes) {
  JARING_CHECK(part < kMostParts);
  JARING_RETURN_IF_ERROR(FindLiveKeys(tx, sealer));
  JARING_ASSIGN_OR_RETURN(const std::string sealed,
                          sealer.SealText(bytes, PlaceOf(job_id, file, part)));
  JARING_RETURN_IF_ERROR(tx.Run(sql::kInsertJobPart, {PartId(job_id, file, part), Bytes{sealed}}));
  return Done{};
}

/// Nothing after the last.
Result<std::optional<std::string>> ReadPart(Tx& tx, const Sealer& sealer, std::int64_t job_id,
                                            JobFilePart file, std::int64_t part) {
  std::optional<std::string> sealed;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindJobPart, {PartId(job_id, file, part)},
                                  [&](const Row& row) { sealed = row.Blob(0); }));
  if (!sealed) {
    return std::optional<std::string>();
  }
  JARING_ASSIGN_OR_RETURN(std::string bytes,
                          sealer.UnsealText(*sealed, PlaceOf(job_id, file, part)));
  return std::optional<std::string>(std::move(bytes));
}

class UploadSource final : public ByteSource {
 public:
  UploadSource(Database& db, const Sealer& sealer, std::int64_t job_id, std::int64_t bytes)
      : db_(db), sealer_(sealer), job_id_(job_id), bytes_(bytes) {}

  Result<std::size_t> Read(std::span<char> out) override {
    std::size_t done = 0;
    while (done < out.size()) {
      if (at_ == part_.size()) {
        JARING_ASSIGN_OR_RETURN(const bool more, NextPart());
        if (!more) {
          break;
        }
      }
      const std::size_t count = std::min(out.size() - done, part_.size() - at_);
      std::copy_n(part_.data() + at_, count, out.data() + done);
      at_ += count;
      done += count;
    }
    return done;
  }

  std::int64_t size() const override { return bytes_; }

 private:
  Result<bool> NextPart() {
    std::optional<std::string> part;
    JARING_RETURN_IF_ERROR(db_.Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(part,
                              ReadPart(tx, sealer_, job_id_, JobFilePart::kUpload, next_part_));
      return Done{};
    }));
    if (!part) {
      return false;
    }
    ++next_part_;
    part_ = std::move(*part);
    at_ = 0;
    return true;
  }

  Database& db_;
  const Sealer& sealer_;
  const std::int64_t job_id_;
  const std::int64_t bytes_;
  std::string part_;
  std::size_t at_ = 0;
  std::int64_t next_part_ = 0;
};

/// Parts written before the job ends are there at once: somebody may look while it runs.
class RejectionSink final : public ByteSink {
 public:
  RejectionSink(Database& db, const Sealer& sealer, std::int64_t job_id,
                std::function<Result<Done>(Tx&)> guard)
      : db_(db), sealer_(sealer), job_id_(job_id), guard_(std::move(guard)) {}

  Result<Done> Write(std::string_view bytes) override {
    waiting_ += bytes;
    return waiting_.size() < kPartBytes ? Result<Done>(Done{}) : Flush();
  }

  Result<Done> Finish() override { return Flush(); }

 private:
  Result<Done> Flush() {
    while (!waiting_.empty()) {
      const std::string_view bytes = std::string_view(waiting_).substr(0, kPartBytes);
      JARING_RETURN_IF_ERROR(db_.Write([&](Tx& tx) -> Result<Done> {
        if (const auto held = guard_ ? guard_(tx) : Result<Done>(Done{}); !held) {
          return held.error();
        }
        return AddPart(tx, sealer_, job_id_, JobFilePart::kRejections, next_part_, bytes);
      }));
      ++next_part_;
      waiting_.erase(0, bytes.size());
    }
    return Done{};
  }

  Database& db_;
  const Sealer& sealer_;
  const std::int64_t job_id_;
  const std::function<Result<Done>(Tx&)> guard_;
  std::string waiting_;
  std::int64_t next_part_ = 0;
};

}  // namespace

Result<Done> DeleteJobFile(Tx& tx, std::int64_t job_id, JobFilePart file) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kDeleteJobParts,
                                {PartId(job_id, file, 0), PartId(job_id, file, kMostParts - 1)}));
  return Done{};
}

Result<Done> AddJobFile(Tx& tx, const Sealer& sealer, std::int64_t job_id, ByteSource& source) {
  std::string bytes(kPartBytes, '\0');
  for (std::int64_t part = 0;; ++part) {
    JARING_ASSIGN_OR_RETURN(const std::size_t got, source.Read(bytes));
    if (got > 0) {
      JARING_RETURN_IF_ERROR(AddPart(tx, sealer, job_id, JobFilePart::kUpload, part,
                                     std::string_view(bytes).substr(0, got)));
    }
    if (got < bytes.size()) {
      return Done{};
    }
  }
}

Result<std::string> ReadJobRejections(Tx& tx, const Sealer& sealer, std::int64_t job_id) {
  std::string whole;
  for (std::int64_t part = 0;; ++part) {
    JARING_ASSIGN_OR_RETURN(const auto bytes,
                            ReadPart(tx, sealer, job_id, JobFilePart::kRejections, part));
    if (!bytes) {
      return whole;
    }
    whole += *bytes;
  }
}

Result<std::unique_ptr<ByteSource>> JobUpload::Open() const {
  return std::unique_ptr<ByteSource>(std::make_unique<UploadSource>(db_, sealer_, job_id_, bytes_));
}

std::unique_ptr<ByteSink> JobUpload::Rejections() const {
  return std::make_unique<RejectionSink>(db_, sealer_, job_id_, guard_);
}

}  // namespace jaring
