#include "channels/http/json_web_token.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/base64.h"
#include "base/text.h"
#include "channels/http/json_body.h"

namespace jaring {
namespace {

constexpr std::size_t kMaxToken = 16U << 10U;
constexpr std::size_t kMaxKeys = 64;
constexpr std::size_t kMaxSubject = 255;
constexpr std::size_t kMinModulus = 256;
constexpr std::size_t kMaxModulus = 1'024;
constexpr std::size_t kCoordinate = 32;
constexpr std::int64_t kSkew = 60;
constexpr std::int64_t kOldest = 3'600;

template <typename T, void (*Free)(T*)>
struct Freer {
  void operator()(T* pointer) const { Free(pointer); }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freer<BIGNUM, BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM, OSSL_PARAM_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Freer<ECDSA_SIG, ECDSA_SIG_free>>;

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number NumberOf(std::string_view bytes) {
  return Number(BN_bin2bn(BytesOf(bytes), static_cast<int>(bytes.size()), nullptr));
}

/// An object in which no name comes twice.
std::optional<JsonValue> ParseObject(std::string_view text) {
  auto value = ParseJson(text);
  if (!value || value->kind != JsonValue::Kind::kObject) {
    return std::nullopt;
  }
  const auto& members = value->members;
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (members[i].name == members[j].name) {
        return std::nullopt;
      }
    }
  }
  return std::move(value).value();
}

const JsonValue* Find(const JsonValue& object, std::string_view name) {
  for (const JsonMember& member : object.members) {
    if (member.name == name) {
      return &member.value;
    }
  }
  return nullptr;
}

/// A member that is a text; nothing when it is absent or something else.
std::optional<std::string> TextOf(const JsonValue& object, std::string_view name) {
  const JsonValue* value = Find(object, name);
  return value != nullptr && value->kind == JsonValue::Kind::kText ? std::optional(value->text)
                                                                   : std::nullopt;
}

std::optional<std::int64_t> SecondsOf(const JsonValue& object, std::string_view name) {
  constexpr std::int64_t kFarFuture = 1LL << 40;
  const JsonValue* value = Find(object, name);
  const bool fits = value != nullptr && value->kind == JsonValue::Kind::kInteger &&
                    value->integer >= 0 && value->integer < kFarFuture;
  return fits ? std::optional(value->integer) : std::nullopt;
}

std::optional<std::string> BytesIn(const JsonValue& object, std::string_view name) {
  const auto text = TextOf(object, name);
  return text ? FromBase64Url(*text) : std::nullopt;
}

std::string_view AlgorithmOf(JsonWebKey::Kind kind) {
  switch (kind) {
    case JsonWebKey::Kind::kRsa:
      return "RS256";
    case JsonWebKey::Kind::kP256:
      return "ES256";
    case JsonWebKey::Kind::kEd25519:
      return "EdDSA";
  }
  JARING_CHECK(false);
}

/// A key we can use, or nothing.
std::optional<JsonWebKey> ReadKey(const JsonValue& value) {
  const auto type = TextOf(value, "kty").value_or("");
  const auto curve = TextOf(value, "crv").value_or("");
  JsonWebKey key;
  key.key_id = TextOf(value, "kid").value_or("");
  bool fits = false;
  if (type == "RSA") {
    key.kind = JsonWebKey::Kind::kRsa;
    key.first = BytesIn(value, "n").value_or("");
    key.second = BytesIn(value, "e").value_or("");
    fits = key.first.size() >= kMinModulus && key.first.size() <= kMaxModulus &&
           key.first[0] != '\0' && !key.second.empty() && key.second.size() <= 4 &&
           (key.second.back() & 1) == 1 && key.second != std::string_view("\x01", 1);
  } else if (type == "EC" && curve == "P-256") {
    key.kind = JsonWebKey::Kind::kP256;
    key.first = BytesIn(value, "x").value_or("");
    key.second = BytesIn(value, "y").value_or("");
    fits = key.first.size() == kCoordinate && key.second.size() == kCoordinate;
  } else if (type == "OKP" && curve == "Ed25519") {
    key.kind = JsonWebKey::Kind::kEd25519;
    key.first = BytesIn(value, "x").value_or("");
    fits = key.first.size() == kCoordinate;
  }
  const auto use = TextOf(value, "use").value_or("sig");
  const auto algorithm = TextOf(value, "alg").value_or(std::string(AlgorithmOf(key.kind)));
  fits = fits && use == "sig" && algorithm == AlgorithmOf(key.kind);
  return fits ? std::optional(std::move(key)) : std::nullopt;
}

Key FromParams(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

Key Build(const JsonWebKey& key) {
  if (key.kind == JsonWebKey::Kind::kEd25519) {
    return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, BytesOf(key.first),
                                           key.first.size()));
  }
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  if (key.kind == JsonWebKey::Kind::kRsa) {
    const Number modulus = NumberOf(key.first);
    const Number exponent = NumberOf(key.second);
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    return FromParams("RSA", builder.get());
  }
  const std::string point = "\x04" + key.first + key.second;  // OpenSSL checks the curve.
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return FromParams("EC", builder.get());
}

