#pragma once

// How much one caller may ask for in a time. Callers are users, devices and partners, never a
// network address alone: behind one may sit a whole branch.

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/permissions.h"
#include "access/principal.h"
#include "channels/http/http_types.h"

namespace jaring {

/// What a request costs is taken from one of these; each caller has all of them.
enum class Budget : std::uint8_t {
  kRead,
  kWrite,
  kPayment,    // Single payments: they share commits, so they cost little.
  kExpensive,  // Files, exports, figures over many people.
};

Budget BudgetOf(Action action, HttpMethod method);

struct RateLimit {
  std::int64_t per_minute = 0;
  std::int64_t burst = 0;  // As many at once after a quiet time; at least 1.
  // Each gives out its share, so that all together give out no more. With more servers than `burst`
  // each still lets one through.
  std::int64_t servers = 1;
};

/// What one kind of caller may do in a minute.
struct RateLimits {
  std::int64_t read = 0;
  std::int64_t write = 0;
  std::int64_t payment = 0;
  std::int64_t expensive = 0;

  /// A quarter of a minute's at once, but at least 10.
  RateLimit of(Budget budget) const;
};

/// Staff and workers type, devices stand at counters, partners send what whole banks collect.
struct CallerRates {
  RateLimits user{.read = 1'200, .write = 300, .payment = 300, .expensive = 60};
  RateLimits device{.read = 600, .write = 300, .payment = 300, .expensive = 60};
  RateLimits partner{.read = 6'000, .write = 1'200, .payment = 60'000, .expensive = 120};
  // All who have not logged in, together: there is nothing else to know them by.
  RateLimits strangers{.read = 6'000, .write = 600, .payment = 0, .expensive = 60};

  const RateLimits& of(ActorKind kind) const;
};

struct RateVerdict {
  bool allowed = true;
  std::int64_t retry_after_seconds = 0;  // When refused: at least 1.
};

/// Token buckets, kept as the moment from which a bucket is full again: one number for each.
///
/// Limit:  remembers `max_callers`; who has not asked for longest is forgotten first.
/// Thread: any number of callers; those of different names seldom wait for one another.
class RateLimiter {
 public:
  /// Not the day's time: that can be set back, or stand still.
  using Moment = std::chrono::steady_clock::time_point;

  explicit RateLimiter(std::size_t max_callers = 100'000) : max_of_shard_(max_callers / kShards) {}

  /// Takes one request from the caller's budget, unless there is none left. A refused one costs
  /// nothing. `caller` is Principal::Key.
  RateVerdict Take(std::string_view caller, Budget budget, RateLimit limit, Moment now) {
    return Ask(caller, budget, limit, now, true);
  }
  /// What Take would say, without taking.
  RateVerdict Look(std::string_view caller, Budget budget, RateLimit limit, Moment now) {
    return Ask(caller, budget, limit, now, false);
  }

  std::size_t size() const;

 private:
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kBudgets = 4;

  struct Caller {
    std::string name;
    std::array<Moment, kBudgets> full_at = {};
  };
  struct Shard {
    mutable std::mutex mutex;
    std::list<Caller> callers;  // Newest request first.
    std::unordered_map<std::string_view, std::list<Caller>::iterator> by_name;
  };

  RateVerdict Ask(std::string_view caller, Budget budget, RateLimit limit, Moment now, bool takes);
  static Caller& FindOrAdd(Shard& shard, std::string_view name, std::size_t most);

  const std::size_t max_of_shard_;
  std::array<Shard, kShards> shards_;
};

}  // namespace jaring
