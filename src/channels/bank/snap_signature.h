#pragma once

// The two signatures of SNAP, Bank Indonesia's standard of open payment interfaces.
// Source: SNAP, "Standar Teknis dan Keamanan"; what was unclear is in docs/decisions/036.

#include <memory>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/result.h"

namespace jaring {

/// The private key that asks for tokens. Thread: any.
class SnapKey {
 public:
  /// Errors: transfer.key_malformed (no RSA key of 2,048 bits or more in PEM).
  static Result<SnapKey> FromPem(std::string_view pem);

  /// Base64 of RSASSA-PKCS1-v1_5 with SHA-256.
  std::string Sign(std::string_view text) const;

 private:
  explicit SnapKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;  // OpenSSL's EVP_PKEY.
};

/// Base64 of HMAC-SHA512 of "POST:PATH:TOKEN:hash of the body:TIME". The body has no white space
/// between its parts, as JsonWriter leaves it.
std::string SignSnapCall(std::string_view secret, std::string_view path, std::string_view token,
                         std::string_view body, std::string_view time);

/// "2026-03-15T12:00:00+07:00".
std::string SnapTime(Instant now);

}  // namespace jaring
