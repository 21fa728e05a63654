#pragma once

// For tests only: signs requests as a device or a partner's client does.

#include <sodium.h>

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "access/signing_key.h"
#include "base/base64.h"
#include "channels/http/http_types.h"
#include "registry/seal.h"

namespace jaring {

/// A pair of keys made of a number.
class TestSigner {
 public:
  explicit TestSigner(char seed_letter) {
    const std::string seed(crypto_sign_SEEDBYTES, seed_letter);
    crypto_sign_seed_keypair(public_.data(), secret_.data(),
                             reinterpret_cast<const unsigned char*>(seed.data()));
  }

  std::string public_key() const {
    return {reinterpret_cast<const char*>(public_.data()), public_.size()};
  }
  std::string key_id() const { return KeyIdOf(public_key()); }

  /// 64 bytes in Base64.
  std::string Sign(std::string_view text) const {
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr,
                         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                         secret_.data());
    return ToBase64({reinterpret_cast<const char*>(signature.data()), signature.size()});
  }

 private:
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_{};
};

/// A request with the texts it points into.
struct SignedRequest {
  std::string method = "POST";
  std::string path = "/v1/payments";
  std::string query;
  std::string body = "{}";
  std::int64_t created = 0;  // Seconds.
  std::int64_t lasts = 300;
  std::string nonce = "nonce-0123456789";
  std::string key_id;
  bool covers_body = true;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string Parameters() const {
    std::string text = R"(("@method" "@path" "@query")";
    text += covers_body ? R"( "content-digest"))" : ")";
    return text + ";created=" + std::to_string(created) +
           ";expires=" + std::to_string(created + lasts) + ";nonce=\"" + nonce + "\";keyid=\"" +
           key_id + "\";alg=\"ed25519\"";
  }
  std::string Digest() const { return "sha-256=:" + ToBase64(Sha256(body)) + ":"; }
  std::string Base() const {
    return "\"@method\": " + method + "\n\"@path\": " + path + "\n\"@query\": ?" + query + "\n" +
           (covers_body ? "\"content-digest\": " + Digest() + "\n" : std::string()) +
           "\"@signature-params\": " + Parameters();
  }
  /// Adds the three headers.
  SignedRequest& SignWith(const TestSigner& signer) {
    key_id = key_id.empty() ? signer.key_id() : key_id;
    if (covers_body) {
      headers.emplace_back("Content-Digest", Digest());
    }
    headers.emplace_back("Signature-Input", "sig=" + Parameters());
    headers.emplace_back("Signature", "sig=:" + signer.Sign(Base()) + ":");
    return *this;
  }
  std::string& Header(std::string_view name) {
    for (auto& [header, value] : headers) {
      if (header == name) {
        return value;
      }
    }
    headers.emplace_back(name, "");
    return headers.back().second;
  }
  void Drop(std::string_view name) {
    std::erase_if(headers, [&](const auto& header) { return header.first == name; });
  }

  HttpMethod Method() const {
    for (const HttpMethod one : {HttpMethod::kGet, HttpMethod::kPost, HttpMethod::kDelete}) {
      if (HttpMethodName(one) == method) {
        return one;
      }
    }
    return HttpMethod::kPut;
  }
  std::vector<HttpHeader> Headers() const {
    std::vector<HttpHeader> views;
    for (const auto& [name, value] : headers) {
      views.push_back({name, value});
    }
    return views;
  }
};

}  // namespace jaring
