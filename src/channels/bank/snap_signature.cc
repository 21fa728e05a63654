#include "channels/bank/snap_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>

#include "base/base64.h"
#include "base/check.h"
#include "base/text.h"

namespace jaring {
namespace {

constexpr int kLeastBits = 2'048;
constexpr std::int64_t kJakartaMicros = std::int64_t{7} * 3'600 * 1'000'000;

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct BioFreer {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct DigestFreer {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

EVP_PKEY* KeyOf(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

/// No key asks a terminal for its password.
int NoPassword(char*, int, int, void*) {
  return -1;
}

}  // namespace

Result<SnapKey> SnapKey::FromPem(std::string_view pem) {
  const std::unique_ptr<BIO, BioFreer> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) {
    return Invalid("transfer.key_malformed");
  }
  const std::shared_ptr<void> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr),
                                  [](void* one) { EVP_PKEY_free(static_cast<EVP_PKEY*>(one)); });
  const bool is_good = key && EVP_PKEY_base_id(KeyOf(key)) == EVP_PKEY_RSA &&
                       EVP_PKEY_bits(KeyOf(key)) >= kLeastBits;
  return is_good ? Result<SnapKey>(SnapKey(key)) : Invalid("transfer.key_malformed");
}

std::string SnapKey::Sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, DigestFreer> context(EVP_MD_CTX_new());
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_size(KeyOf(key_)));
  std::string signature(size, '\0');
  JARING_CHECK(context &&
               EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, KeyOf(key_)) == 1);
  JARING_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                              &size, BytesOf(text), text.size()) == 1);
  signature.resize(size);
  return ToBase64(signature);
}

std::string SignSnapCall(std::string_view secret, std::string_view path, std::string_view token,
                         std::string_view body, std::string_view time) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  JARING_CHECK(EVP_Digest(body.data(), body.size(), bytes.data(), &size, EVP_sha256(), nullptr) ==
               1);
  const std::string hash =
      ToHex(std::string_view(reinterpret_cast<const char*>(bytes.data()), size));
  std::string text = "POST:";
  text.append(path).append(":").append(token).append(":").append(hash).append(":").append(time);
  JARING_CHECK(HMAC(EVP_sha512(), secret.data(), static_cast<int>(secret.size()), BytesOf(text),
                    text.size(), bytes.data(), &size) != nullptr);
  return ToBase64(std::string_view(reinterpret_cast<const char*>(bytes.data()), size));
}

std::string SnapTime(Instant now) {
  constexpr std::size_t kWithoutZone = 19;
  return Instant::FromMicros(now.micros() + kJakartaMicros).ToString().substr(0, kWithoutZone) +
         "+07:00";
}

}  // namespace jaring