/// OpenSSL wants DER where a JWS has two numbers of 32 bytes.
std::optional<std::string> DerOf(std::string_view raw) {
  if (raw.size() != 2 * kCoordinate) {
    return std::nullopt;
  }
  const EcSignature pair(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(pair.get(), NumberOf(raw.substr(0, kCoordinate)).release(),
                     NumberOf(raw.substr(kCoordinate)).release()) != 1) {
    return std::nullopt;
  }
  std::array<unsigned char, 128> der{};
  unsigned char* end = der.data();
  const int size = i2d_ECDSA_SIG(pair.get(), &end);
  return size > 0 ? std::optional(std::string(reinterpret_cast<const char*>(der.data()),
                                              static_cast<std::size_t>(size)))
                  : std::nullopt;
}

bool IsSigned(const JsonWebKey& key, std::string_view text, std::string_view signature) {
  const Key built = Build(key);
  if (!built) {
    return false;
  }
  std::string bytes(signature);
  if (key.kind == JsonWebKey::Kind::kP256) {
    auto der = DerOf(signature);
    if (!der) {
      return false;
    }
    bytes = std::move(*der);
  }
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = key.kind == JsonWebKey::Kind::kEd25519 ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, built.get()) == 1 &&
         EVP_DigestVerify(context.get(), BytesOf(bytes), bytes.size(), BytesOf(text),
                          text.size()) == 1;
}

struct TokenParts {
  std::string_view signed_text;
  JsonValue header;
  JsonValue claims;
  std::string signature;
};

std::optional<TokenParts> TakeApart(std::string_view token) {
  if (token.size() > kMaxToken) {
    return std::nullopt;
  }
  const auto texts = Split(token, '.');
  if (texts.size() != 3) {
    return std::nullopt;
  }
  const auto header_text = FromBase64Url(texts[0]);
  const auto claims_text = FromBase64Url(texts[1]);
  auto signature = FromBase64Url(texts[2]);
  auto header = header_text ? ParseObject(*header_text) : std::nullopt;
  auto claims = claims_text ? ParseObject(*claims_text) : std::nullopt;
  if (!header || !claims || !signature || signature->empty() || Find(*header, "crit") != nullptr ||
      Find(*header, "b64") != nullptr || ToLower(TextOf(*header, "typ").value_or("JWT")) != "jwt") {
    return std::nullopt;
  }
  const JsonValue* kid = Find(*header, "kid");
  if (kid != nullptr && kid->kind != JsonValue::Kind::kText) {
    return std::nullopt;
  }
  return TokenParts{token.substr(0, token.rfind('.')), std::move(*header), std::move(*claims),
                    std::move(*signature)};
}

/// The one key the token can be signed with.
Result<const JsonWebKey*> ChooseKey(const JsonValue& header, const std::vector<JsonWebKey>& keys) {
  const auto algorithm = TextOf(header, "alg").value_or("");
  if (algorithm != "RS256" && algorithm != "ES256" && algorithm != "EdDSA") {
    return Invalid("oidc.token_algorithm");
  }
  const auto kid = TextOf(header, "kid");
  const JsonWebKey* found = nullptr;
  for (const JsonWebKey& key : keys) {
    // Without an id the algorithm must leave no choice.
    if (kid ? key.key_id != *kid : AlgorithmOf(key.kind) != algorithm) {
      continue;
    }
    if (found != nullptr) {
      return Invalid("oidc.token_key_unknown");
    }
    found = &key;
  }
  if (found == nullptr) {
    return Invalid("oidc.token_key_unknown");
  }
  return AlgorithmOf(found->kind) == algorithm ? Result<const JsonWebKey*>(found)
                                               : Invalid("oidc.token_algorithm");
}

