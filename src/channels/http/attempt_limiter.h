#pragma once

// Slows guessing down without locking anybody out: after a few tries each further one must wait,
// longer each time. By person and by device; never by network address, behind which a whole branch
// or village may sit.

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/calendar.h"

namespace jaring {

/// Thread: any number of callers.
class AttemptLimiter {
 public:
  struct Limits {
    int free_attempts = 5;                                 // Before the first wait.
    std::int64_t first_wait_micros = 30'000'000;           // Doubles with each attempt.
    std::int64_t longest_wait_micros = 15LL * 60'000'000;  // A person can wait that out.
    std::int64_t forget_after_micros = 60LL * 60'000'000;  // Without attempts.
    std::size_t max_keys = 100'000;  // The one not tried for longest is forgotten first.
  };

  /// `secret` keeps strangers from choosing keys that meet in one place.
  AttemptLimiter(Limits limits, std::string secret);

  /// Counts an attempt on `key`; when it comes too soon it is not counted and the moment from which
  /// one may try again is returned. Only a fingerprint of the key is kept. Of several `servers`
  /// each counts its tries as so many, and makes one wait so much longer: all together they allow
  /// no more than one would (but the first at each).
  std::optional<Instant> Attempt(std::string_view key, Instant now, std::int64_t servers = 1);

  /// The attempt was right: the key starts anew.
  void Succeed(std::string_view key);

  std::size_t size() const;

 private:
  struct Entry {
    std::uint64_t fingerprint = 0;
    std::int64_t attempts = 0;
    std::int64_t last_micros = 0;
    std::int64_t open_at_micros = 0;
  };

  std::uint64_t FingerprintOf(std::string_view key) const;
  std::int64_t WaitAfter(std::int64_t attempts, std::int64_t servers) const;

  const Limits limits_;
  const std::string secret_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // Newest attempt first.
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_fingerprint_;
};

}  // namespace jaring
