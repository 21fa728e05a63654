#include "channels/jobs/job_runner.h"

#include "base/source_dir.h"
#include "channels/jobs/job_file.h"
#include "channels/jobs/job_sql.h"
#include "registry/agency_fixture.h"
#include "registry/group.h"

namespace jaring {
namespace {

constexpr std::string_view kHeader = "nik,nama,tanggal_lahir,jk,kode_desa,pekerjaan,penghasilan\n";

class JobTest : public AgencyTest {
 protected:
  void SetUp() override {
    AgencyTest::SetUp();
    if (!IsSkipped()) {
      runner_.emplace(
          db(), agency_, messages_,
          [this] {
            on_clock_();
            return Noon(D(20260315));
          },
          [this] { return claim_; });
    }
  }

  /// A job of staff user 7 with this file.
  std::int64_t Upload(const std::string& text, JobKind kind = JobKind::kEnrolment) {
    std::int64_t job_id = 0;
    Write([&](Tx& tx) -> Result<Done> {
      Job job{.kind = kind, .who = Staff(7)};
      job.total_bytes = static_cast<std::int64_t>(text.size());
      JARING_ASSIGN_OR_RETURN(job_id, CreateJob(tx, job));
      const auto source = MakeMemorySource(text);
      return AddJobFile(tx, agency_.sealer, job_id, *source);
    });
    return job_id;
  }

  static Principal Staff(std::int64_t id) {
    return {.kind = ActorKind::kStaffUser,
            .id = id,
            .role = Role::kBranchStaff,
            .scope = {ScopeKind::kBranch, id}};
  }

  Job Find(std::int64_t job_id) {
    Job job;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(job, FindJob(tx, job_id));
      return Done{};
    }));
    return job;
  }

  std::string Rejections(std::int64_t job_id) {
    std::string csv;
    EXPECT_TRUE(db().Read([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(csv, ReadJobRejections(tx, agency_.sealer, job_id));
      return Done{};
    }));
    return csv;
  }

  const Messages messages_ = *Messages::Load(SourceDir() + "/data/messages.toml");
  std::string claim_ = "one";
  std::function<void()> on_clock_ = [] {};  // Called whenever the runner asks what time it is.
  std::optional<JobRunner> runner_;
};

JARING_ON_EACH_ENGINE(JobTest);

TEST_P(JobTest, EndsWithCountsAndRefusedRows) {
  const std::int64_t job_id = Upload(std::string(kHeader) + "12,Budi,1990-01-01,L,1,x,1\n");
  ASSERT_TRUE(*runner_->RunNext());
  const Job job = Find(job_id);
  EXPECT_EQ(job.state, JobState::kDone);
  EXPECT_EQ(job.rows, 1);
  EXPECT_EQ(job.rejected, 1);
  EXPECT_NE(Rejections(job_id).find("nik.not_sixteen_digits"), std::string::npos);
  EXPECT_FALSE(*runner_->RunNext()) << "there is no other";
}

TEST_P(JobTest, FailsWithTheRuleOfTheFile) {
  const std::int64_t job_id = Upload("a,b\n1,2\n");
  ASSERT_TRUE(*runner_->RunNext());
  EXPECT_EQ(Find(job_id).state, JobState::kFailed);
  EXPECT_EQ(Find(job_id).failure, "file.column_missing");
}

TEST_P(JobTest, OnlyThePartnerItselfTakesPaymentsBackInAFile) {
  std::int64_t pos = 0;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const Partner partner, CreatePartner(tx, "pos", "Kantor Pos"));
    pos = partner.partner_id;
    return Done{};
  });
  Enrol(PersonNumber(1), D(20260301));
  const std::string header = "bill_code,nik,amount,paid_at,reference,channel\n";
  const std::string nik = PersonNumber(1).nik.Reveal();
  const auto upload = [&](const Principal& who, const std::string& amount) {
    const std::string text =
        header + "," + nik + "," + amount + ",2026-03-10T08:00:00+07:00,A-1,loket\n";
    std::int64_t job_id = 0;
    Write([&](Tx& tx) -> Result<Done> {
      Job job{.kind = JobKind::kPayments, .partner_id = pos, .who = who};
      job.total_bytes = static_cast<std::int64_t>(text.size());
      JARING_ASSIGN_OR_RETURN(job_id, CreateJob(tx, job));
      const auto source = MakeMemorySource(text);
      return AddJobFile(tx, agency_.sealer, job_id, *source);
    });
    EXPECT_TRUE(*runner_->RunNext());
    return job_id;
  };
  EXPECT_EQ(Find(upload(Staff(7), "75")).accepted, 1);
  const std::int64_t refused = upload(Staff(7), "-75");
  EXPECT_EQ(Find(refused).rejected, 1);
  EXPECT_NE(Rejections(refused).find("reversal.needs_approval"), std::string::npos);
  const Principal partner{.kind = ActorKind::kPartnerClient,
                          .id = 3,
                          .role = Role::kPartner,
                          .scope = {ScopeKind::kPartner, pos}};
  EXPECT_EQ(Find(upload(partner, "-75")).accepted, 1);
}

