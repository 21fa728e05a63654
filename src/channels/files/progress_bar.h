#pragma once

// How far a long file is, on a terminal.

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include "base/calendar.h"

namespace jaring {

struct Progress {
  std::int64_t bytes = 0;
  std::int64_t total_bytes = 0;
  std::int64_t rows = 0;
  std::int64_t elapsed_micros = 0;
};

/// "enrol  45 % [#########-----------]  120.000 rows  54.000 rows/s  12 s left".
std::string ProgressLine(std::string_view label, const Progress& progress);

/// Draws over one line of `out` at most five times a second, and removes it at the end.
///
/// Thread: one caller at a time. `out` must outlive it.
class ProgressBar {
 public:
  /// Draws nothing unless `is_terminal`; then the clock is not even looked at.
  ProgressBar(std::FILE* out, bool is_terminal, std::string label, std::function<Instant()> now);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() { Clear(); }

  /// Cheap enough for every row.
  void Update(std::int64_t bytes, std::int64_t total_bytes, std::int64_t rows);

  /// Takes the line away, before other text is printed.
  void Clear();

 private:
  std::FILE* out_;
  bool is_terminal_;
  std::string label_;
  std::function<Instant()> now_;
  std::int64_t started_micros_ = 0;
  std::int64_t drawn_micros_ = 0;
  std::int64_t last_rows_ = 0;
  bool drawn_ = false;
};

}  // namespace jaring
