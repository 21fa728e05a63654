#include "channels/files/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/money.h"

namespace jaring {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
// Between two looks at the clock; at a million rows a second this is a thousand looks.
constexpr std::int64_t kRowsPerLook = 256;

std::string Grouped(std::int64_t count) {
  return FormatRupiah(Money::FromRupiah(count));
}

std::string Duration(std::int64_t seconds) {
  if (seconds < 100) {
    return fmt::format("{} s", seconds);
  }
  return seconds < 6'000 ? fmt::format("{} min", (seconds + 30) / 60)
                         : fmt::format("{} h", (seconds + 1'800) / 3'600);
}

}  // namespace

std::string ProgressLine(std::string_view label, const Progress& progress) {
  constexpr std::int64_t kWidth = 20;
  const std::int64_t total = std::max<std::int64_t>(progress.total_bytes, 1);
  const std::int64_t done = std::clamp<std::int64_t>(progress.bytes, 0, total);
  const std::int64_t percent =
      static_cast<std::int64_t>(static_cast<double>(done) / static_cast<double>(total) * 100);
  const auto filled = static_cast<std::size_t>(percent * kWidth / 100);
  std::string line = fmt::format(
      "{}  {:>3} % [{}{}]  {} rows", label, percent, std::string(filled, '#'),
      std::string(static_cast<std::size_t>(kWidth) - filled, '-'), Grouped(progress.rows));
  if (progress.elapsed_micros >= kMicrosPerSecond) {
    const double seconds = static_cast<double>(progress.elapsed_micros) / kMicrosPerSecond;
    line += fmt::format(
        "  {} rows/s",
        Grouped(static_cast<std::int64_t>(static_cast<double>(progress.rows) / seconds)));
    if (done > 0) {
      const double left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
      line +=
          fmt::format("  {} left", Duration(static_cast<std::int64_t>(std::min(left + 0.5, 1e9))));
    }
  }
  return line;
}

ProgressBar::ProgressBar(std::FILE* out, bool is_terminal, std::string label,
                         std::function<Instant()> now)
    : out_(out), is_terminal_(is_terminal), label_(std::move(label)), now_(std::move(now)) {
  if (is_terminal_) {
    started_micros_ = drawn_micros_ = now_().micros();
  }
}

void ProgressBar::Update(std::int64_t bytes, std::int64_t total_bytes, std::int64_t rows) {
  if (!is_terminal_ || rows - last_rows_ < kRowsPerLook) {
    return;
  }
  last_rows_ = rows;
  const std::int64_t now = now_().micros();
  if (now - drawn_micros_ < kMicrosPerSecond / 5) {
    return;
  }
  drawn_micros_ = now;
  drawn_ = true;
  const std::string line = ProgressLine(label_, {.bytes = bytes,
                                                 .total_bytes = total_bytes,
                                                 .rows = rows,
                                                 .elapsed_micros = now - started_micros_});
  std::fprintf(out_, "\r%s\033[K", line.c_str());
  std::fflush(out_);
}

void ProgressBar::Clear() {
  if (drawn_) {
    std::fputs("\r\033[K", out_);
    std::fflush(out_);
    drawn_ = false;
  }
}

}  // namespace jaring