TEST_P(JobTest, LongFilesComeBackPartByPart) {
  std::string text;
  while (text.size() < 1'500'000) {
    text += std::to_string(text.size()) + ",";
  }
  const std::int64_t job_id = Upload(text);
  const JobUpload file(db(), agency_.sealer, job_id, static_cast<std::int64_t>(text.size()));
  const auto source = file.Open();
  std::string read(text.size() + 10, '\0');
  const auto got = (*source)->Read(read);
  ASSERT_TRUE(got) << got.error().rule;
  EXPECT_EQ(read.substr(0, *got), text);
}

TEST_P(JobTest, WaitsAgainWhenItsServerIsGone) {
  const std::int64_t job_id = Upload(std::string(kHeader) + "12,Budi,1990-01-01,L,1,x,1\n");
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(const auto job, StartNextJob(tx, "one", Noon(D(20260315))));
    EXPECT_TRUE(job.has_value());
    return Done{};
  });
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(
        tx.Run("INSERT INTO server (server_id, name, beat, seen_at) VALUES (7, 'x', 1, 0)"));
    JARING_RETURN_IF_ERROR(tx.Run("UPDATE job SET server = '7'"));
    return ReturnLostJobs(tx, "8");
  });
  EXPECT_EQ(Find(job_id).state, JobState::kRunning) << "its server is in the roll";
  Write([&](Tx& tx) -> Result<Done> {
    JARING_RETURN_IF_ERROR(tx.Run("DELETE FROM server"));
    return ReturnLostJobs(tx, "8");
  });
  EXPECT_EQ(Find(job_id).state, JobState::kWaiting);
  ASSERT_TRUE(*runner_->RunNext());
  EXPECT_EQ(Find(job_id).state, JobState::kDone);
  EXPECT_EQ(Find(job_id).starts, 2);
}

TEST_P(JobTest, DoesNothingMoreOnceAnotherServerTookItOver) {
  const std::int64_t job_id = Upload(std::string(kHeader) + "12,Budi,1990-01-01,L,1,x,1\n");
  int asked = 0;
  on_clock_ = [&] {
    if (++asked == 2) {  // It has begun, and slept; the others thought it gone.
      Write([](Tx& tx) -> Result<Done> {
        JARING_RETURN_IF_ERROR(tx.Run("UPDATE job SET server = '2', starts = 2"));
        return Done{};
      });
    }
  };
  EXPECT_TRUE(*runner_->RunNext()) << "there may be others";
  EXPECT_GE(asked, 2);
  Job job = Find(job_id);
  EXPECT_EQ(job.state, JobState::kRunning);
  EXPECT_EQ(job.rows, 0);
  EXPECT_EQ(Rejections(job_id), "");
  bool holds = false;
  Write([&](Tx& tx) -> Result<Done> {
    JARING_ASSIGN_OR_RETURN(holds, HoldsJob(tx, job_id, "2"));
    return Done{};
  });
  EXPECT_TRUE(holds) << "it is the other's still";
}

TEST_P(JobTest, NothingBeginsWithoutAClaim) {
  const std::int64_t job_id = Upload(std::string(kHeader));
  claim_ = "";
  EXPECT_FALSE(*runner_->RunNext());
  EXPECT_EQ(Find(job_id).state, JobState::kWaiting);
}

TEST_P(JobTest, CancelledBeforeItBeginsItNeverDoes) {
  const std::int64_t job_id = Upload(std::string(kHeader));
  Write([&](Tx& tx) { return CancelJob(tx, job_id, Noon(D(20260315))); });
  EXPECT_EQ(Find(job_id).state, JobState::kCancelled);
  EXPECT_FALSE(*runner_->RunNext());
  Write([&](Tx& tx) -> Result<Done> {
    const auto again = CancelJob(tx, job_id, Noon(D(20260315)));
    EXPECT_EQ(again ? "" : again.error().rule, "job.finished");
    return Done{};
  });
}

TEST_P(JobTest, FilesAreForgottenAfterAWeek) {
  const std::int64_t job_id = Upload("a,b\n1,2\n");
  ASSERT_TRUE(*runner_->RunNext());
  const auto parts = [&] {
    std::int64_t count = 0;
    EXPECT_TRUE(db().Read([&](Tx& tx) {
      return tx.Query(sql::kCountJobPartsSealed, {}, [&](const Row& row) { count = row.Int(1); });
    }));
    return count;
  };
  EXPECT_EQ(parts(), 1);
  Write([&](Tx& tx) { return ForgetOldJobs(tx, Noon(D(20260321))); });
  EXPECT_EQ(parts(), 1) << "six days";
  Write([&](Tx& tx) { return ForgetOldJobs(tx, Noon(D(20260323))); });
  EXPECT_EQ(parts(), 0);
  EXPECT_TRUE(Find(job_id).forgotten_at.has_value());
}

TEST_P(JobTest, IsSeenByItsActorAndItsScope) {
  const std::int64_t job_id = Upload("a,b\n");
  const Job job = Find(job_id);
  EXPECT_TRUE(SeesJob(Staff(7), job));
  EXPECT_FALSE(SeesJob(Staff(8), job));
  EXPECT_TRUE(
      SeesJob({.kind = ActorKind::kStaffUser, .id = 9, .scope = {ScopeKind::kNation, 0}}, job));
}

}  // namespace
}  // namespace jaring
