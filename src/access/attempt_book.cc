#include "access/attempt_book.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "access/login_sql.h"
#include "base/check.h"

namespace jaring {
namespace {

constexpr std::int64_t kForgetBrowsersAfterMicros = 366LL * 86'400'000'000;  // As the cookie.
constexpr std::int64_t kForgetRowsAfterMicros = 24LL * 3'600'000'000;

std::int64_t WaitAfter(const AttemptLimits& limits, std::int64_t attempts) {
  std::int64_t wait = attempts < limits.free_attempts ? 0 : limits.first_wait_micros;
  for (std::int64_t i = limits.free_attempts; i < attempts && wait < limits.longest_wait_micros;
       ++i) {
    wait *= 2;
  }
  return std::min(wait, limits.longest_wait_micros);
}

struct Attempts {
  std::int64_t count = 0;
  std::int64_t last_at = 0;
  std::int64_t open_at = 0;
};

Result<Attempts> FindAttempts(Tx& tx, std::string_view key) {
  Attempts attempts;
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindAttempts, {Bytes{key}}, [&](const Row& row) {
    attempts = {row.Int(0), row.Int(1), row.Int(2)};
  }));
  return attempts;
}

Result<Done> Keep(Tx& tx, std::string_view key, const Attempts& attempts) {
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kSetAttempts, {Bytes{key}, attempts.count, attempts.last_at, attempts.open_at}));
  return Done{};
}

}  // namespace

std::string KeyedHash(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto* done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  JARING_CHECK(done != nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string AttemptKeys::Of(std::string_view kind, std::string_view what,
                            std::string_view browser) const {
  std::string text(kind);
  text.append("\n").append(what).append("\n").append(browser);
  return KeyedHash(key_, text);
}

Result<std::optional<Instant>> CountAttempt(Tx& tx, std::string_view key,
                                            const AttemptLimits& limits, Instant now) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kForgetOldAttempts, {now.micros() - kForgetRowsAfterMicros}));
  JARING_ASSIGN_OR_RETURN(Attempts attempts, FindAttempts(tx, key));
  if (now.micros() < attempts.open_at) {
    return std::optional(Instant::FromMicros(attempts.open_at));
  }
  if (now.micros() - attempts.last_at >= limits.forget_after_micros) {
    attempts.count = 0;
  }
  ++attempts.count;
  attempts.last_at = now.micros();
  // Without a wait nothing is set: another thread's `now`, or another server's, may be earlier.
  const std::int64_t wait = WaitAfter(limits, attempts.count);
  attempts.open_at = wait == 0 ? 0 : now.micros() + wait;
  JARING_RETURN_IF_ERROR(Keep(tx, key, attempts));
  return std::optional<Instant>();
}

Result<Done> UncountAttempt(Tx& tx, std::string_view key) {
  JARING_ASSIGN_OR_RETURN(Attempts attempts, FindAttempts(tx, key));
  if (attempts.count == 0) {
    return Done{};
  }
  --attempts.count;
  attempts.open_at = 0;
  return Keep(tx, key, attempts);
}

Result<Done> ForgetAttempts(Tx& tx, std::string_view key) {
  JARING_RETURN_IF_ERROR(tx.Run(sql::kForgetAttempts, {Bytes{key}}));
  return Done{};
}

Result<bool> IsKnownBrowser(Tx& tx, std::string_view browser, ActorKind kind,
                            std::int64_t actor_id) {
  if (browser.empty()) {
    return false;
  }
  bool known = false;
  const std::string hash = Sha256(browser);
  JARING_RETURN_IF_ERROR(tx.Query(sql::kFindKnownBrowser,
                                  {Bytes{hash}, static_cast<std::int64_t>(kind), actor_id},
                                  [&](const Row&) { known = true; }));
  return known;
}

Result<Done> NoteKnownBrowser(Tx& tx, std::string_view browser, ActorKind kind,
                              std::int64_t actor_id, Instant now) {
  if (browser.empty()) {
    return Done{};
  }
  const std::string hash = Sha256(browser);
  JARING_RETURN_IF_ERROR(tx.Run(
      sql::kForgetOldBrowsers,
      {static_cast<std::int64_t>(kind), actor_id, now.micros() - kForgetBrowsersAfterMicros}));
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kInsertKnownBrowser,
             {Bytes{hash}, static_cast<std::int64_t>(kind), actor_id, now.micros()}));
  return Done{};
}

Result<Done> ForgetKnownBrowsers(Tx& tx, ActorKind kind, std::int64_t actor_id) {
  JARING_RETURN_IF_ERROR(
      tx.Run(sql::kForgetKnownBrowsers, {static_cast<std::int64_t>(kind), actor_id}));
  return Done{};
}

}  // namespace jaring
