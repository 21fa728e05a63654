#include "channels/http/s3_paper_store.h"

#include <openssl/evp.h>

#include <array>

#include "base/check.h"
#include "base/text.h"
#include "claims/paper_content.h"

namespace jaring {
namespace {

constexpr int kSeconds = 60;
constexpr std::size_t kMostSealing = 4'096;  // What sealing adds to a paper, and more.
constexpr int kNotFound = 404;

std::string Sha256Hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  JARING_CHECK(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  return ToHex(std::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

Error StoreFailed(const char* doing, const Result<FetchAnswer>& answer) {
  return {ErrorCode::kUnavailable, "paper.store_failed",
          std::string(doing) + ": " +
              (answer ? "status " + std::to_string(answer->status) : answer.error().rule)};
}

}  // namespace

S3PaperStore::S3PaperStore(S3Settings settings, FetchWhole fetch)
    : settings_(std::move(settings)), fetch_(std::move(fetch)) {}

FetchRequest S3PaperStore::RequestFor(const std::string& name, std::string_view bytes) const {
  return {.url = settings_.url + "/" + name.substr(0, 2) + "/" + name,
          .user = settings_.key_id,
          .password = settings_.secret,
          .headers = {"x-amz-content-sha256: " + Sha256Hex(bytes)},
          .sign_for = "aws:amz:" + settings_.region + ":s3",
          .most_bytes = kMostPaperBytes + kMostSealing,
          .seconds = kSeconds};
}

Result<Done> S3PaperStore::Put(const std::string& name, std::string_view bytes) {
  FetchRequest request = RequestFor(name, bytes);
  request.method = "PUT";
  request.headers.emplace_back("Content-Type: application/octet-stream");
  request.body = bytes;
  const auto answer = fetch_(request);
  return answer && answer->status == 200 ? Result<Done>(Done{}) : StoreFailed("writing", answer);
}

Result<std::string> S3PaperStore::Get(const std::string& name) {
  auto answer = fetch_(RequestFor(name, ""));
  if (answer && answer->status == kNotFound) {
    return NotFound("paper.missing", name);
  }
  return answer && answer->status == 200 ? Result<std::string>(std::move(answer->body))
                                         : StoreFailed("reading", answer);
}

}  // namespace jaring
