#pragma once

// ID tokens of an OpenID provider: signed JSON Web Tokens (RFC 7515, 7517, 7519), verified and
// never made. Three algorithms, and the key's type says which: what the token says of itself must
// agree.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"

namespace jaring {

/// A public key of a provider; only kinds that we verify with.
struct JsonWebKey {
  enum class Kind : std::uint8_t { kRsa, kP256, kEd25519 };

  std::string key_id;  // Empty: it has none.
  Kind kind = Kind::kRsa;
  std::string first;   // RSA: modulus; P-256 and Ed25519: x.
  std::string second;  // RSA: exponent; P-256: y.
};

/// The signing keys of a JWKS; others (symmetric, for encryption, of other curves) are left out.
///
/// Limit:  64 keys; RSA from 2,048 to 8,192 bits.
/// Errors: oidc.keys_malformed.
Result<std::vector<JsonWebKey>> ParseJsonWebKeys(std::string_view text);

/// What the token must say.
struct TokenExpectation {
  std::string issuer;
  std::string client_id;
  std::string nonce;
  std::string access_token;  // For at_hash, when the token has one.
  Instant now = Instant::FromMicros(0);
};

struct IdToken {
  std::string subject;
  std::string email;                 // Empty unless the provider has verified it.
  std::vector<std::string> methods;  // amr.
  std::string context;               // acr.
};

/// The key id a token names; nothing when it names none.
///
/// Errors: oidc.token_malformed.
Result<std::optional<std::string>> KeyIdOfToken(std::string_view token);

/// Clocks may differ by a minute; what was issued more than an hour ago is refused.
///
/// Limit:  16 KiB.
/// Errors, in this order: oidc.token_malformed (also a name twice, "crit"), oidc.token_algorithm,
/// oidc.token_key_unknown, oidc.token_signature, oidc.token_claims (issuer, audience, nonce,
/// at_hash), oidc.token_expired (also not valid yet).
Result<IdToken> VerifyIdToken(std::string_view token, const std::vector<JsonWebKey>& keys,
                              const TokenExpectation& expected);

}  // namespace jaring
