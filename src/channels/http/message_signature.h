#pragma once

// HTTP message signatures (RFC 9421) with Ed25519, strict and small: one signature, every parameter
// given, texts exactly as the RFC writes them. What can be written in two ways is refused.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "channels/http/http_types.h"

namespace jaring {

/// Clocks may differ by so much.
inline constexpr std::int64_t kSignatureSkewMicros = 60'000'000;
/// A signature is valid for at most so long.
inline constexpr std::int64_t kLongestSignatureMicros = 300'000'000;

/// The two headers of a signature, parsed; nothing is verified yet.
struct MessageSignature {
  std::vector<std::string> components;  // "@method", "content-digest"…, in the order signed.
  std::string parameters;               // The value of "@signature-params".
  Instant created = Instant::FromMicros(0);
  Instant expires = Instant::FromMicros(0);
  std::string nonce;
  std::string key_id;
  std::string signature;  // 64 bytes.

  bool Covers(std::string_view component) const;
  /// When it can be accepted no more: nonces are kept until then.
  Instant forget_at() const { return Instant::FromMicros(expires.micros() + kSignatureSkewMicros); }
};

/// Nothing when the request carries none.
///
/// Limit:  1,024 bytes a header, 16 components; a nonce of 16 to 64 letters, digits, '-', '_', '+',
///         '/', '=' or '.'.
/// Errors: signature.malformed (also two signatures, one header of the two, a header twice).
Result<std::optional<MessageSignature>> ReadMessageSignature(const HttpRequest& request);

/// Method, path and query are covered, a body too by a Content-Digest that is right, and the
/// signature holds now.
///
/// Errors, in this order: signature.component_missing, signature.digest_wrong,
/// signature.lasts_too_long, signature.clock_differs (made in the future), signature.expired.
Result<Done> CheckMessageSignature(const HttpRequest& request, const MessageSignature& signature,
                                   Instant now);

/// What was signed (RFC 9421, section 2.5).
///
/// Errors: signature.component_missing (a field that is absent or comes twice, or one we cannot
/// derive).
Result<std::string> SignatureBase(const HttpRequest& request, const MessageSignature& signature);

/// `public_key` has 32 bytes.
///
/// Errors: signature.wrong.
Result<Done> VerifyEd25519(std::string_view public_key, std::string_view text,
                           std::string_view signature);

/// True when every digest of the header is one of `body` and we know it: sha-256, sha-512 (RFC
/// 9530).
bool IsDigestOf(std::string_view header, std::string_view body);

}  // namespace jaring
