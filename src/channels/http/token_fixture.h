#pragma once

// For tests only: an OpenID provider's keys, and tokens right and wrong.

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

#include "base/base64.h"
#include "base/check.h"
#include "channels/http/json_web_token.h"

namespace jaring {

/// Makes a key and signs with it.
class TokenSigner {
 public:
  TokenSigner(JsonWebKey::Kind kind, std::string key_id)
      : kind_(kind), key_id_(std::move(key_id)), key_(Make(kind), EVP_PKEY_free) {
    JARING_CHECK(key_ != nullptr);
  }

  std::string algorithm() const {
    return kind_ == JsonWebKey::Kind::kRsa    ? "RS256"
           : kind_ == JsonWebKey::Kind::kP256 ? "ES256"
                                              : "EdDSA";
  }

  std::string Jwk() const {
    std::string text = R"({"use":"sig","kid":")" + key_id_ + R"(","alg":")" + algorithm() + "\",";
    if (kind_ == JsonWebKey::Kind::kRsa) {
      return text + R"("kty":"RSA","n":")" + ToBase64Url(modulus()) + R"(","e":"AQAB"})";
    }
    if (kind_ == JsonWebKey::Kind::kP256) {
      return text + R"("kty":"EC","crv":"P-256","x":")" +
             ToBase64Url(NumberIn(OSSL_PKEY_PARAM_EC_PUB_X, 32)) + R"(","y":")" +
             ToBase64Url(NumberIn(OSSL_PKEY_PARAM_EC_PUB_Y, 32)) + "\"}";
    }
    return text + R"("kty":"OKP","crv":"Ed25519","x":")" + ToBase64Url(raw_public()) + "\"}";
  }

  std::string modulus() const { return NumberIn(OSSL_PKEY_PARAM_RSA_N, 256); }

  std::string Header() const {
    return R"({"alg":")" + algorithm() + R"(","kid":")" + key_id_ + "\"}";
  }
  std::string Token(const std::string& claims) const { return Token(Header(), claims); }
  std::string Token(const std::string& header, const std::string& claims) const {
    const std::string text = ToBase64Url(header) + "." + ToBase64Url(claims);
    return text + "." + ToBase64Url(Sign(text));
  }

  std::string Sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
    const EVP_MD* digest = kind_ == JsonWebKey::Kind::kEd25519 ? nullptr : EVP_sha256();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 1'024;
    std::string signature(size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    JARING_CHECK(EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
                 EVP_DigestSign(context.get(), out, &size, bytes, text.size()) == 1);
    signature.resize(size);
    return kind_ == JsonWebKey::Kind::kP256 ? RawOf(signature) : signature;
  }

 private:
  static EVP_PKEY* Make(JsonWebKey::Kind kind) {
    switch (kind) {
      case JsonWebKey::Kind::kRsa:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2'048});
      case JsonWebKey::Kind::kP256:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
      case JsonWebKey::Kind::kEd25519:
        return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
  }

  std::string NumberIn(const char* name, int width) const {
    BIGNUM* number = nullptr;
    JARING_CHECK(EVP_PKEY_get_bn_param(key_.get(), name, &number) == 1);
    std::string bytes(static_cast<std::size_t>(width), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), width);
    BN_free(number);
    return bytes;
  }
  std::string raw_public() const {
    std::string bytes(32, '\0');
    std::size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return bytes;
  }
  static std::string RawOf(const std::string& der) {
    const auto* in = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> pair(
        d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), ECDSA_SIG_free);
    std::string raw(64, '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + 32, 32);
    return raw;
  }

  const JsonWebKey::Kind kind_;
  const std::string key_id_;
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

}  // namespace jaring
