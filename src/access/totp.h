#pragma once

// One-time codes from an authenticator app.
//
// Source: RFC 6238 (TOTP) over RFC 4226 (HOTP): HMAC-SHA-1, steps of 30 seconds, 6 digits; RFC 4648
// base32.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"

namespace jaring {

inline constexpr std::size_t kTotpSecretBytes = 20;

/// The number of the time step `at` lies in.
std::int64_t TotpStep(Instant at);

/// The six digits of a step.
std::string TotpCode(std::string_view secret, std::int64_t step);

/// The step `code` belongs to: the one of `now`, the one before or the one after, and later than
/// `last_step`. Takes as long for a wrong code as for a right one.
std::optional<std::int64_t> MatchTotp(std::string_view secret, std::string_view code,
                                      std::int64_t last_step, Instant now);

/// Base32 without padding, as apps take it.
std::string Base32(std::string_view bytes);
std::optional<std::string> FromBase32(std::string_view text);

/// "otpauth://totp/…": what the QR code holds.
std::string OtpauthUri(std::string_view issuer, std::string_view account, std::string_view secret);

}  // namespace jaring
