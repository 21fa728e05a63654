#include "channels/http/rate_limiter.h"

#include <algorithm>

#include "base/check.h"

namespace jaring {
Budget BudgetOf(Action action, HttpMethod method) {
  const bool looks = method == HttpMethod::kGet || method == HttpMethod::kHead;
  switch (action) {
    case Action::kPostPayment:
      return looks ? Budget::kRead : Budget::kPayment;
    case Action::kUseJobs:
      return looks ? Budget::kRead : Budget::kExpensive;  // A file.
    case Action::kExportPerson:
    case Action::kReadDuplicates:
    case Action::kReadInsight:
    case Action::kReadJournals:
      return Budget::kExpensive;
    default:
      return looks ? Budget::kRead : Budget::kWrite;
  }
}

RateLimit RateLimits::of(Budget budget) const {
  const auto with_burst = [](std::int64_t per_minute) {
    return RateLimit{per_minute, std::max<std::int64_t>(per_minute / 4, 10)};
  };
  switch (budget) {
    case Budget::kRead:
      return with_burst(read);
    case Budget::kWrite:
      return with_burst(write);
    case Budget::kPayment:
      return with_burst(payment);
    case Budget::kExpensive:
      return with_burst(expensive);
  }
  JARING_CHECK(false);
}

const RateLimits& CallerRates::of(ActorKind kind) const {
  switch (kind) {
    case ActorKind::kAnonymous:
      return strangers;
    case ActorKind::kPartnerClient:
      return partner;
    case ActorKind::kDevice:
      return device;
    default:
      return user;
  }
}

RateLimiter::Caller& RateLimiter::FindOrAdd(Shard& shard, std::string_view name, std::size_t most) {
  const auto found = shard.by_name.find(name);
  if (found != shard.by_name.end()) {
    shard.callers.splice(shard.callers.begin(), shard.callers, found->second);
    return shard.callers.front();
  }
  if (shard.callers.size() >= std::max<std::size_t>(most, 1)) {
    shard.by_name.erase(shard.callers.back().name);
    shard.callers.pop_back();
  }
  shard.callers.push_front({std::string(name), {}});
  // The key is a view into the entry, which stays where it is.
  shard.by_name[shard.callers.front().name] = shard.callers.begin();
  return shard.callers.front();
}

RateVerdict RateLimiter::Ask(std::string_view caller, Budget budget, RateLimit limit, Moment now,
                             bool takes) {
  using std::chrono::seconds;
  JARING_CHECK(limit.per_minute > 0 && limit.burst > 0 && limit.servers > 0);
  const Moment::duration one =
      Moment::duration(std::chrono::minutes(1)) * limit.servers / limit.per_minute;
  const std::int64_t burst = std::max<std::int64_t>(limit.burst / limit.servers, 1);

  Shard& shard = shards_[std::hash<std::string_view>()(caller) % kShards];
  const std::lock_guard lock(shard.mutex);
  Moment& full_at =
      FindOrAdd(shard, caller, max_of_shard_).full_at[static_cast<std::size_t>(budget)];
  const Moment full_then = std::max(full_at, now) + one;  // Were this one let in.
  const Moment::duration too_early = full_then - now - one * burst;
  if (too_early > Moment::duration::zero()) {
    return {false, std::chrono::ceil<seconds>(too_early).count()};
  }
  full_at = takes ? full_then : full_at;
  return {};
}

std::size_t RateLimiter::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.callers.size();
  }
  return size;
}

}  // namespace jaring
