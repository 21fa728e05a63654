// Any bytes as an ID token and as a provider's keys: no crash, and nothing is ever taken, for the
// one key there is belongs to nobody.

#include "channels/http/json_web_token.h"

#include <cstddef>
#include <cstdint>

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jaring;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::vector<JsonWebKey> keys = {
      {"rsa", JsonWebKey::Kind::kRsa, std::string(256, '\xC5'), std::string("\x01\x00\x01", 3)},
      {"p256", JsonWebKey::Kind::kP256, std::string(32, '\x11'), std::string(32, '\x22')},
      {"ed", JsonWebKey::Kind::kEd25519, std::string(32, '\x33'), ""}};
  const TokenExpectation expected{"https://login", "jaring", "n-1", "at",
                                  Instant::FromMicros(1'773'550'800'000'000)};
  JARING_CHECK(!VerifyIdToken(text, keys, expected));
  if (const auto read = ParseJsonWebKeys(text)) {
    JARING_CHECK(read->size() <= 64);
    JARING_CHECK(!VerifyIdToken("e30.e30.AA", *read, expected));
  }
  return 0;
}
