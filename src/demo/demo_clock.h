#pragma once

// The hours of a demo day, Asia/Jakarta.

#include "base/calendar.h"

namespace jaring {

inline constexpr int kDemoOpens = 7 * 3600;    // Lists are taken in.
inline constexpr int kDemoCloses = 21 * 3600;  // The day's payments are posted.

/// Seconds after midnight of a day.
inline Instant DemoInstant(Date day, int seconds) {
  return Instant::FromMicros(Instant::StartOfDay(day).micros() + std::int64_t{seconds} * 1'000'000);
}

}  // namespace jaring
