#include "access/totp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"
#include "base/text.h"

namespace jaring {
namespace {

constexpr std::int64_t kStepMicros = 30'000'000;
constexpr std::size_t kDigits = 6;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const char lower = static_cast<char>(c | 0x20);
    const bool plain = IsDigit(c) || (lower >= 'a' && lower <= 'z') || c == '-' || c == '.' ||
                       c == '_' || c == '~';
    encoded += plain ? std::string(1, c) : "%" + ToUpper(ToHex({&c, 1}));
  }
  return encoded;
}

}  // namespace

std::int64_t TotpStep(Instant at) {
  return at.micros() / kStepMicros;
}

std::string TotpCode(std::string_view secret, std::int64_t step) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[7 - i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto* done = HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
                          counter.data(), counter.size(), digest.data(), &size);
  JARING_CHECK(done != nullptr && size == 20);
  const std::size_t at = digest[size - 1] & 0x0FU;
  const std::uint32_t number = (digest[at] & 0x7FU) << 24U |
                               static_cast<unsigned>(digest[at + 1]) << 16U |
                               static_cast<unsigned>(digest[at + 2]) << 8U | digest[at + 3];
  return std::to_string(1'000'000 + number % 1'000'000).substr(1);
}

std::optional<std::int64_t> MatchTotp(std::string_view secret, std::string_view code,
                                      std::int64_t last_step, Instant now) {
  std::optional<std::int64_t> match;
  const std::int64_t current = TotpStep(now);
  for (std::int64_t step = current - 1; step <= current + 1; ++step) {
    const std::string expected = TotpCode(secret, step);
    const bool same =
        code.size() == kDigits && CRYPTO_memcmp(expected.data(), code.data(), kDigits) == 0;
    if (same && step > last_step && !match) {
      match = step;
    }
  }
  return match;
}

std::string Base32(std::string_view bytes) {
  std::string text;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8U | static_cast<unsigned char>(c)) & 0xFFFFU;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += kAlphabet[held >> bits & 31U];
    }
  }
  if (bits > 0) {
    text += kAlphabet[held << (5 - bits) & 31U];
  }
  return text;
}

std::optional<std::string> FromBase32(std::string_view text) {
  std::string bytes;
  unsigned held = 0;
  unsigned bits = 0;
  for (const char c : ToUpper(text)) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) {
      return std::nullopt;
    }
    held = (held << 5U | static_cast<unsigned>(value)) & 0xFFFFU;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 0xFFU);
    }
  }
  return bytes;
}

std::string OtpauthUri(std::string_view issuer, std::string_view account, std::string_view secret) {
  const std::string from = PercentEncoded(issuer);
  return "otpauth://totp/" + from + ":" + PercentEncoded(account) + "?secret=" + Base32(secret) +
         "&issuer=" + from + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace jaring