bool IsForUs(const JsonValue& claims, const std::string& client_id) {
  const JsonValue* audience = Find(claims, "aud");
  const auto party = TextOf(claims, "azp");
  if (audience == nullptr || (Find(claims, "azp") != nullptr && party != client_id)) {
    return false;
  }
  if (audience->kind == JsonValue::Kind::kText) {
    return audience->text == client_id;
  }
  const auto& items = audience->items;
  const bool named = std::any_of(items.begin(), items.end(), [&](const JsonValue& item) {
    return item.kind == JsonValue::Kind::kText && item.text == client_id;
  });
  return audience->kind == JsonValue::Kind::kList && named && (items.size() == 1 || party);
}

/// at_hash binds the access token to the ID token; it need not be there.
bool IsHashOf(const JsonValue& claims, JsonWebKey::Kind kind, std::string_view access_token) {
  if (Find(claims, "at_hash") == nullptr) {
    return true;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const EVP_MD* hash = kind == JsonWebKey::Kind::kEd25519 ? EVP_sha512() : EVP_sha256();
  JARING_CHECK(EVP_Digest(access_token.data(), access_token.size(), digest.data(), &size, hash,
                          nullptr) == 1);
  const std::string_view half(reinterpret_cast<const char*>(digest.data()), size / 2);
  return TextOf(claims, "at_hash") == ToBase64Url(half);
}

Result<Done> CheckTimes(const JsonValue& claims, Instant now) {
  const std::int64_t seconds = now.micros() / 1'000'000;
  const auto expires = SecondsOf(claims, "exp");
  const auto issued = SecondsOf(claims, "iat");
  const bool has_start = Find(claims, "nbf") != nullptr;
  const auto starts = SecondsOf(claims, "nbf");
  if (!expires || !issued || (has_start && !starts)) {
    return Invalid("oidc.token_claims");
  }
  const bool holds = *expires + kSkew > seconds && *issued <= seconds + kSkew &&
                     *issued + kOldest > seconds && starts.value_or(0) <= seconds + kSkew;
  return holds ? Result<Done>(Done{}) : Invalid("oidc.token_expired");
}

IdToken ReadClaims(const JsonValue& claims) {
  IdToken token;
  token.subject = TextOf(claims, "sub").value_or("");
  const JsonValue* verified = Find(claims, "email_verified");
  if (verified != nullptr && verified->kind == JsonValue::Kind::kBool && verified->integer == 1) {
    token.email = TextOf(claims, "email").value_or("");
  }
  token.context = TextOf(claims, "acr").value_or("");
  if (const JsonValue* methods = Find(claims, "amr")) {
    for (const JsonValue& item : methods->items) {
      token.methods.push_back(item.text);
    }
  }
  return token;
}

}  // namespace

Result<std::vector<JsonWebKey>> ParseJsonWebKeys(std::string_view text) {
  const auto set = ParseObject(text);
  const JsonValue* list = set ? Find(*set, "keys") : nullptr;
  if (list == nullptr || list->kind != JsonValue::Kind::kList || list->items.size() > kMaxKeys) {
    return Invalid("oidc.keys_malformed");
  }
  std::vector<JsonWebKey> keys;
  for (const JsonValue& item : list->items) {
    if (auto key = ReadKey(item)) {
      keys.push_back(std::move(*key));
    }
  }
  return keys;
}

Result<std::optional<std::string>> KeyIdOfToken(std::string_view token) {
  const auto parts = TakeApart(token);
  if (!parts) {
    return Invalid("oidc.token_malformed");
  }
  return TextOf(parts->header, "kid");
}

Result<IdToken> VerifyIdToken(std::string_view token, const std::vector<JsonWebKey>& keys,
                              const TokenExpectation& expected) {
  const auto parts = TakeApart(token);
  if (!parts) {
    return Invalid("oidc.token_malformed");
  }
  JARING_ASSIGN_OR_RETURN(const JsonWebKey* key, ChooseKey(parts->header, keys));
  if (!IsSigned(*key, parts->signed_text, parts->signature)) {
    return Invalid("oidc.token_signature");
  }
  const JsonValue& claims = parts->claims;
  IdToken read = ReadClaims(claims);
  if (TextOf(claims, "iss") != expected.issuer || !IsForUs(claims, expected.client_id) ||
      TextOf(claims, "nonce") != expected.nonce || read.subject.empty() ||
      read.subject.size() > kMaxSubject || !IsHashOf(claims, key->kind, expected.access_token)) {
    return Invalid("oidc.token_claims");
  }
  JARING_RETURN_IF_ERROR(CheckTimes(claims, expected.now));
  return read;
}

}  // namespace jaring
