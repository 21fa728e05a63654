// Any bytes as the headers of a signature: no crash, and what is read fits the rules. The first two
// line ends part Signature-Input, Signature and Content-Digest.

#include "channels/http/message_signature.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t first = std::min(text.find('\n'), text.size());
  const std::size_t second = std::min(text.find('\n', first + 1), text.size());
  const std::string_view digest = text.substr(std::min(second + 1, text.size()));
  const HttpHeader headers[] = {
      {"Host", "localhost"},
      {"Signature-Input", text.substr(0, first)},
      {"Signature", text.substr(std::min(first + 1, second), second - std::min(first + 1, second))},
      {"Content-Digest", digest}};
  const HttpRequest request{
      .method = HttpMethod::kPost, .path = "/v1/payments", .headers = headers, .body = "{}"};
  static_cast<void>(IsDigestOf(digest, "{}"));
  const auto read = ReadMessageSignature(request);
  if (!read || !*read) {
    return 0;
  }
  const MessageSignature& signature = **read;
  JARING_CHECK(signature.signature.size() == 64 && signature.nonce.size() >= 16 &&
               !signature.key_id.empty() && !signature.components.empty());
  const auto now = Instant::FromMicros(1'773'550'800'000'000);
  if (CheckMessageSignature(request, signature, now)) {
    JARING_CHECK(signature.Covers("content-digest") && signature.forget_at() > now);
  }
  if (const auto base = SignatureBase(request, signature)) {
    JARING_CHECK(!VerifyEd25519(std::string(32, '\x33'), *base, signature.signature));
  }
  return 0;
}
