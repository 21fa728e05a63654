#include "channels/http/s3_paper_store.h"

#include <gmock/gmock.h>

namespace jaring {
namespace {

using ::testing::Contains;

class S3PaperStoreTest : public ::testing::Test {
 protected:
  S3PaperStoreTest()
      : store_({"https://store.example/papers", "ap-southeast-3", "key", "secret"},
               [this](const FetchRequest& request) -> Result<FetchAnswer> {
                 asked_ = request;
                 return answer_.status == 0 ? Result<FetchAnswer>(Error{ErrorCode::kUnavailable,
                                                                        "fetch.unavailable", ""})
                                            : Result<FetchAnswer>(answer_);
               }) {}

  std::string Put(int status) {
    answer_.status = status;
    const auto put = store_.Put("ab12", "sealed");
    return put ? "" : put.error().rule + ": " + put.error().detail;
  }
  std::string Get(int status, const std::string& body = "") {
    answer_ = {status, body};
    const auto got = store_.Get("ab12");
    return got ? *got : got.error().rule + ": " + got.error().detail;
  }

  FetchAnswer answer_;
  FetchRequest asked_;
  S3PaperStore store_;
};

TEST_F(S3PaperStoreTest, PutsAnObjectSigned) {
  EXPECT_EQ(Put(200), "");
  EXPECT_EQ(asked_.method, "PUT");
  EXPECT_EQ(asked_.url, "https://store.example/papers/ab/ab12");
  EXPECT_EQ(asked_.body, "sealed");
  EXPECT_EQ(asked_.sign_for, "aws:amz:ap-southeast-3:s3");
  EXPECT_EQ(asked_.user, "key");
  EXPECT_EQ(asked_.password, "secret");
  // printf sealed | sha256sum
  EXPECT_THAT(asked_.headers,
              Contains("x-amz-content-sha256: "
                       "c9d0036bed6744bcdf692fc980d8717d7e5f5a4f4e8266b4a84982602fb1cd09"));
}

TEST_F(S3PaperStoreTest, OnlyA200KeepsIt) {
  EXPECT_EQ(Put(204), "paper.store_failed: writing: status 204");
  EXPECT_EQ(Put(403), "paper.store_failed: writing: status 403");
  EXPECT_EQ(Put(503), "paper.store_failed: writing: status 503");
  EXPECT_EQ(Put(0), "paper.store_failed: writing: fetch.unavailable");
}

TEST_F(S3PaperStoreTest, TellsWhatIsNotThereFromWhatCannotBeRead) {
  EXPECT_EQ(Get(200, "sealed"), "sealed");
  EXPECT_EQ(asked_.method, "");
  EXPECT_EQ(asked_.body, "");
  EXPECT_GT(asked_.most_bytes, std::size_t{10} << 20U);
  EXPECT_EQ(Get(404), "paper.missing: ab12");
  EXPECT_EQ(Get(403), "paper.store_failed: reading: status 403");
  EXPECT_EQ(Get(500), "paper.store_failed: reading: status 500");
  EXPECT_EQ(Get(0), "paper.store_failed: reading: fetch.unavailable");
}

}  // namespace
}  // namespace jaring
