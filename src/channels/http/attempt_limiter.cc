#include "channels/http/attempt_limiter.h"

#include <algorithm>
#include <cstring>

#include "registry/seal.h"

namespace jaring {

AttemptLimiter::AttemptLimiter(Limits limits, std::string secret)
    : limits_(limits), secret_(std::move(secret)) {}

std::optional<Instant> AttemptLimiter::Attempt(std::string_view key, Instant now,
                                               std::int64_t servers) {
  const std::uint64_t fingerprint = FingerprintOf(key);
  const std::lock_guard lock(mutex_);
  const auto found = by_fingerprint_.find(fingerprint);
  if (found == by_fingerprint_.end()) {
    if (entries_.size() >= limits_.max_keys) {
      by_fingerprint_.erase(entries_.back().fingerprint);
      entries_.pop_back();
    }
    entries_.push_front({fingerprint, 0, now.micros(), 0});
    by_fingerprint_[fingerprint] = entries_.begin();
  } else {
    entries_.splice(entries_.begin(), entries_, found->second);
  }
  Entry& entry = entries_.front();
  if (now.micros() < entry.open_at_micros) {
    return Instant::FromMicros(entry.open_at_micros);
  }
  if (now.micros() - entry.last_micros >= limits_.forget_after_micros * servers) {
    entry.attempts = 0;
  }
  entry.attempts += servers;
  entry.last_micros = now.micros();
  // Without a wait nothing is set: another thread's `now` may be a little earlier.
  const std::int64_t wait = WaitAfter(entry.attempts, servers);
  entry.open_at_micros = wait == 0 ? 0 : now.micros() + wait;
  return std::nullopt;
}

void AttemptLimiter::Succeed(std::string_view key) {
  const std::uint64_t fingerprint = FingerprintOf(key);
  const std::lock_guard lock(mutex_);
  const auto found = by_fingerprint_.find(fingerprint);
  if (found != by_fingerprint_.end()) {
    entries_.erase(found->second);
    by_fingerprint_.erase(found);
  }
}

std::size_t AttemptLimiter::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::int64_t AttemptLimiter::WaitAfter(std::int64_t attempts, std::int64_t servers) const {
  std::int64_t wait = attempts < limits_.free_attempts ? 0 : limits_.first_wait_micros;
  for (std::int64_t i = limits_.free_attempts; i < attempts && wait < limits_.longest_wait_micros;
       ++i) {
    wait *= 2;
  }
  return std::min(wait, limits_.longest_wait_micros) * servers;
}

std::uint64_t AttemptLimiter::FingerprintOf(std::string_view key) const {
  const std::string digest = Sha256(secret_ + std::string(key));
  std::uint64_t fingerprint = 0;
  std::memcpy(&fingerprint, digest.data(), sizeof(fingerprint));
  return fingerprint;
}

}  // namespace jaring
